import { ADDITIONS, APP, FUNCTION, toldFiles } from './support/added-entries';
import { FilesOfEntry, ProjectCopy } from './support/project-copy';
import { compile, errorsOf } from '../contract/support/contract-files';

/* The standard is data: what is new in it is written once, and everything else follows. */
const copy = new ProjectCopy();
const files = new Map(Object.entries(ADDITIONS).map(([entry, change]) => [entry, copy.add(change)]));
afterAll(() => copy.remove());

test.each<[string, FilesOfEntry]>([
  ['a metric', {
    byHand: ['contract/metric-catalog.json'],
    generated: [
      'docs/metrics.md', 'runtime/python/plumbline/telemetry/metrics.py', 'src/contract/data.ts', 'src/observability/catalog-metric.ts',
    ],
  }],
  ['an error code', {
    byHand: ['contract/error-codes.json'],
    generated: ['contract/envelope.schema.json', 'runtime/python/plumbline/envelope/error_mapping.py', 'src/contract/data.ts'],
  }],
  ['a nag rule that forbids a managed policy', {
    byHand: ['contract/checks.json'],
    generated: ['docs/checks.md', 'src/contract/data.ts'],
  }],
  ['a nag rule with a check of its own', {
    byHand: ['contract/checks.json', 'src/governance/pack/rules/TopicHasNoName.ts'],
    generated: ['docs/checks.md', 'src/contract/data.ts', 'src/governance/pack/rules/index.ts'],
  }],
  ['a JumpStart model', {
    byHand: ['contract/sagemaker-models.json'],
    generated: ['src/contract/data.ts'],
  }],
])('of %s only the entry, and what cannot be data, is written by hand', (entry, expected) => {
  process.stdout.write(`${toldFiles(entry, files.get(entry)!)}\n`);
  expect(files.get(entry)).toEqual(expected);
});

test.each(['metric-catalog', 'error-codes', 'checks', 'sagemaker-models'])('%s.json with its new entry conforms to its schema', name => {
  const [schema, document] = [`contract/schemas/${name}.schema.json`, `contract/${name}.json`].map(file => JSON.parse(copy.read(file)));
  expect(errorsOf(compile(schema), document)).toEqual([]);
});

describe('an app', () => {
  let used: { metric: unknown; findings: string[]; models: unknown[] };

  beforeAll(() => {
    copy.write('app.ts', APP);
    [used] = printed('app.ts');
  });

  test('reads the new metric from CatalogMetric', () => {
    expect(used.metric).toEqual({ namespace: 'Library/Shelf', metricName: 'Fill' });
    expect(copy.read('docs/metrics.md')).toMatch(/^## ShelfFill$/m);
  });

  test('is found by both new rules, and the page of the rules tells of them', () => {
    const rules = ['S3NoFullAccessPolicy', 'TopicHasNoName'];
    expect(used.findings).toEqual(rules.map(rule => expect.stringContaining(rule)));
    expect(rules.filter(rule => !copy.read('docs/checks.md').includes(`## ${rule}\n`))).toEqual([]);
  });

  test('deploys the new model', () => {
    expect(used.models).toHaveLength(1);
    expect(JSON.stringify(used.models)).toContain('shelf/1b/');
  });
});

describe('a function', () => {
  beforeAll(() => copy.write('function.ts', FUNCTION));

  test('compiles with the names of the new metric, of its dimension and of the new code', () => {
    const settings = { extends: './tsconfig.json', compilerOptions: { rootDir: '.', noEmit: true }, files: ['function.ts'], include: [] };
    copy.write('tsconfig.function.json', JSON.stringify(settings));
    expect(copy.run('tsc', '-p', 'tsconfig.function.json')).toBe('');
  });

  test('emits the metric, and answers with the code in an envelope that its schema takes', () => {
    const [datum, envelope] = printed('function.ts');
    expect(datum).toMatchObject({ Fill: 40, shelf: 'top' });
    expect(envelope).toMatchObject({ status: 'error', error: { code: 'SHELF_EMPTY', message: 'The shelf is empty.', retryable: false } });
    expect(errorsOf(compile(JSON.parse(copy.read('contract/envelope.schema.json'))), envelope)).toEqual([]);
  });
});

/** What a program of the copy prints: JSON by the line. */
function printed(program: string): any[] {
  return copy.run('tsx', program).trim().split('\n').map(line => JSON.parse(line));
}
