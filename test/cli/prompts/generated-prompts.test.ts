import { execFileSync } from 'child_process';
import { createHash } from 'crypto';
import { join } from 'path';
import * as fc from 'fast-check';
import { runtimePython } from '../../../build-tools/runtime-python';
import { hashesOf } from '../../../cli/prompts/prompt';
import { parsePrompt } from '../../../cli/prompts/prompt-file';
import { JsonValue } from '../../../src/contract/prompts/canonical-json';
import { compiledText, filledMessages, sentText, templateText } from '../../../src/contract/prompts/hashed-text';
import { messagesOf, normalisedText, PromptVariable } from '../../../src/contract/prompts/prompt-content';

const PROMPTS = 5000;
/** Whole texts of 100 kB are few: they take longest, and one is like another. */
const LARGE = 5;

interface Given {
  readonly template: string;
  readonly content: Readonly<Record<string, JsonValue>> & { readonly model: string };
  readonly variables: Readonly<Record<string, PromptVariable>>;
}

const NAMES = ['a', 'B2', '_x', 'name', 'constructor', '__proto__x'];
const texts = fc.string({ unit: 'grapheme', maxLength: 30 }).filter(text => !text.includes('{{'));
const piece = fc.oneof(
  texts,
  fc.constantFrom(...NAMES).map(name => `{{${name}}}`),
  fc.constantFrom('\n', '\r\n', '\r', '\u2028', '\u0085', '\ufeff', 'é', 'e\u0301'),
  fc.constantFrom('{ "a": {"b": {}}}', '{{{{', '}}', '}}}}', '$&', '\\1', '<&>', '\0'),
  fc.constantFrom('\n<!-- user -->\n', '\r\n<!-- assistant -->\r\n', '\n<!-- system --> \n', ' <!-- user -->\n'),
);
const template = fc.tuple(fc.constantFrom('', '\ufeff', '<!-- system -->\n', '\n \n<!-- user -->\r\n'), fc.array(piece, { maxLength: 12 }))
  .map(([start, pieces]) => start + pieces.join(''))
  // Three braces in a row, and text before the first message, are refused: other tests have them.
  .filter(text => isReadable(text));
const numbers = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, -0, 1e-7, 1e-6, 0.1, 5e-324))
  .filter(number => !Number.isInteger(number) || Number.isSafeInteger(number));
const json: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>(tie => ({
  value: fc.oneof({ depthSize: 'small' },
    fc.constantFrom(null, true, false), numbers, texts,
    fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(texts, tie('value'), { maxKeys: 3, noNullPrototype: true })),
})).value;
const given: fc.Arbitrary<Given> = fc.record({
  template,
  content: fc.record({
    model: texts.filter(text => text.trim() !== ''),
    parameters: fc.dictionary(texts, json, { maxKeys: 4, noNullPrototype: true }),
    tools: fc.array(json, { maxLength: 2 }),
    responseSchema: fc.dictionary(texts, json, { maxKeys: 2, noNullPrototype: true }),
    guardrail: texts,
    cachePoints: fc.constantFrom<JsonValue>([{ after: 1 }], [{ ttl: '1h', after: 1 }]),
  }, { requiredKeys: ['model'], noNullPrototype: true }),
  variables: fc.constant(variablesOf(index => ({ sample: `${'👋'.repeat(index)} {{name}} $1`, maxLength: 99 }))),
});

function variablesOf<T>(valueOf: (index: number) => T): Record<string, T> {
  return Object.fromEntries(NAMES.map((name, index) => [name, valueOf(index)]));
}

function isReadable(text: string): boolean {
  try {
    filledMessages(messagesOf(normalisedText(text)), variablesOf(() => ''));
    return true;
  } catch {
    return false;
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
type Hashes = readonly [template: string, compiled: string, sent: string];

function inNode({ template: text, content, variables }: Given): Hashes {
  const messages = messagesOf(normalisedText(text));
  const prompt = { ...content, messages };
  const sent = filledMessages(messages, variablesOf(index => `value ${index}`));
  return [templateText(prompt), compiledText(prompt, variables), sentText(sent)].map(sha256) as unknown as Hashes;
}

/** Through a file's text, with the fields in another order. */
function inCommand({ template: text, content, variables }: Given): readonly [string, string] {
  const fields = { variables, ...Object.fromEntries(Object.entries(content).reverse()), version: '1.0.0', id: 'p' };
  // JSON is YAML.
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${JSON.stringify(value)}\r\n`);
  const file = `\ufeff---\r\n${lines.join('')}---\r\n${text.replace(/^\ufeff/, '')}`;
  const { templateHash, compiledHash } = hashesOf(parsePrompt(file, 'p.prompt.md').prompt);
  return [templateHash, compiledHash];
}

const PYTHON = `
import json, runpy, sys
p = runpy.run_path(sys.argv[1])
names = json.loads(sys.argv[2])
for line in sys.stdin:
    given = json.loads(line)
    messages = p["messages_of"](p["normalised_text"](given["template"]))
    content = {**given["content"], "messages": messages}
    sent = p["filled_messages"](messages, {name: f"value {index}" for index, name in enumerate(names)})
    hashes = p["template_hash"](content), p["compiled_hash"](content, given["variables"]), p["prompt_hash"](sent)
    print(json.dumps(hashes))
`;

function inPython(prompts: readonly Given[]): Hashes[] {
  const args = ['-c', PYTHON, join(__dirname, '../../../runtime/python/plumbline/contract/prompts.py'), JSON.stringify(NAMES)];
  const input = prompts.map(prompt => JSON.stringify(prompt)).join('\n');
  const out = execFileSync(join(runtimePython(), 'python'), args, { input, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return out.trimEnd().split('\n').map(line => JSON.parse(line) as Hashes);
}

test(`${PROMPTS} generated prompts have the same hashes in Node, Python and the command`, () => {
  const generated = fc.sample(given, { numRuns: PROMPTS, seed: 20261128 });
  const prompts = generated.map((prompt, index) =>
    index < LARGE ? { ...prompt, template: prompt.template + 'word é {{name}}\r\n'.repeat(6000) } : prompt);
  expect(Math.max(...prompts.map(({ template: text }) => text.length))).toBeGreaterThan(100_000);
  const python = inPython(prompts);
  const hashed = prompts.map((prompt, index) => ({ prompt, node: inNode(prompt), python: python[index], command: inCommand(prompt) }));
  const isUnequal = ({ node, python: other, command }: typeof hashed[number]): boolean =>
    node.join() !== other.join() || node.slice(0, 2).join() !== command.join();
  expect(hashed.filter(isUnequal).slice(0, 1)).toEqual([]);
  // Prompts that were all alike would prove little.
  expect(new Set(python.map(([hash]) => hash)).size).toBeGreaterThan(PROMPTS * 0.95);
});
