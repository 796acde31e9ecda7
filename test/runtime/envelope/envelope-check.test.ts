import { readFileSync } from 'fs';
import { join } from 'path';
import Ajv from 'ajv';
import fc from 'fast-check';
import { isEnvelope } from '../../../runtime/node/envelope/envelope-check';

const schema = JSON.parse(readFileSync(join(__dirname, '../../../contract/envelope.schema.json'), 'utf8')) as object;
const conforms = new Ajv({ strict: false }).compile(schema);

const errorBody = fc.record({
  code: fc.constantFrom('THROTTLE', 'INTERNAL_ERROR', 'TIMEOUT', 'OTHER', '', null),
  message: fc.constantFrom('A message.', '', null, 1),
  retryable: fc.constantFrom(true, false, 'true', null),
  support_ref: fc.constantFrom('ref', '', undefined),
  stack: fc.constant('at x'),
}, { requiredKeys: ['code', 'message'] });

const goodErrorBody = fc.record({
  code: fc.constantFrom('THROTTLE', 'AUTH_FAILED'),
  message: fc.constant('A message.'),
  retryable: fc.boolean(),
  support_ref: fc.constant('ref'),
});

const nearEnvelope = fc.record({
  status: fc.constantFrom('success', 'error', 'partial', 'ok', null),
  request_id: fc.constantFrom('req-1', '', null, 7),
  data: fc.oneof(fc.constant(null), fc.jsonValue()),
  error: fc.oneof(fc.constant(null), goodErrorBody, errorBody, fc.constant([]), fc.constant('error')),
  trace: fc.constant('x'),
}, { requiredKeys: ['status', 'request_id', 'data'] });

const likelyEnvelope = fc.record({
  status: fc.constantFrom('success', 'error', 'partial'),
  request_id: fc.constant('req-1'),
  data: fc.oneof(fc.constant(null), fc.jsonValue()),
  error: fc.oneof(fc.constant(null), goodErrorBody),
});

test('says of every JSON value what the contract\'s schema says of it', () => {
  const seen = { envelopes: 0, others: 0 };
  fc.assert(fc.property(fc.oneof(nearEnvelope, likelyEnvelope, fc.jsonValue()), generated => {
    const value = JSON.parse(JSON.stringify(generated)) as unknown;
    const expected = conforms(value);
    seen[expected ? 'envelopes' : 'others'] += 1;
    expect(isEnvelope(value)).toBe(expected);
  }), { numRuns: 5000 });
  expect(seen.envelopes).toBeGreaterThan(500);
  expect(seen.others).toBeGreaterThan(500);
});

test('an envelope without a value for data is none: JSON would leave the key out', () => {
  expect(isEnvelope({ status: 'success', request_id: 'req-1', error: null })).toBe(false);
});
