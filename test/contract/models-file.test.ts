import { compile, JsonObject, load } from './support/contract-files';
import { mutations } from './support/mutations';
import { JsonText } from '../../src/contract/json-text';
import { ModelsFile } from '../../src/contract/models-file';

const WHOLE = {
  version: 1,
  regions: {
    'us-east-1': {
      account: '123456789012',
      syncedOn: '2026-11-28',
      models: {
        'amazon.nova-lite-v1:0': { status: 'LEGACY', legacy: '2026-11-01', extendedAccess: '2027-01-01', endOfLife: '2027-05-01' },
      },
      profiles: { 'us.amazon.nova-lite-v1:0': ['us-east-1', 'us-west-2'] },
    },
  },
};

const isRead = (text: string): boolean => {
  try {
    ModelsFile.parse(text, 'plumbline.models.json');
    return true;
  } catch {
    return false;
  }
};

test('what is read is what the schema of the file allows', () => {
  const validate = compile(load('models-file.schema.json'));
  const documents = [WHOLE, ...[...mutations(WHOLE as unknown as JsonObject)].map(({ document }) => document)];
  const differing = documents.filter(document => isRead(JSON.stringify(document)) !== validate(document));
  expect(documents.length).toBeGreaterThan(90);
  expect(differing).toEqual([]);
  expect(isRead(JSON.stringify(WHOLE))).toBe(true);
});

test('a text that was read is written as it was, whatever its line ends', () => {
  const text = ModelsFile.parse(JSON.stringify(WHOLE), '').toText();
  expect(ModelsFile.parse(`\uFEFF${text.replaceAll('\n', '\r\n')}`, '').toText()).toBe(text);
});

describe('JSON with its lines', () => {
  const TEXT = JSON.stringify({ a: [1, -2.5e3, 'x\n"\u0041\\', null, true, false, {}], b: { c: [] } }, null, 1);

  test('is read as JSON.parse reads it', () => {
    expect(JsonText.read(TEXT)).toMatchObject({ value: JSON.parse(TEXT) });
  });

  test('is a fault where JSON.parse finds one: whatever is cut off, or put in', () => {
    const texts = [...TEXT].flatMap((_letter, at) => [
      TEXT.slice(0, at), ...['}', ',', '"', 'x', '0', '\t'].map(put => TEXT.slice(0, at) + put + TEXT.slice(at)),
    ]);
    const differing = texts.filter(text => JsonText.read(text) instanceof JsonText !== isJson(text));
    expect(differing).toEqual([]);
  });

  test.each([
    ['a key that is there twice', '{\n "a": 1,\n "a": 2\n}', { line: 3, problem: 'the key "a" is there twice' }],
    ['a conflict of a merge', '{\n "a": 1,\n=======\n "b": 2\n}', { line: 3, problem: 'a merge left its conflict there' }],
    ['an end too early', '{\n "a": [1,\n', { line: 3, problem: 'the file ends where a value should stand' }],
    ['more than one value', '{}\n{}', { line: 2, problem: '{ stands where the end of the file should' }],
    ['a depth that nobody writes', '['.repeat(200), { line: 1, problem: 'it is nested too deep' }],
  ])('%s is a fault of its line', (_what, text, fault) => {
    expect(JsonText.read(text)).toEqual(fault);
  });

  test('tells the line of a value by its path, and that of the value around it where there is none', () => {
    const read = JsonText.read('{\n "a": [\n  1,\n  2\n ]\n}') as JsonText;
    expect([[], ['a'], ['a', 1], ['a', 7], ['b']].map(path => read.lineOf(path))).toEqual([1, 2, 4, 2, 1]);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
