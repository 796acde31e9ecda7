import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

const ROOT = join(__dirname, '..', '..');
const FILES = readdirSync(join(ROOT, 'contract', 'vectors')).map(file => file.replace(/\.json$/, ''));

interface Runtime {
  readonly tests: readonly string[];
  readonly extension: string;
  /** How a test takes the cases of a file. */
  readonly takes: (file: string) => RegExp;
}

const RUNTIMES: Readonly<Record<string, Runtime>> = {
  // The ground floor is in the Node runtime as it is.
  Node: { tests: ['test/runtime', 'test/contract'], extension: '.ts', takes: file => new RegExp(`contract/vectors/${file}\\.json['"]`) },
  Python: { tests: ['test/runtime-python'], extension: '.py', takes: file => new RegExp(`\\b(vectors|cases_of)\\("${file}"\\)`) },
};

/** What would leave a case aside, in either language. */
const LEAVES_ASIDE = new RegExp([
  /\beach\((\w+\.)?cases\.(filter|slice)\b/,
  /\["cases"\](\[| if\b)/,
  /\b(test|describe|it)\.(skip|only|todo|failing)\b/,
  /\bmark\.(skip|skipif|xfail)\b|\bpytest\.(skip|xfail)\b/,
].map(({ source }) => source).join('|'));

function textsOf({ tests, extension }: Runtime): string[] {
  return tests.flatMap(folder => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith(extension))
    .map(file => readFileSync(join(ROOT, folder, file), 'utf8')));
}

describe.each(Object.entries(RUNTIMES))('the tests of the %s runtime replay', (_language, runtime) => {
  const texts = textsOf(runtime);

  test.each(FILES)('every case of %s', file => {
    const replaying = texts.filter(text => runtime.takes(file).test(text));
    expect(replaying).not.toHaveLength(0);
    expect(replaying.filter(text => LEAVES_ASIDE.test(text))).toEqual([]);
  });
});

test.each([
  'test.each(failureKinds.cases.filter(({ kind }) => kind))',
  'test.skip.each(failureKinds.cases)',
  'vectors("failure-kinds")["cases"][1:]',
  'for case in vectors(file)["cases"] if case["kind"]',
  '@pytest.mark.skip',
  'pytest.skip("later")',
])('%s would leave a case aside', text => {
  expect(LEAVES_ASIDE.test(text)).toBe(true);
});
