import { compile, contractFiles, errorsOf, JsonObject, load } from './support/contract-files';

const ERROR = { code: 'THROTTLE', message: 'Too many requests.', retryable: true, support_ref: 'r-1' };
const SUCCESS = { status: 'success', request_id: 'id-1', data: { answer: 42 }, error: null };
const FAILURE = { status: 'error', request_id: 'id-1', data: null, error: ERROR };
const PARTIAL = { status: 'partial', request_id: 'id-1', data: { chunks: [] }, error: ERROR };

const SHA256 = 'a'.repeat(64);
const APPROVAL = { reviewer: 'ana', role: 'safety_officer', time: '2026-11-22T04:00:00Z' };
const PROMPT = {
  prompt_id: 'greeting',
  version: '1.0.0',
  template_hash: SHA256,
  compiled_hash: SHA256,
  content: 'Hello {name}',
  deployed_envs: ['dev'],
  approvals: [APPROVAL],
  track: 'standard',
};

const REGION = { syncedOn: '2026-11-28', models: {}, profiles: { 'us.amazon.nova-lite-v1:0': ['us-east-1'] } };
const MODELS = { version: 1, regions: { 'us-east-1': REGION } };

type Cases = Record<string, unknown>;

const RESULT = { passed: 20, failed: 0, template_hash: SHA256 };

const DOCUMENTS: Record<string, { readonly good: Cases; readonly bad: Cases }> = {
  'envelope.schema.json': {
    good: {
      'a success with data': SUCCESS,
      'a success without data': { ...SUCCESS, data: null },
      'a success whose data is a string': { ...SUCCESS, data: 'text' },
      'a success whose data is a list': { ...SUCCESS, data: [1, 2] },
      'a success whose data looks like an error': { ...SUCCESS, data: { error: ERROR, status: 'error' } },
      'an error': FAILURE,
      'a part of an answer, and why it is not whole': PARTIAL,
    },
    bad: {
      'an empty object': {},
      'a list': [SUCCESS],
      'null': null,
      'a success with an error': { ...SUCCESS, error: ERROR },
      'an error without its error': { ...FAILURE, error: null },
      'an error with data': { ...FAILURE, data: { answer: 42 } },
      'a part of an answer that does not say why': { ...PARTIAL, error: null },
      'an unknown status': { ...SUCCESS, status: 'ok' },
      'a key beside the four': { ...SUCCESS, traceback: 'at …' },
      'an empty request id': { ...SUCCESS, request_id: '' },
      'a number as request id': { ...SUCCESS, request_id: 1 },
      'no request id': without(SUCCESS, 'request_id'),
      'no status': without(SUCCESS, 'status'),
      'no data': without(SUCCESS, 'data'),
      'no error': without(SUCCESS, 'error'),
      'an unknown code': { ...FAILURE, error: { ...ERROR, code: 'OOPS' } },
      'a code in lower case': { ...FAILURE, error: { ...ERROR, code: 'throttle' } },
      'a key beside the four of the error': { ...FAILURE, error: { ...ERROR, stack: 'at …' } },
      'retryable as text': { ...FAILURE, error: { ...ERROR, retryable: 'true' } },
      'an empty message': { ...FAILURE, error: { ...ERROR, message: '' } },
      'an empty support_ref': { ...FAILURE, error: { ...ERROR, support_ref: '' } },
      'an error without code': { ...FAILURE, error: without(ERROR, 'code') },
      'an error without message': { ...FAILURE, error: without(ERROR, 'message') },
      'an error without retryable': { ...FAILURE, error: without(ERROR, 'retryable') },
      'an error without support_ref': { ...FAILURE, error: without(ERROR, 'support_ref') },
    },
  },
  'gate-result.schema.json': {
    good: {
      'a run of a suite': RESULT,
      'a run whose text its command knows': without(RESULT, 'template_hash'),
      'a run with its suite, all its cases and what its tool adds': { ...RESULT, suite: 'safety', total: 20, model: 'x' },
    },
    bad: {
      'no passed': without(RESULT, 'passed'),
      'no failed': without(RESULT, 'failed'),
      'a count below none': { ...RESULT, failed: -1 },
      'half a case': { ...RESULT, passed: 0.5 },
      'a count as text': { ...RESULT, passed: '20' },
      'an unknown suite': { ...RESULT, suite: 'smoke' },
      'a hash cut short': { ...RESULT, template_hash: 'a'.repeat(63) },
      'a list': [RESULT],
    },
  },
  'models-file.schema.json': {
    good: {
      'a Region with what it has': MODELS,
      'no Region': { ...MODELS, regions: {} },
      'a profile that names no Region': { ...MODELS, regions: { 'us-east-1': { ...REGION, profiles: { 'global.acme.chat-v1:0': [] } } } },
    },
    bad: {
      'another version': { ...MODELS, version: 2 },
      'a Region that is none': { ...MODELS, regions: { Frankfurt: REGION } },
      'a day that is none': { ...MODELS, regions: { 'us-east-1': { ...REGION, syncedOn: 'soon' } } },
      'a model without a state': { ...MODELS, regions: { 'us-east-1': { ...REGION, models: { 'acme.chat-v1:0': {} } } } },
      'a foundation model among the profiles': { ...MODELS, regions: { 'us-east-1': { ...REGION, profiles: { 'acme.chat-v1:0': [] } } } },
    },
  },
  'prompt-record.schema.json': {
    good: {
      'a prompt approved and deployed': PROMPT,
      'a prompt not yet approved or deployed': { ...PROMPT, approvals: [], deployed_envs: [] },
      'an expedited prompt with two approvals': {
        ...PROMPT,
        track: 'expedited',
        approvals: [APPROVAL, { ...APPROVAL, role: 'tech_lead' }],
      },
    },
    bad: {
      'a key too many': { ...PROMPT, note: 'x' },
      'an id with a blank': { ...PROMPT, prompt_id: 'my prompt' },
      'an id longer than 64 characters': { ...PROMPT, prompt_id: 'a'.repeat(65) },
      'a version of two parts': { ...PROMPT, version: '1.0' },
      'a version with a leading zero': { ...PROMPT, version: '01.0.0' },
      'a version range': { ...PROMPT, version: '1.0.*' },
      'a hash in upper case': { ...PROMPT, template_hash: 'A'.repeat(64) },
      'a hash cut short': { ...PROMPT, compiled_hash: 'a'.repeat(63) },
      'empty content': { ...PROMPT, content: '' },
      'an environment twice': { ...PROMPT, deployed_envs: ['dev', 'dev'] },
      'an environment without a name': { ...PROMPT, deployed_envs: [''] },
      'an unknown track': { ...PROMPT, track: 'fast' },
      'an approval by nobody': { ...PROMPT, approvals: [{ ...APPROVAL, reviewer: '' }] },
      'an approval in an unknown role': { ...PROMPT, approvals: [{ ...APPROVAL, role: 'intern' }] },
      'an approval at no time': { ...PROMPT, approvals: [{ ...APPROVAL, time: 'yesterday' }] },
      'an approval on a day that does not exist': { ...PROMPT, approvals: [{ ...APPROVAL, time: '2026-02-30T00:00:00Z' }] },
      'an approval with a key too many': { ...PROMPT, approvals: [{ ...APPROVAL, note: 'x' }] },
      ...Object.fromEntries(Object.keys(PROMPT).map(key => [`no ${key}`, without(PROMPT, key)])),
      ...Object.fromEntries(
        Object.keys(APPROVAL).map(key => [`an approval without ${key}`, { ...PROMPT, approvals: [without(APPROVAL, key)] }]),
      ),
    },
  },
};

describe.each(Object.entries(DOCUMENTS))('%s', (file, { good, bad }) => {
  const validate = compile(load(file));

  test.each(Object.entries(good))('accepts %s', (_name, document) => {
    expect(errorsOf(validate, document)).toEqual([]);
  });

  test.each(Object.entries(bad))('refuses %s', (_name, document) => {
    expect(validate(document)).toBe(false);
  });
});

test('every document schema of the contract is tried here', () => {
  expect(Object.keys(DOCUMENTS).sort()).toEqual(contractFiles().filter(file => /^[^/]+\.schema\.json$/.test(file)));
});

function without<T extends object>(document: T, key: string): JsonObject {
  return Object.fromEntries(Object.entries(document).filter(([name]) => name !== key));
}
