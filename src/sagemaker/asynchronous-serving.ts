import { Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AsynchronousInferenceOptions } from './inference-options';
import {
  expirePayloads, keyPattern, payloadObjects, PayloadLocation, payloadUri, requireOwnRegion, requirePayloadLocation,
} from './payload-location';
import { Serving } from './serving';
import { ENDPOINT_SETTINGS } from '../contract/data';
import { serviceHost } from '../standards/identities/service-host';
import { teachingError } from '../standards/teaching-error';

const { invokeActions, minConcurrencyPerInstance, maxConcurrencyPerInstance } = ENDPOINT_SETTINGS.asynchronous;

/** Where payloads go, checked. */
interface Payloads {
  readonly input: PayloadLocation[];
  /** Answers, and what failed. */
  readonly written: PayloadLocation[];
  readonly topics: ITopic[];
}

/** Callers hand in requests, and find the answers in S3. */
export function asynchronousServing(scope: Construct, options: AsynchronousInferenceOptions): Serving {
  const output = requirePayloadLocation(scope, 'output', options?.output);
  const failure = options.failure ? requirePayloadLocation(scope, 'failure', options.failure) : output;
  const input = options.input ? [requirePayloadLocation(scope, 'input', options.input)] : [];
  const written = payloadObjects(output) === payloadObjects(failure) ? [output] : [output, failure];
  const payloads = { input, written, topics: topicsOf(scope, options) };
  expirePayloads(scope, [...input, output, failure]);
  return {
    kind: 'asynchronous',
    nameSuffix: '-async',
    invokeActions,
    asyncConfig: {
      clientConfig: { maxConcurrentInvocationsPerInstance: requireConcurrency(scope, options.concurrencyPerInstance) },
      outputConfig: {
        s3OutputPath: payloadUri(output),
        s3FailurePath: payloadUri(failure),
        kmsKeyId: output.bucket.encryptionKey?.keyArn,
        notificationConfig: payloads.topics.length > 0
          ? { successTopic: options.successTopic?.topicArn, errorTopic: options.errorTopic?.topicArn }
          : undefined,
      },
    },
    roleStatements: roleStatements(scope, payloads),
    callerStatements: callerStatements(scope, payloads),
    payloads: objectsOf([...input, ...written]),
  };
}

/**
 * What AWS lists for the role of an asynchronous endpoint, narrowed to these places and topics.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-create-endpoint-prerequisites.html
 */
function roleStatements(scope: Construct, { input, written, topics }: Payloads): PolicyStatement[] {
  const encrypt = ['kms:Decrypt', 'kms:GenerateDataKey'];
  return [
    ...objectStatement('ReadRequests', ['s3:GetObject'], input),
    ...objectStatement('WriteAnswers', ['s3:PutObject', 's3:AbortMultipartUpload'], written),
    new PolicyStatement({
      sid: 'FindPayloadBuckets',
      // Without a prefix as its condition: SageMaker asks for the bucket itself.
      actions: ['s3:ListBucket'],
      resources: bucketArns([...input, ...written]),
    }),
    ...topics.length > 0
      ? [new PolicyStatement({ sid: 'TellOfAnswers', actions: ['sns:Publish'], resources: unique(topics.map(topic => topic.topicArn)) })]
      : [],
    ...keyStatement(scope, { sid: 'DecryptRequests', actions: ['kms:Decrypt'], keys: keysOf(input), service: 's3' }),
    ...keyStatement(scope, { sid: 'EncryptAnswers', actions: encrypt, keys: keysOf(written), service: 's3' }),
    ...keyStatement(scope, {
      sid: 'EncryptMessages', actions: encrypt, keys: topics.flatMap(({ masterKey }) => masterKey ?? []), service: 'sns',
    }),
  ];
}

function callerStatements(scope: Construct, { input, written }: Payloads): PolicyStatement[] {
  return [
    ...objectStatement('PutRequests', ['s3:PutObject', 's3:AbortMultipartUpload'], input),
    ...objectStatement('GetAnswers', ['s3:GetObject'], written),
    // Without it, an answer that is not there yet looks like one that is forbidden.
    ...written.map(({ bucket, prefix }, index) => new PolicyStatement({
      sid: `FindAnswers${index === 0 ? '' : index + 1}`,
      actions: ['s3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: prefix === undefined ? undefined : { StringLike: { 's3:prefix': [keyPattern(prefix)] } },
    })),
    ...keyStatement(scope, { sid: 'EncryptRequests', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], keys: keysOf(input), service: 's3' }),
    ...keyStatement(scope, { sid: 'DecryptAnswers', actions: ['kms:Decrypt'], keys: keysOf(written), service: 's3' }),
  ];
}

function objectStatement(sid: string, actions: string[], locations: PayloadLocation[]): PolicyStatement[] {
  return locations.length === 0 ? [] : [new PolicyStatement({ sid, actions, resources: objectsOf(locations) })];
}

function keyStatement(
  scope: Construct, { sid, actions, keys, service }: { sid: string; actions: string[]; keys: IKey[]; service: string },
): PolicyStatement[] {
  if (keys.length === 0) return [];
  const conditions = { StringEquals: { 'kms:ViaService': serviceHost(service, Stack.of(scope).region) } };
  return [new PolicyStatement({ sid, actions, resources: unique(keys.map(key => key.keyArn)), conditions })];
}

function topicsOf(scope: Construct, { successTopic, errorTopic }: AsynchronousInferenceOptions): ITopic[] {
  const topics = Object.entries({ successTopic, errorTopic });
  return topics.flatMap(([name, topic]) => {
    if (!topic) return [];
    requireOwnRegion(scope, { name: `The topic ${name}`, region: topic.env.region });
    return [topic];
  });
}

function requireConcurrency(scope: Construct, concurrency: number | undefined): number | undefined {
  if (concurrency === undefined || Token.isUnresolved(concurrency)) return concurrency;
  const isFine = Number.isInteger(concurrency) && concurrency >= minConcurrencyPerInstance && concurrency <= maxConcurrencyPerInstance;
  if (isFine) return concurrency;
  throw teachingError(scope, {
    problem: 'An instance cannot work on this number of requests at once',
    given: concurrency,
    allowed: `a whole number, ${minConcurrencyPerInstance} to ${maxConcurrencyPerInstance}`,
    fix: 'concurrencyPerInstance: 1, or none: SageMaker decides then',
  });
}

function objectsOf(locations: readonly PayloadLocation[]): string[] {
  return unique(locations.map(payloadObjects));
}

function bucketArns(locations: readonly PayloadLocation[]): string[] {
  return unique(locations.map(({ bucket }) => bucket.bucketArn));
}

function keysOf(locations: readonly PayloadLocation[]): IKey[] {
  return unique(locations.flatMap(({ bucket }) => bucket.encryptionKey ?? []));
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
