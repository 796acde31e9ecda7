import { execFileSync } from 'child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import * as ts from 'typescript';

const ROOT = join(__dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/unit-tests.md'), 'utf8');
const BLOCK = /^(?:<!-- file: (\S+) -->\n)?```(\w+)\n([^]*?)^```$/gm;
const PUBLISHED = ['package.json', 'runtime/package.json', 'assets/runtime'];

/** What a user of these tools sets, beside what the page says. */
const COMPILER: ts.CompilerOptions = {
  strict: true,
  noUnusedLocals: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  esModuleInterop: true,
  skipLibCheck: true,
  types: ['node'],
};

let project: string;

/** A project with the page's files, the library as it is published and the packages of this repository. */
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'plumbline-page-'));
  const packages = join(project, 'node_modules');
  mkdirSync(packages);
  for (const name of readdirSync(join(ROOT, 'node_modules'))) symlinkSync(join(ROOT, 'node_modules', name), join(packages, name));
  for (const path of PUBLISHED) cpSync(join(ROOT, path), join(packages, 'cdk-plumbline', path), { recursive: true });
  writeFileSync(join(project, 'package.json'), '{}');
  for (const [, file, , code] of PAGE.matchAll(BLOCK)) if (file) writeFileSync(join(project, file), code);
});
afterAll(() => rmSync(project, { recursive: true }));

const files = () => readdirSync(project).filter(name => name.endsWith('.ts'));

function run(command: string, ...args: string[]): string {
  const { NODE_OPTIONS: _options, JEST_WORKER_ID: _worker, NODE_ENV: _environment, ...env } = process.env;
  try {
    return execFileSync(command, args, { cwd: project, env, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}\n${stderr}`);
  }
}

/** Jest and vitest report in the same words. */
function passed(): object {
  const { numPassedTests, numTotalTests } = JSON.parse(readFileSync(join(project, 'result.json'), 'utf8')) as Record<string, number>;
  return { numPassedTests, numTotalTests };
}

const tool = (name: string): string => join(ROOT, 'node_modules', name);

test('every block of TypeScript on the page is a file of the project', () => {
  const blocks = [...PAGE.matchAll(BLOCK)].filter(([, , language]) => language === 'ts');
  expect(blocks.map(([, file]) => file).sort()).toEqual(files().sort());
  expect(blocks.length).toBeGreaterThan(5);
});

test('all of them compile', () => {
  const program = ts.createProgram(files().map(file => join(project, file)), { ...COMPILER, noEmit: true });
  expect(ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
});

describe('the tests on the page pass', () => {
  beforeAll(() => {
    for (const file of files()) {
      const { outputText } = ts.transpileModule(readFileSync(join(project, file), 'utf8'), { compilerOptions: COMPILER });
      writeFileSync(join(project, file.replace(/\.ts$/, '.js')), outputText);
    }
  });

  test('with node:test', () => {
    expect(run(process.execPath, '--test', 'handler.node.test.js')).toMatch(/pass 2\n\S fail 0/);
  });

  test('with jest', () => {
    const places = ['--rootDir', project, '--testMatch', '**/*.jest.test.js'];
    run(process.execPath, tool('jest/bin/jest.js'), '--ci', '--no-cache', ...places, '--json', '--outputFile', 'result.json');
    expect(passed()).toEqual({ numPassedTests: 2, numTotalTests: 2 });
  });

  test('with vitest', () => {
    run(process.execPath, tool('vitest/vitest.mjs'), 'run', '--reporter=json', '--outputFile=result.json', 'handler.vitest.test.ts');
    expect(passed()).toEqual({ numPassedTests: 2, numTotalTests: 2 });
  });
});
