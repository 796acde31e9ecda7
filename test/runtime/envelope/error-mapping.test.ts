import { readFileSync } from 'fs';
import { join } from 'path';
import * as appconfig from '@aws-sdk/client-appconfigdata';
import * as bedrock from '@aws-sdk/client-bedrock-runtime';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as s3 from '@aws-sdk/client-s3';
import * as sagemaker from '@aws-sdk/client-sagemaker-runtime';
import * as secrets from '@aws-sdk/client-secrets-manager';
import { codeRule, errorCodeOf, isErrorCode } from '../../../runtime/node/envelope/error-mapping';
import { ERROR_CODES } from '../../../src/contract/data';
import { cpuMsOf } from '../../support/cpu-time';

type ErrorClass = new (options: { message: string; $metadata: object }) => Error;

const CLIENTS: Record<string, { module: object; base: Function }> = {
  'bedrock-runtime': { module: bedrock, base: bedrock.BedrockRuntimeServiceException },
  'sagemaker-runtime': { module: sagemaker, base: sagemaker.SageMakerRuntimeServiceException },
  'dynamodb': { module: dynamodb, base: dynamodb.DynamoDBServiceException },
  's3': { module: s3, base: s3.S3ServiceException },
  'secrets-manager': { module: secrets, base: secrets.SecretsManagerServiceException },
  'appconfigdata': { module: appconfig, base: appconfig.AppConfigDataServiceException },
};

function errorClasses({ module, base }: { module: object; base: Function }): ErrorClass[] {
  return Object.values(module).filter((value): value is ErrorClass => typeof value === 'function' && value.prototype instanceof base);
}

describe.each(Object.entries(CLIENTS))('the exceptions of %s', (_client, client) => {
  const classes = errorClasses(client);

  test('are found in its package', () => expect(classes.length).toBeGreaterThanOrEqual(4));

  test.each(classes.map(errorClass => [errorClass.name, errorClass] as const))('%s has a code in the contract', (_name, errorClass) => {
    const thrown = new errorClass({ message: 'arn:aws:iam::123456789012:role/chat', $metadata: {} });
    expect(Object.keys(ERROR_CODES.exceptions)).toContain(thrown.name);
    expect(errorCodeOf(thrown)).toBe((ERROR_CODES.exceptions as Record<string, string>)[thrown.name]);
  });
});

describe('the contract\'s cases', () => {
  const { cases } = JSON.parse(readFileSync(join(__dirname, '../../../contract/vectors/error-mapping.json'), 'utf8')) as {
    cases: { name: string; thrown: unknown; code: string }[];
  };

  test.each(cases.map(example => [example.name, example] as const))('%s', (_name, { thrown, code }) => {
    expect(errorCodeOf(thrown)).toBe(code);
    expect(errorCodeOf(asError(thrown))).toBe(code);
  });

  const patterns = [
    ...ERROR_CODES.contextTooLarge.messagePatterns.map(pattern => ['CONTEXT_TOO_LARGE', pattern] as const),
    ...ERROR_CODES.contentPolicy.messagePatterns.map(pattern => ['CONTENT_POLICY_VIOLATION', pattern] as const),
  ];

  test.each(patterns)('need the pattern of %s: %s', (code, pattern) => {
    const others = patterns.filter(([, other]) => other !== pattern).map(([, other]) => new RegExp(other, 'i'));
    const messages = cases.filter(example => example.code === code).map(({ thrown }) => (thrown as { message?: string }).message);
    expect(messages.filter(message => message !== undefined && !others.some(other => other.test(message)))).not.toEqual([]);
  });
});

/** What has a message is thrown as an error. */
function asError(thrown: unknown): unknown {
  const fields = (thrown ?? {}) as { message?: string; cause?: unknown };
  return fields.message === undefined ? thrown : Object.assign(new Error(fields.message), { ...fields, cause: asError(fields.cause) });
}

test('a thrown object whose fields cannot be read is an internal error', () => {
  const hostile = new Proxy({}, { get: () => { throw new Error('no'); } });
  expect(errorCodeOf(hostile)).toBe('INTERNAL_ERROR');
});

test.each([
  'input length and max_tokens ',
  'exceeds the maximum ',
  'number of tokens ',
  'prompt tokens (1',
  'expected maxLength: 1',
  'inputs tokens + ',
  'blocked by our content ',
  'too many tokens,',
])('a message of 1 MB answers at once: %s', part => {
  const thrown = { name: 'ValidationException', message: part.repeat(1_000_000 / part.length) };
  expect(cpuMsOf(() => errorCodeOf(thrown), { enough: 5 })).toBeLessThanOrEqual(5);
});

test('only names of the contract are codes', () => {
  expect(isErrorCode('THROTTLE')).toBe(true);
  expect(isErrorCode('throttle')).toBe(false);
  expect(isErrorCode('toString')).toBe(false);
  expect(isErrorCode(undefined)).toBe(false);
});

test.each(Object.entries(ERROR_CODES.codes))('%s has the rule of the contract', (code, rule) => {
  expect(codeRule(code as keyof typeof ERROR_CODES.codes)).toEqual(rule);
});
