import { cases } from '../../../../contract/vectors/call-usage.json';
import { documentOf, holdsToken, usageFields, UsageReader } from '../../../../runtime/node/bedrock/client/call-usage';

interface Case {
  readonly name: string;
  readonly operation: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly answer?: unknown;
  readonly events?: readonly unknown[];
  readonly fields: object;
}

const bytesOf = (document: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(document));

test.each(cases as unknown as readonly Case[])('$name', ({ operation, headers = {}, body, answer, events = [], fields }) => {
  const reader = new UsageReader();
  reader.headers(headers);
  if (answer !== undefined) reader.document(answer);
  if (body !== undefined) reader.body(bytesOf(body));
  for (const event of events) {
    reader.document(documentOf(operation === 'ConverseStream' ? event : { chunk: { bytes: bytesOf(event) } }));
  }
  expect(JSON.stringify(usageFields(reader.usage()))).toBe(JSON.stringify(fields));
});

test.each<[string, unknown, boolean]>([
  ['the start of a message', { messageStart: { role: 'assistant' } }, false],
  ['the start of a message of Anthropic', { type: 'message_start', message: {} }, false],
  ['a delta', { contentBlockDelta: { delta: { text: 'x' } } }, true],
  ['a chunk of Llama', { generation: 'x' }, true],
])('%s: whether it can be the first token', (_name, event, expected) => {
  expect(holdsToken(event)).toBe(expected);
});

test('a body without a word of a reason is not parsed', () => {
  const parse = jest.spyOn(JSON, 'parse');
  new UsageReader().body(bytesOf({ embedding: Array(1000).fill(0.5) }));
  expect(parse).not.toHaveBeenCalled();
  parse.mockRestore();
});

test.each([
  ['no JSON', '{"stop_reason'],
  ['too large', `{"stop_reason":"end_turn","text":"${'x'.repeat(1048576)}"}`],
])('a body that is %s tells nothing', (_name, text) => {
  const reader = new UsageReader();
  reader.body(new TextEncoder().encode(text));
  expect(reader.usage()).toEqual({});
});
