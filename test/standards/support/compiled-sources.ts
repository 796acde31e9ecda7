import { execFileSync } from 'child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { basename, dirname, join, relative } from 'path';
import { buildSync } from 'esbuild';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { name, peerDependencies } from '../../../package.json';

const ROOT = join(__dirname, '..', '..', '..');
const SOURCES = join(ROOT, 'src');
const COMPILER_OPTIONS = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 };

/** Today's sources as the package holds them, compiled without a look at their types, and installed beside the library's peers. */
export class CompiledSources {
  private readonly directory = mkdtempSync(join(tmpdir(), 'plumbline-compiled-'));

  constructor() {
    const modules = join(this.directory, 'node_modules');
    const library = join(modules, name);
    compile(join(library, 'lib'));
    cpSync(join(ROOT, 'package.json'), join(library, 'package.json'));
    symlinkSync(join(ROOT, 'assets'), join(library, 'assets'), 'dir');
    for (const peer of Object.keys(peerDependencies)) symlinkSync(join(ROOT, 'node_modules', peer), join(modules, peer), 'dir');
    execFileSync(join(ROOT, 'node_modules', '.bin', 'tsx'), [join(ROOT, 'build-tools', 'lazy-index.ts'), join(library, 'lib')]);
  }

  /** What a program prints that runs in a process of its own and requires the library by its name. */
  public run(program: string): string {
    return execFileSync(process.execPath, ['-e', program], { cwd: this.directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  }

  public remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** By the compiler what is rewritten afterwards, since its words are looked for; all else in a tenth of its time. */
function compile(directory: string): void {
  const sources = readdirSync(SOURCES, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
    .map(entry => join(entry.parentPath, entry.name));
  const isIndex = (source: string): boolean => basename(source) === 'index.ts';
  buildSync({
    entryPoints: sources.filter(source => !isIndex(source)), outbase: SOURCES, outdir: directory, format: 'cjs', platform: 'node',
  });
  for (const source of sources.filter(isIndex)) {
    const target = join(directory, relative(SOURCES, source).replace(/ts$/, 'js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, transpileModule(readFileSync(source, 'utf8'), { compilerOptions: COMPILER_OPTIONS }).outputText);
  }
}
