import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { run } from '../../../cli/program';

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
  public async run(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly told: string }> {
    const out: string[] = [];
    const told: string[] = [];
    const written: string[] = [];
    const code = await run(args, {
      cwd: this.path, print: text => out.push(text), write: text => written.push(text), tell: text => told.push(text),
    });
    return { code, out: out.join('\n') + written.join(''), told: told.join('\n') };
  }

  public remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
