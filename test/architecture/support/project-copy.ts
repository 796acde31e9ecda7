import { spawnSync } from 'child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Project } from 'projen';
import { ROOT } from './sources';
import { ContractFiles } from '../../../projenrc/contract-files';

/** What the contract's data is written to, and what reads it. */
const COPIED = ['contract', 'src', 'runtime', 'docs', 'package.json', 'tsconfig.json', 'tsconfig.jsii.json'];

/** The files of an entry of the contract: those its author writes, and those that are written for him. */
export interface FilesOfEntry {
  readonly byHand: string[];
  readonly generated: string[];
}

/** The project in a temporary folder, where entries can be added to its contract. */
export class ProjectCopy {
  public readonly folder = mkdtempSync(join(tmpdir(), 'plumbline-extension-'));

  constructor() {
    for (const path of COPIED) cpSync(join(ROOT, path), join(this.folder, path), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'));
    // What projen writes names the file that configures the project, which here is another one.
    this.generate();
  }

  /** Makes a change by hand, lets projen write what follows from it, and tells which files each of them took. */
  public add(change: (copy: ProjectCopy) => void): FilesOfEntry {
    const before = this.texts();
    change(this);
    const changed = this.texts();
    this.generate();
    return { byHand: differences(before, changed), generated: differences(changed, this.texts()) };
  }

  public edit(file: string, change: (json: any) => void): void {
    const json = JSON.parse(this.read(file));
    change(json);
    this.write(file, JSON.stringify(json, null, 2));
  }

  public read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  public write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  /** What a program of the project's own packages prints. */
  public run(program: string, ...args: string[]): string {
    const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules', '.bin', program), args, { cwd: this.folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`);
    return stdout;
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private generate(): void {
    const project = new Project({ name: 'copy', outdir: this.folder });
    new ContractFiles(project);
    // Not synth(), which also removes whatever projen has written for another project: the one that was copied.
    for (const component of project.components) component.synthesize();
  }

  private texts(): Map<string, string> {
    const files = COPIED.filter(path => !path.includes('.')).flatMap(folder =>
      readdirSync(join(this.folder, folder), { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name).slice(this.folder.length + 1)));
    return new Map(files.map(file => [file, this.read(file)]));
  }
}

function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...after].filter(([file, text]) => before.get(file) !== text).map(([file]) => file).sort();
}
