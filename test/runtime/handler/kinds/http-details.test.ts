import type { Context } from 'aws-lambda';
import type { UserHandler } from '../../../../runtime/node/handler/call/user-handler';
import { apiHandler } from '../../../../runtime/node/handler/kinds/api';
import { hasListedHeaders, isHttpEvent } from '../../../../runtime/node/handler/kinds/http-event';
import { forgetSettings } from '../../../../runtime/node/telemetry/settings';
import { HTTP_EVENTS, OTHER_EVENTS } from '../../../support/runtime-events';
import { CapturedOutput } from '../../../support/runtime-output';

CapturedOutput.install();
const environment = process.env;
beforeEach(() => {
  process.env = { ...environment, PLUMBLINE_ALLOW_ORIGIN: 'https://a.example' };
  forgetSettings();
});
afterEach(() => {
  process.env = environment;
  forgetSettings();
});

const LISTS = HTTP_EVENTS['load balancer with lists of header values'];
const answer = (returned: unknown, event: object = HTTP_EVENTS['REST API']) =>
  apiHandler(
    (async () => returned) as UserHandler,
  )(event, {} as Context) as Promise<Record<'headers' | 'multiValueHeaders', Record<string, unknown> | undefined>>;

test.each(Object.entries(HTTP_EVENTS))('an event of %s is HTTP', (_source, event) => expect(isHttpEvent(event)).toBe(true));
test.each(Object.entries(OTHER_EVENTS))('an event of %s is not HTTP', (_source, event) => expect(isHttpEvent(event)).toBe(false));

test('only a load balancer that lists header values expects lists', () => {
  expect(
    Object.entries(HTTP_EVENTS).filter(([, event]) => hasListedHeaders(event)).map(([source]) => source),
  ).toEqual(['load balancer with lists of header values']);
  expect(hasListedHeaders({ ...HTTP_EVENTS['REST API'], multiValueHeaders: {} })).toBe(false);
  for (const event of Object.values(OTHER_EVENTS)) expect(hasListedHeaders(event)).toBe(false);
});

describe('Vary says that the answer depends on the origin, beside what the handler says', () => {
  const proxy = (headers?: object, multiValueHeaders?: object) => ({ statusCode: 200, headers, multiValueHeaders, body: '1' });

  test.each<[string, object | undefined, object]>([
    ['nothing', undefined, { vary: 'Origin' }],
    ['another field', { Vary: 'Accept-Encoding' }, { Vary: 'Accept-Encoding, Origin' }],
    ['several', { vary: 'Accept, Accept-Encoding' }, { vary: 'Accept, Accept-Encoding, Origin' }],
    ['the same', { VARY: 'accept, ORIGIN' }, { VARY: 'accept, ORIGIN' }],
    ['everything', { Vary: '*' }, { Vary: '*' }],
    ['an empty text', { Vary: '' }, { Vary: 'Origin' }],
  ])('%s', async (_what, headers, expected) => expect((await answer(proxy(headers))).headers).toMatchObject(expected));

  test.each([
    [['Accept-Encoding'], ['Accept-Encoding', 'Origin']], [['Origin'], ['Origin']], [['*'], ['*']],
  ])('a list: %j', async (given, expected) => {
    const { headers, multiValueHeaders } = await answer(proxy(undefined, { Vary: given }));
    expect(multiValueHeaders).toEqual({ Vary: expected });
    expect(Object.keys(headers!)).not.toContain('vary');
  });
});

test('a line break in a header begins no other header', async () => {
  const given = { 'x-a': 'b\r\nset-cookie: evil=1', 'x-b\r\nx-c': 'd' };
  const { headers, multiValueHeaders } = await answer({
    statusCode: 200, headers: given, multiValueHeaders: { 'x-e': ['f\ng', 7] }, body: '1',
  });
  expect(headers).toMatchObject({ 'x-a': 'b set-cookie: evil=1' });
  expect(Object.keys(headers!).sort()).toEqual(['content-type', 'vary', 'x-a']);
  expect(multiValueHeaders).toEqual({ 'x-e': ['f g', 7] });
});

test('a header that stands twice, in two cases, leaves once', async () => {
  const { headers } = await answer({ statusCode: 200, headers: { 'X-A': '1', 'x-a': '2' }, body: '1' });
  expect(headers).toMatchObject({ 'x-a': '2' });
  expect(headers).not.toHaveProperty('X-A');
});

describe('a load balancer that lists header values', () => {
  test('gets lists, and nothing but lists', async () => {
    const returned = {
      statusCode: 200,
      headers: {
        'X-One': '1', 'x-both': 'a',
      },
      multiValueHeaders: { 'X-Both': ['b', 'a'] },
      cookies: ['c=1', 'd=2'],
      body: '1',
    };
    const result = await answer(returned, LISTS);
    expect(result).toEqual({
      statusCode: 200,
      multiValueHeaders: {
        'X-One': ['1'], 'x-both': ['a', 'b'], 'content-type': ['application/json'], 'vary': ['Origin'], 'set-cookie': ['c=1', 'd=2'],
      },
      body: expect.any(String) as string,
    });
  });

  test('gets errors with lists too', async () => {
    expect(await answer(new Error('boom'), LISTS)).toMatchObject({
      statusCode: 500, multiValueHeaders: { 'content-type': ['application/json'] },
    });
  });

  test.each(['origin', 'Origin', 'ORIGIN'])('is read for its %s header', async name => {
    const event = { ...LISTS, multiValueHeaders: { [name]: ['https://a.example'] } };
    expect((await answer(1, event)).multiValueHeaders).toMatchObject({ 'access-control-allow-origin': ['https://a.example'] });
  });
});

test('other callers get headers as they are', async () => {
  expect((await answer(1)).headers).toMatchObject({ 'content-type': 'application/json' });
  expect((await answer(1, HTTP_EVENTS['load balancer'])).multiValueHeaders).toBeUndefined();
});
