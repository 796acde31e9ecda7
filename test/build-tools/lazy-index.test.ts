import { spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { makeIndexesLazy } from '../../build-tools/lazy-index';

const PACKAGE = 'node_modules/library';

/** What the compiler makes of `export * from` each target. */
const reExporting = (...targets: string[]): string => transpileModule(
  targets.map(target => `export * from '${target}';`).join('\n'),
  { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } },
).outputText;

const exporting = (name: string): string =>
  `console.error("loaded ${name}");\nObject.defineProperty(exports, "__esModule", { value: true });\nexports.${name} = class ${name} {};\n`;

const LIBRARY = {
  'package.json': '{ "name": "library", "main": "lib/index.js" }',
  'lib/index.js': reExporting('./area', './other'),
  'lib/area/index.js': reExporting('./inner', './thing'),
  'lib/area/thing.js': exporting('Thing'),
  'lib/area/inner/index.js': reExporting('./deep'),
  'lib/area/inner/deep.js': exporting('Deep'),
  'lib/other.js': exporting('Other'),
};

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lazy-index-'));
  // Naming the modules loads them, and the fabricated ones say so.
  jest.spyOn(console, 'error').mockImplementation(() => {});
  write(LIBRARY);
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

test('nothing is loaded before a name is read', () => {
  lazy();
  expect(run('require("library")')).toEqual({ stdout: '', loaded: [] });
});

test('reading a name through nested indexes loads its module alone', () => {
  lazy();
  expect(run('console.log(require("library").Deep.name)')).toEqual({ stdout: 'Deep', loaded: ['Deep'] });
});

test('all names are there, each once', () => {
  lazy();
  expect(run('console.log(Object.keys(require("library")).join())').stdout).toBe('Deep,Other,Thing');
});

test('a name is the same thing whenever it is read', () => {
  lazy();
  expect(run('const l = require("library"); console.log(l.Thing === l.Thing, l.Thing === require("library/lib/area/thing").Thing)').stdout)
    .toBe('true true');
});

test('ES modules import the names', () => {
  lazy();
  expect(run('import { Deep, Thing } from "library"; console.log(Deep.name, Thing.name);', 'module').stdout).toBe('Deep Thing');
});

test('ES modules cannot import a name that is not there', () => {
  lazy();
  expect(() => run('import { Missing } from "library";', 'module')).toThrow(/Named export 'Missing' not found/);
});

test('TypeScript code that re-exports the library stays lazy', () => {
  lazy();
  write({ 'own.js': reExporting('library') });
  expect(run('require("library/own.js")').loaded).toEqual([]);
});

test('a second run changes nothing', () => {
  lazy();
  const before = read('lib/index.js');
  lazy();
  expect(read('lib/index.js')).toBe(before);
});

test('an index that does more is refused by name', () => {
  write({ 'lib/area/index.js': `${reExporting('./thing')}\nexports.now = require("fs").statSync;` });
  expect(lazy).toThrow(/area\/index\.js does more than/);
});

function lazy(): void {
  makeIndexesLazy(join(directory, PACKAGE, 'lib'));
}

function read(path: string): string {
  return readFileSync(join(directory, PACKAGE, path), 'utf8');
}

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(directory, PACKAGE, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** Runs code in a Node process of its own, beside the installed library. */
function run(code: string, type: 'commonjs' | 'module' = 'commonjs'): { stdout: string; loaded: string[] } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [`--input-type=${type}`, '-e', code], {
    cwd: directory,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return { stdout: stdout.trim(), loaded: [...stderr.matchAll(/^loaded (\w+)$/gm)].map(([, name]) => name) };
}
