import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { run } from '../../../cli/program';

/** What a command has said, and its exit code. */
export interface Ran { readonly code: number; readonly out: string; readonly told: string }

/** A folder in which commands are run, gone after the test. */
export class Workplace {
  public readonly path = mkdtempSync(join(tmpdir(), 'plumbline-cli-'));

  /** Writes a file; what is no text is written as JSON. */
  public write(file: string, content: unknown): void {
    mkdirSync(dirname(join(this.path, file)), { recursive: true });
    writeFileSync(join(this.path, file), typeof content === 'string' ? content : JSON.stringify(content, null, 1));
  }

  /** Writes bytes that may be no text. */
  public writeBytes(file: string, bytes: Uint8Array): void {
    writeFileSync(join(this.path, file), bytes);
  }

  public read(file: string): string {
    return readFileSync(join(this.path, file), 'utf8');
  }

  /** Runs a command line here. */
  public run(...args: string[]): Promise<Ran> {
    return this.runBelow('.', ...args);
  }

  /** Runs a command line in a folder of this one. */
  public async runBelow(folder: string, ...args: string[]): Promise<Ran> {
    const out: string[] = [];
    const told: string[] = [];
    const written: string[] = [];
    const code = await run(args, {
      cwd: join(this.path, folder), print: text => out.push(text), write: text => written.push(text), tell: text => told.push(text),
    });
    return { code, out: out.join('\n') + written.join(''), told: told.join('\n') };
  }

  public remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
