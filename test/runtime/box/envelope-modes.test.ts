import { httpEvent } from '../../support/runtime-events';
import { LambdaFunction, type FunctionOptions } from '../../support/runtime-function';
import { GENERATIONS } from '../../support/runtime-generations';
import { PYTHONS } from '../../support/runtime-pythons';

jest.setTimeout(120_000);

/** What a handler of an app that exists answers with, as JSON that both languages read. */
const RETURNED = {
  plain: { hello: 'you' },
  notFound: { statusCode: 404, headers: { 'Content-Type': 'application/json' }, body: '{"message":"No such order."}' },
  invalid: { statusCode: 400, body: '{"errors":[{"field":"q"}]}' },
  failed: { statusCode: 502, headers: { 'X-Debug': '/var/task/app.py' }, body: 'arn:aws:iam::123456789012:role/chat' },
  table: { statusCode: 200, headers: { 'content-type': 'text/csv' }, body: 'a,b\r\n1,2\r\n' },
  image: { statusCode: 200, headers: { 'content-type': 'image/jpeg' }, isBase64Encoded: true, body: '/9j/4A==' },
  cookies: { statusCode: 302, headers: { Location: '/7' }, multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] }, cookies: ['c=3'] },
  ownEnvelope: { statusCode: 200, body: '{"status":"success","request_id":"mine","data":7,"error":null}' },
};
const TEXT = JSON.stringify(RETURNED);

const NODE = {
  'index.mjs': `const returned = ${TEXT};
    export const handler = async event => {
      if (event.case === 'thrown') throw new Error('No such order.');
      return returned[event.case];
    };`,
};
const PYTHON = {
  'index.py': [
    'import json',
    `RETURNED = json.loads(${JSON.stringify(TEXT)})`,
    'def handler(event, context):',
    '    if event["case"] == "thrown":',
    '        raise ValueError("No such order.")',
    '    return RETURNED[event["case"]]',
  ].join('\n'),
};
const CASES = [...Object.keys(RETURNED), 'thrown'];
/** Those that leave in the envelope as they do without. */
const UNCHANGED = ['table', 'image', 'cookies', 'ownEnvelope'];

/** All answers of a function; of an error what does not tell where its code lies. */
const answersOf = (options: FunctionOptions) => LambdaFunction.with(options, async fn => {
  const answers: Record<string, string> = {};
  for (const name of CASES) {
    const { kind, body } = await fn.invoke(httpEvent({ case: name }));
    const { errorType, errorMessage } = JSON.parse(body) as Record<string, unknown>;
    answers[name] = kind === 'error' ? JSON.stringify({ errorType, errorMessage }) : body;
  }
  return { answers, log: await fn.log() };
});

describe.each<readonly [string, FunctionOptions]>([
  ...GENERATIONS.map(([name, generation]) => [name, { generation, code: NODE }] as const),
  ...PYTHONS.slice(0, 1).map(([name, python]) => [name, { python, code: PYTHON }] as const),
])('%s', (_name, options) => {
  let plain: Record<string, string>;
  beforeAll(async () => { plain = (await answersOf({ ...options, layer: false })).answers; });

  test.each(['OFF', 'LOG_ONLY'])('with %s every answer is that of Lambda alone, byte for byte', async mode => {
    const { answers, log } = await answersOf({ ...options, environment: { PLUMBLINE_ENVELOPE: mode } });
    expect(answers).toEqual(plain);
    expect(log.filter(({ event }) => event === 'handler_error')).toHaveLength(1);
    expect(log.filter(({ event }) => event === 'envelope_violation')).toEqual([]);
    const changes = log.filter(({ event }) => event === 'envelope_would_change');
    expect(changes.map(({ reason, status_after }) => `${String(reason)} ${String(status_after)}`)).toEqual(
      mode === 'OFF' ? [] : ['wrapped 200', 'client_error 404', 'client_error 400', 'server_error 500', 'thrown 500'],
    );
    expect(JSON.stringify(changes)).not.toMatch(/role\/chat|No such order|field/);
  });

  test('with ON what is no JSON, and what conforms, is that of Lambda alone but for its headers\' spelling', async () => {
    const { answers } = await answersOf(options);
    const meant = (text: string) => ({ headers: {}, body: '', ...JSON.parse(text) as object });
    for (const name of UNCHANGED.slice(0, 3)) expect([name, meant(answers[name])]).toEqual([name, meant(plain[name])]);
    const bodyOf = (text: string) => (meant(text) as { body: string }).body;
    for (const name of UNCHANGED) expect(bodyOf(answers[name])).toBe(bodyOf(plain[name]));
    expect(JSON.parse(answers.notFound)).toMatchObject({ statusCode: 404, body: expect.stringContaining('"code":"NOT_FOUND"') as string });
  });

  test('with a mode that is none the start fails', async () => {
    await LambdaFunction.with({ ...options, environment: { PLUMBLINE_ENVELOPE: 'SOMETIMES' } }, async fn => {
      expect((await fn.startError()).kind).toBe('initError');
    });
  });
});
