import { readFileSync } from 'fs';
import { join } from 'path';
import Ajv from 'ajv';
import { answer, textOf } from './support/api-call';
import { CARRIERS, LEAKS } from './support/leak-shapes';
import { CapturedOutput } from '../../support/runtime-output';

CapturedOutput.install();
const schema = JSON.parse(readFileSync(join(__dirname, '../../../contract/envelope.schema.json'), 'utf8')) as object;
const conforms = new Ajv({ strict: false }).compile(schema);
const carriers = CARRIERS.flatMap(([kind, ofKind]) => ofKind.map(([what, carry]) => [kind, what, carry] as const));

test.each(carriers)('%s: %s carries none of the leaks out', async (_kind, _what, carry) => {
  const leaked: string[] = [];
  const outside: string[] = [];
  for (const { text, secret } of LEAKS) {
    const behaviour = carry(text);
    const result = await answer(async () => {
      if ('throws' in behaviour) throw behaviour.throws;
      return behaviour.returns;
    });
    const body = textOf(result);
    const plain = JSON.stringify({ ...result, body });
    if (plain.includes(secret) || plain.includes(JSON.stringify(secret).slice(1, -1))) leaked.push(text);
    if (!conforms(JSON.parse(body))) outside.push(text);
  }
  expect({ leaked, outside }).toEqual({ leaked: [], outside: [] });
});

test('five thousand shapes are tried', () => expect(carriers.length * LEAKS.length).toBeGreaterThanOrEqual(5000));
