/* eslint-disable -- the style is the pages' */
// Written by test/sagemaker/docs.test.ts.
import { Duration, Size, Stack, TimeZone } from 'aws-cdk-lib';
import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import { IUserPool } from 'aws-cdk-lib/aws-cognito';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { ImageGenerationPlatform, TextGenerationPlatform } from '../../../src/platforms';
import { GenAiEndpoint, GenAiModel, Inference, ModelNotebook } from '../../../src/sagemaker';
import { Standards } from '../../../src/standards';

/** What the pages take as there, of the reader's own. */
export interface Things {
  readonly alarmTopic: ITopic;
  readonly bucket: s3.IBucket;
  readonly errorTopic: ITopic;
  readonly fn: IFunction;
  readonly userPool: IUserPool;
}

// Blocks of the pages:
function block0(this: Stack, { fn }: Things): void {
const endpoint = new GenAiEndpoint(this, 'Falcon', {
  model: GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16'),
  instanceType: 'ml.g5.4xlarge',
});
endpoint.grantInvoke(fn);
}

function block1(this: Stack, {  }: Things): void {
new GenAiEndpoint(this, 'Anywhere', {
  model: GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16'),
  instanceTypes: ['ml.g5.2xlarge', 'ml.g5.4xlarge', 'ml.g5.8xlarge'],
  capacityTimeout: Duration.minutes(30),
});
}

function block2(this: Stack, { bucket }: Things): void {
const model = GenAiModel.s3({
  files: { bucket, prefix: 'models/own/' },
  contextTokens: 8192,
  size: {
    weights: Size.bytes(14_483_464_192), // total_size of model.safetensors.index.json
    layers: 32, attentionHeads: 32, keyValueHeads: 8, headSize: 128, vocabulary: 32_000, contextTokens: 32_768, // config.json
  },
});
new GenAiEndpoint(this, 'Own', { model });
}

function block3(this: Stack, {  }: Things): void {
new GenAiEndpoint(this, 'Agreed', {
  model: GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16'),
  pricePerHour: 1.25, // a figure of yours
});
}

function block4(this: Stack, { errorTopic, fn }: Things): void {
const payloads = new s3.Bucket(this, 'Payloads', { enforceSSL: true });
const endpoint = new GenAiEndpoint(this, 'Batch', {
  model: GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16'),
  inference: Inference.asynchronous({
    output: { bucket: payloads, prefix: 'answers', expiration: Duration.days(30) },
    failure: { bucket: payloads, prefix: 'failures', expiration: Duration.days(30) },
    input: { bucket: payloads, prefix: 'requests', expiration: Duration.days(7) },
    errorTopic,
  }),
  scaling: { maxInstances: 4 },
});
endpoint.grantInvoke(fn);
}

function block5(this: Stack, {  }: Things): void {
new GenAiEndpoint(this, 'OfficeHours', {
  model: GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16'),
  inference: Inference.realtime({ scaleToZero: true }),
  schedule: {
    start: appscaling.Schedule.cron({ weekDay: 'MON-FRI', hour: '7', minute: '0' }),
    stop: appscaling.Schedule.cron({ weekDay: 'MON-FRI', hour: '19', minute: '0' }),
    timeZone: TimeZone.ASIA_TOKYO,
  },
});
}

function block6(this: Stack, {  }: Things): void {
new GenAiEndpoint(this, 'Tried', {
  model: GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16'),
  weight: 9,
  scaling: { maxInstances: 4 },
  furtherVariants: [{
    name: 'LargerHost', // a tenth of the requests
    model: GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16'),
    instanceType: 'ml.g5.4xlarge',
    weight: 1,
    scaling: { maxInstances: 2 },
  }],
});
}

function block7(this: Stack, {  }: Things): void {
const vpc = new ec2.Vpc(this, 'Vpc', { maxAzs: 2 });
const endpoint = new GenAiEndpoint(this, 'Watched', {
  model: GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16'),
});
new ModelNotebook(this, 'Notebook', { endpoint, vpc, idleStop: Duration.minutes(30) });
}

function block8(this: Stack, { alarmTopic, userPool }: Things): void {
Standards.apply(this, { product: 'Reader', environment: 'prod', alarmTopic });
new TextGenerationPlatform(this, 'Text', { userPool, cloudWatchRole: true });
}

function block9(this: Stack, { alarmTopic, userPool }: Things): void {
Standards.apply(this, { product: 'Painter', environment: 'prod', alarmTopic });
new ImageGenerationPlatform(this, 'Image', { userPool, cloudWatchRole: true });
}

export const BLOCKS: readonly ((this: Stack, things: Things) => void)[] = [block0, block1, block2, block3, block4, block5, block6, block7, block8, block9];
