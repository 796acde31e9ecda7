import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { GenAiEndpoint, GenAiModel, Inference, StandardLambda, Standards } from '../src';
import { Resources, simulate, World } from './support/endpoint-simulation';
import { onDemandPackages } from './support/on-demand-packages';
import { Cell, table } from '../build-tools/table';

const PEERS = { '@cdklabs/generative-ai-cdk-constructs': '0.1.318' };
const [PEER] = Object.keys(PEERS);
const MAX = 4;
const WORLD: World = { concurrency: 4, answerSeconds: 10, startSeconds: 360, timeoutSeconds: 60, queueHours: 6 };
const HOUR = 360;
const CODE = 'exports.handler = async () => 1';

/** Requests a second in each ten seconds of a day. */
const TRACES: Record<string, number[]> = {
  ramp: day(tick => Math.max(0, 1.2 - Math.abs(tick / HOUR - 12) * 0.2)),
  spike: day(tick => (tick >= 8 * HOUR && tick < 8 * HOUR + 60 ? 1.2 : tick >= 6 * HOUR && tick < 20 * HOUR ? 0.05 : 0)),
  night: day(tick => (tick >= 8 * HOUR && tick < 20 * HOUR ? 0.3 : 0)),
};

function day(rate: (tick: number) => number): number[] {
  return Array.from({ length: 24 * HOUR }, (_value, tick) => rate(tick));
}

interface Granting { grantInvoke(fn: Function): unknown }
interface Peer {
  CustomSageMakerEndpoint: new (scope: Stack, id: string, props: object) => Granting;
  JumpStartSageMakerEndpoint: new (scope: Stack, id: string, props: object) => Granting;
  JumpStartModel: Record<string, unknown>;
  SageMakerInstanceType: Record<string, unknown>;
  DeepLearningContainerImage: { fromDeepLearningContainerImage(repository: string, tag: string): unknown };
}

type Build<Made = unknown> = (stack: Stack) => Made;

function ours(inference: (stack: Stack) => Inference, minInstances?: number): Build {
  const scaling = { minInstances, maxInstances: MAX };
  return stack => new GenAiEndpoint(stack, 'Endpoint', { model: falcon(), inference: inference(stack), scaling });
}

const falcon = () => GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16');
const payloads = (stack: Stack) => Inference.asynchronous({ output: { bucket: Bucket.fromBucketName(stack, 'Payloads', 'payloads') } });

function peer(library: Peer, isAsynchronous: boolean): Build<Granting> {
  return stack => new library.CustomSageMakerEndpoint(stack, 'Endpoint', {
    modelId: 'falcon',
    endpointName: 'falcon',
    instanceType: library.SageMakerInstanceType.ML_G5_2XLARGE,
    container: library.DeepLearningContainerImage.fromDeepLearningContainerImage(
      'huggingface-pytorch-tgi-inference', '2.4.0-tgi2.4.0-gpu-py311-cu124-ubuntu22.04'),
    modelDataUrl: 's3://models/falcon/',
    minCapacity: isAsynchronous ? 0 : 1,
    maxCapacity: MAX,
    asyncInference: isAsynchronous ? { outputPath: 's3://payloads/out', failurePath: 's3://payloads/failed' } : undefined,
  });
}

function newStack(): Stack {
  return new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
}

function simulated(builds: Record<string, Build>): Cell[][] {
  return Object.keys(TRACES).flatMap(trace => Object.entries(builds).map(([name, build]) => {
    const stack = newStack();
    build(stack);
    const { requests, lost, instanceHours, firstReplySeconds, longestWaitSeconds } =
      simulate(Template.fromStack(stack).toJSON().Resources as Resources, TRACES[trace], WORLD);
    const first = firstReplySeconds === undefined ? '-' : `${Math.round(firstReplySeconds / 6) / 10} min`;
    return [trace, name, requests, lost, instanceHours, first, `${Math.round(longestWaitSeconds / 6) / 10} min`];
  }));
}

/** What AwsSolutions finds in an endpoint and a function that may call it. */
function findings(library: Peer): Record<string, string[]> {
  const own = (inference: (stack: Stack) => Inference) => violationsIn(stack => {
    Standards.apply(stack, { product: 'Shop', environment: 'prod', checks: false });
    const caller = new StandardLambda(stack, 'Caller', { serviceName: 'caller', code: Code.fromInline(CODE), handler: 'index.handler' });
    new GenAiEndpoint(stack, 'Endpoint', { model: falcon(), inference: inference(stack) }).grantInvoke(caller);
  });
  const theirs = (build: (stack: Stack) => Granting) => violationsIn(stack => {
    const runtime = Runtime.NODEJS_22_X;
    build(stack).grantInvoke(new Function(stack, 'Caller', { code: Code.fromInline(CODE), handler: 'index.handler', runtime }));
  });
  return {
    'cdk-plumbline, real time': own(() => Inference.realtime()),
    'cdk-plumbline, asynchronous': own(payloads),
    'generative-ai-cdk-constructs, real time': theirs(stack => new library.JumpStartSageMakerEndpoint(stack, 'Endpoint', {
      model: library.JumpStartModel.HUGGINGFACE_LLM_FALCON_7B_INSTRUCT_BF16_4_6_16,
      endpointName: 'falcon',
      instanceType: library.SageMakerInstanceType.ML_G5_2XLARGE,
    })),
    'generative-ai-cdk-constructs, asynchronous': theirs(peer(library, true)),
  };
}

/** One entry for each resource that a rule finds. */
function violationsIn(build: (stack: Stack) => void): string[] {
  const stack = newStack();
  build(stack);
  return new AwsSolutionsChecks().validateScope(stack.node.root).violations
    .flatMap(({ ruleName, violatingResources }) => violatingResources.map(() => ruleName.replace(/\[.*/, ''))).sort();
}

function main(): void {
  const library = (onDemandPackages('endpoint-scaling', PEERS)(PEER) as { sagemaker_deployment: Peer }).sagemaker_deployment;
  const rows = simulated({
    'cdk-plumbline, real time': ours(() => Inference.realtime()),
    'cdk-plumbline, scaleToZero': ours(() => Inference.realtime({ scaleToZero: true })),
    'cdk-plumbline, asynchronous': ours(payloads),
    'generative-ai-cdk-constructs, real time': peer(library, false),
    'generative-ai-cdk-constructs, asynchronous': peer(library, true),
  });
  const found = findings(library);
  const text = [
    `A day of requests. An instance works on ${WORLD.concurrency} at once for ${WORLD.answerSeconds} s each, and needs `
      + `${WORLD.startSeconds / 60} minutes to start;`,
    `real-time callers give up after ${WORLD.timeoutSeconds} s. These are assumptions. Limits, policies and alarms are read from the `
      + `templates, with at most ${MAX} instances.`,
    `Versions: ${Object.entries(PEERS).map(entry => entry.join(' ')).join(', ')}.`,
    '',
    table(['trace', 'endpoint', 'requests', 'lost', 'instance hours', 'first reply from zero', 'longest wait'], rows),
    '',
    table(['an endpoint and its caller', 'AwsSolutions findings', 'rules'],
      Object.entries(found).map(([name, rules]) =>
        [name, rules.length, rules.join(', ') || '-'])),
  ].join('\n');
  console.log(text);
  if (process.argv.includes('--record')) record(text);
  const lossy = rows.filter(([, name, , lost]) => name === 'cdk-plumbline, asynchronous' && lost !== 0);
  const faulty = Object.entries(found).filter(([name, rules]) => name.startsWith('cdk-plumbline') && rules.length > 0);
  if (lossy.length === 0 && faulty.length === 0) return;
  console.error('\nAn asynchronous endpoint lost requests, or AwsSolutions has findings');
  process.exitCode = 1;
}

function record(text: string): void {
  const document = join(__dirname, '..', 'docs', 'sagemaker.md');
  const section = /(<!-- bench: begin -->\n)[^]*?(\n<!-- bench: end -->)/;
  writeFileSync(document, readFileSync(document, 'utf8').replace(section, (_match, begin: string, end: string) => `${begin}${text}${end}`));
}

main();
