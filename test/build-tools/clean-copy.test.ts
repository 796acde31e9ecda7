import { execFileSync, spawnSync } from 'child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join, relative } from 'path';
import { cleanCopy } from './support/clean-copy';
import { ROOT } from '../../build-tools/testing/programs';
import { sourcesOf } from '../architecture/support/sources';

const PROBE = 'test/build-tools/support/where-the-name-leads.ts';
const SOURCES = ['src/index.ts', 'runtime/node/index.ts'];
const TSX = join('node_modules', '.bin', 'tsx');

/** Every way in which this repository starts TypeScript. */
const STARTS: readonly (readonly [string, (root: string) => readonly string[]])[] = [
  ['tsx', root => [join(root, TSX)]],
  ['node -r tsx/cjs', () => [process.execPath, '-r', 'tsx/cjs']],
  ['node --import tsx', () => [process.execPath, '--import', 'tsx']],
];
/** Where a person may type a command, besides the root. */
const FOLDERS = ['examples/manga-assist', 'bench'];

/** What runs in a folder where the compiled library is installed, because that is what is measured. */
const ON_THE_PUBLISHED_LIBRARY = ['bench/support/first-function/with-library.cjs', 'bench/support/watched-service/cdk-plumbline.cjs'];

let copy: string;
beforeAll(() => { copy = cleanCopy(mkdtempSync(join(tmpdir(), 'clean-copy-'))); });

/** What an earlier build, of another commit, may have left. */
function leaveOldBuild(): void {
  for (const file of ['lib/index.js', 'assets/runtime/node-layer/nodejs/plumbline/index.js']) {
    mkdirSync(join(copy, file, '..'), { recursive: true });
    writeFileSync(join(copy, file), 'throw new Error("compiled from another commit");');
  }
}

describe('the name of the package leads to the sources', () => {
  const [[tsx, startTsx]] = STARTS;
  const places = [
    ...STARTS.map(([name, start]) => [name, '.', start] as const),
    ...FOLDERS.map(folder => [tsx, folder, startTsx] as const),
  ];

  function leadsTo(start: (root: string) => readonly string[], folder: string): string[] {
    const [program, ...args] = start(copy);
    const printed = execFileSync(program, [...args, join(copy, PROBE)], { cwd: join(copy, folder), encoding: 'utf8' });
    return (JSON.parse(printed) as string[]).map(file => relative(copy, file));
  }

  test.each(places)('%s in %s, where nothing was built', (_name, folder, start) => {
    expect(leadsTo(start, folder)).toEqual(SOURCES);
  });

  test('in jest', () => {
    expect(['cdk-plumbline', 'cdk-plumbline/runtime'].map(name => relative(ROOT, require.resolve(name)))).toEqual(SOURCES);
  });

  test.each(STARTS)('%s, beside what was built from another commit', (_name, start) => {
    leaveOldBuild();
    expect(leadsTo(start, '.')).toEqual(SOURCES);
  });
});

describe('no program goes another way', () => {
  const { tasks } = JSON.parse(readFileSync(join(ROOT, '.projen/tasks.json'), 'utf8')) as { tasks: Record<string, unknown> };
  const examples = readdirSync(join(ROOT, 'examples'))
    .map(name => `examples/${name}/cdk.json`)
    .filter(file => existsSync(join(ROOT, file)));
  const started = new Map<string, string>([
    ...Object.entries(tasks).filter(([name]) => name !== 'default').map(([name, task]) => [`task ${name}`, JSON.stringify(task)] as const),
    ...examples.map(file => [file, readFileSync(join(ROOT, file), 'utf8')] as const),
    ...sourcesOf(['bench', 'build-tools', 'local-stage', 'integ', 'cli', 'test/support'], /\.(ts|mts|cjs|mjs|js)$/),
  ]);

  test('TypeScript runs with tsx, under the tsconfig.json that it finds by itself', () => {
    const others = /['" ](ts-node|@swc-node|ts-node\/register[^'" ]*)['" ]|--tsconfig|TSX_TSCONFIG_PATH/;
    expect([...started].filter(([, text]) => others.test(text)).map(([name]) => name)).toEqual([]);
  });

  test('plain JavaScript, which has no paths, does not name the package', () => {
    const scripts = sourcesOf(['bench', 'build-tools', 'local-stage', 'integ', 'examples', 'cli', 'test'], /\.(cjs|mjs|js)$/);
    // The code of a function or an image finds the runtime where it is deployed.
    const others = [...scripts].filter(([name]) => !ON_THE_PUBLISHED_LIBRARY.includes(name) && !/^examples\/[\w-]+\/code\//.test(name));
    expect(
      others.filter(([, text]) => /from ['"]cdk-plumbline|(require|import)\(['"]cdk-plumbline/.test(text)).map(([name]) => name),
    ).toEqual([]);
  });
});

describe('a command of the README does not depend on what another one built', () => {
  let clean: string;
  beforeAll(() => { clean = cleanCopy(mkdtempSync(join(tmpdir(), 'clean-copy-'))); });

  /** As `npm ci` has left it; neither lib/ nor assets/ is there. The last one builds. */
  test.each([
    ['npm run demo', '.', 'npm run demo -- --help', /npm run demo -- \[options\]/],
    ['npm test', '.', 'npm test -- --list', /^generated /m],
    ['the example', 'examples/manga-assist', 'npx cdk synth --quiet --no-notices', /Bundling asset/],
  ])('%s starts where nothing was built', (_name, folder, command, says) => {
    expect(['lib', 'assets'].filter(built => existsSync(join(clean, built)))).toEqual([]);
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: join(clean, folder), encoding: 'utf8', env: process.env });
    expect({ status, output: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, output: '' });
    expect(stdout + stderr).toMatch(says);
    expect(existsSync(join(clean, 'lib'))).toBe(false);
  });
});
