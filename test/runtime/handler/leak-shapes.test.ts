import { readFileSync } from 'fs';
import { join } from 'path';
import { gunzipSync } from 'zlib';
import Ajv from 'ajv';
import { CARRIERS, LEAKS } from './support/leak-shapes';
import type { UserHandler } from '../../../runtime/node/handler/call/user-handler';
import { apiHandler } from '../../../runtime/node/handler/kinds/api';
import { lambdaContext } from '../../support/runtime-context';
import { CapturedOutput } from '../../support/runtime-output';

interface Proxy {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly isBase64Encoded?: boolean;
}

CapturedOutput.install();
const schema = JSON.parse(readFileSync(join(__dirname, '../../../contract/envelope.schema.json'), 'utf8')) as object;
const conforms = new Ajv({ strict: false }).compile(schema);
const carriers = CARRIERS.flatMap(([kind, ofKind]) => ofKind.map(([what, carry]) => [kind, what, carry] as const));

test.each(carriers)('%s: %s carries none of the leaks out', async (_kind, _what, carry) => {
  const leaked: string[] = [];
  const outside: string[] = [];
  for (const { text, secret } of LEAKS) {
    const behaviour = carry(text);
    const handler = apiHandler((async () => {
      if ('throws' in behaviour) throw behaviour.throws;
      return behaviour.returns;
    }) as UserHandler);
    const answer = await handler({ requestContext: { requestId: 'req-1' } }, lambdaContext()) as Proxy;
    const body = answer.isBase64Encoded ? gunzipSync(Buffer.from(answer.body, 'base64')).toString() : answer.body;
    const plain = JSON.stringify({ ...answer, body });
    if (plain.includes(secret) || plain.includes(JSON.stringify(secret).slice(1, -1))) leaked.push(text);
    if (!conforms(JSON.parse(body))) outside.push(text);
  }
  expect({ leaked, outside }).toEqual({ leaked: [], outside: [] });
});

test('five thousand shapes are tried', () => expect(carriers.length * LEAKS.length).toBeGreaterThanOrEqual(5000));
