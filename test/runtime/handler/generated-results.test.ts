import { readFileSync } from 'fs';
import { join } from 'path';
import Ajv from 'ajv';
import fc from 'fast-check';
import { LEAK, returned, thrown } from './generated-results';
import type { UserHandler } from '../../../runtime/node/handler/call/user-handler';
import { apiHandler } from '../../../runtime/node/handler/kinds/api';
import { lambdaContext } from '../../support/runtime-context';
import { httpEvent } from '../../support/runtime-events';

/** 1,000,000 in the nightly task. */
const RUNS = Number(process.env.PLUMBLINE_GENERATED_RESULTS ?? 20_000);
/** Mutation testing takes fewer. */
const FEWEST_TO_SEE_ALL = 10_000;
const BODILESS = [204, 205, 304];

const schema = JSON.parse(readFileSync(join(__dirname, '../../../contract/envelope.schema.json'), 'utf8')) as object;
const conforms = new Ajv({ strict: false }).compile(schema);

interface Proxy {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

type Behaviour = { readonly throws: unknown } | { readonly returns: unknown };

const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(thrown.map(value => ({ throws: value })), returned.map(value => ({ returns: value })));

/** A redirect, or no JSON: it leaves as it came. */
function isForeign(how: Behaviour, { statusCode, body }: Proxy): boolean {
  const given = 'returns' in how ? how.returns as Partial<Record<'body' | 'isBase64Encoded', unknown> & Pick<Proxy, 'headers'>> : undefined;
  if (typeof given !== 'object' || given === null || statusCode >= 400 || body !== (given.body ?? '')) return false;
  return statusCode >= 300 || given.isBase64Encoded === true || Boolean(given.headers?.['Content-Type']) || !isJson(body);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

jest.setTimeout(RUNS * 2 + 60_000);

beforeAll(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterAll(() => jest.restoreAllMocks());

test(`${RUNS} generated errors and results: every answer conforms, none holds what must not leave`, async () => {
  const seen = { success: 0, error: 0, partial: 0, bodiless: 0, foreign: 0 };
  await fc.assert(
    fc.asyncProperty(behaviour, async how => {
      const handler = apiHandler((async () => {
        if ('throws' in how) throw how.throws;
        return how.returns;
      }) as UserHandler);
      const result = (await handler(httpEvent(), lambdaContext())) as Proxy;
      const answer = JSON.stringify(result);
      if (LEAK.test(answer)) throw new Error(`A secret left: ${answer}`);
      if (BODILESS.includes(result.statusCode) && result.body === '') {
        seen.bodiless += 1;
        return;
      }
      if (isForeign(how, result)) {
        seen.foreign += 1;
        return;
      }
      const envelope = JSON.parse(result.body) as { status: keyof typeof seen };
      if (!conforms(envelope)) throw new Error(`Not an envelope: ${result.body}`);
      if ('throws' in how && (envelope.status !== 'error' || result.statusCode < 400)) throw new Error(`An error became ${answer}`);
      seen[envelope.status] += 1;
    }),
    { numRuns: RUNS },
  );
  if (RUNS < FEWEST_TO_SEE_ALL) return;
  for (const [kind, count] of Object.entries(seen)) expect([kind, count / RUNS > 0.0005]).toEqual([kind, true]);
});
