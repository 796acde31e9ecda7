import { spawnSync } from 'child_process';
import { readdirSync } from 'fs';
import { join } from 'path';
import { STEPS } from '../../build-tools/testing/all-steps';
import { ROOT } from '../../build-tools/testing/programs';
import { demoFaults } from '../../build-tools/testing/steps/demo';
import { deadLinks, packageFaults } from '../../build-tools/testing/steps/package-content';
import { countsOf } from '../../build-tools/testing/steps/unit-tests';
import { templateDifferences } from '../../build-tools/testing/templates';
import { LIBRARY_FUNCTIONS as library } from '../../src/contract/data';

describe('the table of steps', () => {
  const names = STEPS.map(step => step.name);

  test('names are unique', () => {
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(STEPS.map(step => [step.name, step]))('%s comes after steps that stand before it', (_name, step) => {
    const before = names.slice(0, names.indexOf(step.name));
    expect((step.after ?? []).filter(name => !before.includes(name))).toEqual([]);
  });
});

describe('differences of templates', () => {
  const differences = (left: unknown, right: unknown) => templateDifferences(JSON.stringify(left), JSON.stringify(right));

  test('the order of keys is none, the order of a list is one', () => {
    expect(differences({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toEqual([]);
    expect(differences({ b: [1, 2] }, { b: [2, 1] })).toEqual(['/b/0: 1 ≠ 2', '/b/1: 2 ≠ 1']);
  });

  test('hashes of assets are left aside, other names are not', () => {
    expect(differences({ S3Key: `${'a'.repeat(64)}.zip` }, { S3Key: `${'b'.repeat(64)}.zip` })).toEqual([]);
    expect(differences({ S3Key: 'a.zip' }, { S3Key: 'b.zip' })).toEqual(['/S3Key: "a.zip" ≠ "b.zip"']);
  });

  test.each([
    ['a key too many', { a: 1 }, { a: 1, b: null }, ['/b: absent ≠ null']],
    ['a key too few', { a: { b: 1 } }, { a: {} }, ['/a/b: 1 ≠ absent']],
    ['another type', { a: 1 }, { a: '1' }, ['/a: 1 ≠ "1"']],
    ['a list for an object', { a: [] }, { a: {} }, ['/a: [] ≠ {}']],
    ['null for an object', { a: null }, { a: {} }, ['/a: null ≠ {}']],
    ['a longer list', { a: [1] }, { a: [1, 2] }, ['/a/1: absent ≠ 2']],
  ])('%s', (_name, left, right, expected) => {
    expect(differences(left, right)).toEqual(expected);
  });
});

describe('report of the demo', () => {
  const incident = { name: 'an incident', outcome: { where: 'written' } };
  const sound = { ok: true, seconds: 60, requests: [{}], incidents: Array(5).fill(incident) };

  test('a sound one has no fault', () => {
    expect(demoFaults(sound)).toEqual([]);
  });

  test.each([
    ['something unexpected', { ok: false }],
    ['more time than promised', { seconds: 90.1 }],
    ['no request', { requests: [] }],
    ['an incident too few', { incidents: Array(4).fill(incident) }],
  ])('%s is one', (_name, change) => {
    expect(demoFaults({ ...sound, ...change })).toHaveLength(1);
  });
});

describe('the jest steps', () => {
  /** The arguments that each step gives to jest, as far as they choose files. */
  async function choice(name: string): Promise<string[]> {
    const chosen: string[] = [];
    const run = async (_program: string, args: readonly string[]) => {
      if (!args.includes('--ci')) return '';
      const list = [...args.slice(args.findIndex(arg => arg.startsWith('--testPath')), args.indexOf('--ci')), '--listTests', '--json'];
      const { stdout } = spawnSync(process.execPath, [join(ROOT, 'node_modules/jest/bin/jest.js'), ...list], {
        cwd: ROOT,
        encoding: 'utf8',
      });
      chosen.push(...JSON.parse(stdout) as string[]);
      return '';
    };
    const step = STEPS.find(candidate => candidate.name === name)!;
    await step.run({ temporary: '/nowhere', log: () => {}, note: () => {}, run }).catch(() => {});
    return chosen;
  }

  test('run every file of tests once', async () => {
    const steps = STEPS.map(({ name }) => name).filter(name => name.startsWith('jest'));
    const chosen = (await Promise.all(steps.map(choice))).flat();
    const all = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.test.ts'));
    expect(chosen.sort()).toEqual(all.map(file => join(ROOT, 'test', file)).sort());
  });
});

describe('jest counts', () => {
  test('a suite that could not start is a failure', () => {
    expect(countsOf({ numPassedTests: 5, numFailedTests: 1, numRuntimeErrorTestSuites: 2, numPendingTests: 0 })).toEqual({
      passed: 5,
      failed: 3,
    });
  });
});

describe('content of the package', () => {
  const LIBRARY_FUNCTIONS = Object.keys(library.functions).map(name => `assets/functions/${name}/index.js`);
  const SOUND = [
    'package.json', 'README.md', 'LICENSE', 'API.md', '.jsii', 'lib/index.js', 'lib/index.d.ts', 'lib/api/standard-rest-api.js',
    'contract/envelope.schema.json', 'contract/metric-catalog.json', 'contract/schemas/metric-catalog.schema.json',
    'assets/runtime/node-layer/nodejs/plumbline/handler.mjs', 'docs/checks.md',
    'assets/runtime/python-layer/python/plumbline_layer.py', 'assets/runtime/python-layer/python/plumbline/contract_data/version.txt',
    'assets/runtime/types/index.d.ts', 'runtime/package.json', 'runtime/README.md', 'assets/cli/plumbline.js',
    ...LIBRARY_FUNCTIONS,
  ];
  const faults = (paths: string[]) => packageFaults(paths.map(path => ({ path, size: 1 })));

  test('a sound package has no fault', () => {
    expect(faults(SOUND)).toEqual([]);
  });

  test.each([
    'package.json', '.jsii', 'lib/index.js', 'lib/index.d.ts', 'contract/envelope.schema.json',
    'assets/runtime/node-layer/nodejs/plumbline/handler.mjs', 'assets/runtime/python-layer/python/plumbline_layer.py',
    'assets/runtime/types/index.d.ts', 'runtime/package.json', 'docs/checks.md', ...LIBRARY_FUNCTIONS,
  ])('without %s it has one', missing => {
    expect(faults(SOUND.filter(path => path !== missing))).toHaveLength(1);
  });

  test.each([
    'src/index.ts',
    'lib/index.ts',
    'lib/index.js.map',
    'test/a.test.ts',
    'integ/integ.a.ts',
    'build-tools/run-tests.ts',
    '.venv-tools/x',
    '.projenrc.ts',
    'examples/manga-assist/app.ts',
    'node_modules/x/index.js',
    'assets/runtime/node-layer/handler.mjs.map',
    'assets/runtime/node-layer/handler.ts',
    'assets/runtime/source-maps/handler.mjs.map',
    'assets/x/cache.bin',
    'runtime/node/index.ts',
    'cdk.out/manifest.json',
  ])('with %s it has one', extra => {
    expect(faults([...SOUND, extra])).toEqual([`not for users: ${extra}`]);
  });

  test('links lead to files and headings of the package, and others are named', () => {
    const pages: Record<string, string> = {
      'README.md': '[a](docs/checks.md) [b](docs/checks.md#the-rules-of-it) [c](examples/x) [d](https://x) [e](docs/checks.md#no)',
      'docs/checks.md': '# The rules, of it\n[a](../README.md) [b](#no)\n```\n[c](in/code)\n```\n',
    };
    expect(deadLinks(Object.keys(pages).map(path => ({ path, size: 1 })), path => pages[path])).toEqual([
      'dead link: README.md → examples/x', 'no heading: README.md → docs/checks.md#no', 'no heading: docs/checks.md → #no',
    ]);
  });

  test('an empty file is one', () => {
    expect(packageFaults([...SOUND.slice(1).map(path => ({ path, size: 1 })), { path: 'package.json', size: 0 }])).toEqual([
      'empty: package.json',
    ]);
  });
});
