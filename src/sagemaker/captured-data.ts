import { Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { DataCapture } from './data-capture';
import { expirePayloads, payloadObjects, payloadUri, requirePayloadLocation } from './payload-location';
import { Serving } from './serving';
import { serviceHost } from '../standards/identities/service-host';
import { teachingError } from '../standards/teaching-error';

/** What is captured, and the serving with the rights that it takes. */
export interface Captured {
  readonly config?: CfnEndpointConfig.DataCaptureConfigProperty;
  readonly serving: Serving;
}

/** Adds the capture of data to a way of serving. */
export function withDataCapture(scope: Construct, serving: Serving, capture: DataCapture | undefined): Captured {
  if (!capture) return { serving };
  requireRealtime(scope, serving);
  const destination = requirePayloadLocation(scope, 'dataCapture.destination', capture.destination);
  const { encryptionKey } = destination.bucket;
  expirePayloads(scope, [destination]);
  const objects = payloadObjects(destination);
  return {
    config: {
      enableCapture: true,
      initialSamplingPercentage: requireSampling(scope, capture.samplingPercent ?? 100),
      destinationS3Uri: payloadUri(destination),
      kmsKeyId: encryptionKey?.keyArn,
      captureOptions: requireModes(scope, capture).map(captureMode => ({ captureMode })),
    },
    serving: {
      ...serving,
      payloads: [...serving.payloads, objects],
      roleStatements: [
        ...serving.roleStatements,
        new PolicyStatement({ sid: 'KeepCapturedData', actions: ['s3:PutObject', 's3:AbortMultipartUpload'], resources: [objects] }),
        ...encryptionKey ? [new PolicyStatement({
          sid: 'EncryptCapturedData',
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          resources: [encryptionKey.keyArn],
          conditions: { StringEquals: { 'kms:ViaService': serviceHost('s3', Stack.of(scope).region) } },
        })] : [],
      ],
    },
  };
}

function requireRealtime(scope: Construct, { kind }: Serving): void {
  if (kind !== 'asynchronous') return;
  throw teachingError(scope, {
    problem: 'The requests and answers of an asynchronous endpoint are in S3 already, and SageMaker captures none of them',
    given: 'dataCapture with Inference.asynchronous()',
    allowed: 'dataCapture with Inference.realtime()',
    fix: 'remove dataCapture, and give the input and output locations a longer expiration',
  });
}

function requireSampling(scope: Construct, percent: number): number {
  if (Token.isUnresolved(percent) || (Number.isInteger(percent) && percent >= 0 && percent <= 100)) return percent;
  throw teachingError(scope, {
    problem: 'SageMaker cannot keep this part of the requests',
    given: percent,
    allowed: 'a whole number of percent, 0 to 100',
    fix: 'samplingPercent: 100',
  });
}

function requireModes(scope: Construct, { requests = true, answers = true }: DataCapture): string[] {
  const modes = [...requests ? ['Input'] : [], ...answers ? ['Output'] : []];
  if (modes.length > 0) return modes;
  throw teachingError(scope, {
    problem: 'Neither requests nor answers are kept, so there is nothing to capture',
    given: { requests, answers },
    allowed: 'one of them, or both',
    fix: 'remove dataCapture',
  });
}
