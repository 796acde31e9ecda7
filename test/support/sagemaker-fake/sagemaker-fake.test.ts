import { SageMakerRuntime } from '@aws-sdk/client-sagemaker-runtime';
import { JPEG_BYTES, pictureOf } from './answers';
import type { BehaviourName } from './behaviours';
import { SageMakerFake } from './sagemaker-fake';

const PROMPT = 'A cat that looks at a pond';
const TEXT = { EndpointName: 'text', ContentType: 'application/json' };
const IMAGE = { EndpointName: 'image', ContentType: 'application/json' };

let fake: SageMakerFake;
/** The SDK as it comes, so that the fake is held against the SDK's own model of the service. */
let client: SageMakerRuntime;

beforeAll(async () => {
  fake = await SageMakerFake.start({ text: 'falcon', image: 'stable-diffusion' });
  client = new SageMakerRuntime({
    endpoint: fake.url, region: 'us-east-1', maxAttempts: 1, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  });
});
afterAll(async () => {
  client.destroy();
  await fake.stop();
});
beforeEach(() => fake.play('ok'));

const json = (body: unknown) => JSON.stringify(body);
const read = (body: Uint8Array | undefined): any => JSON.parse(Buffer.from(body!).toString());

test('a text endpoint answers as Text Generation Inference does', async () => {
  const { Body, ContentType, InvokedProductionVariant } = await client.invokeEndpoint({ ...TEXT, Body: json({ inputs: 'Sum up: …' }) });
  expect([read(Body), ContentType, InvokedProductionVariant])
    .toEqual([[{ generated_text: expect.stringContaining('pond') }], 'application/json', 'AllTraffic']);
});

test('a text endpoint streams server-sent events, cut anywhere', async () => {
  const { Body } = await client.invokeEndpointWithResponseStream({ ...TEXT, Body: json({ inputs: 'Sum up: …', stream: true }) });
  const parts: string[] = [];
  for await (const { PayloadPart } of Body!) parts.push(Buffer.from(PayloadPart!.Bytes!).toString());
  expect(parts.length).toBeGreaterThan(3);
  const events = parts.join('').split('\n\n').filter(Boolean).map(event => JSON.parse(event.replace(/^data:/, '')));
  expect(events.map(({ token }) => token.text).join('')).toBe(events.at(-1).generated_text);
});

test('an image endpoint answers with nested pixels of up to 20 MB, and with a JPEG where one is asked for', async () => {
  const large = await client.invokeEndpoint({ ...IMAGE, Body: json({ prompt: PROMPT, width: 1088, height: 1088 }) });
  expect(large.Body!.length).toBeGreaterThan(18_000_000);
  expect(large.Body!.length).toBeLessThan(20_000_000);
  expect(read(large.Body).generated_images[0]).toHaveLength(1088);
  const small = await client.invokeEndpoint({ ...IMAGE, Body: json({ prompt: PROMPT, width: 64, height: 32 }) });
  expect(read(small.Body).generated_images[0].flat(2)).toEqual([...pictureOf({ width: 64, height: 32 }).pixels]);
  fake.play('largest');
  const largest = await client.invokeEndpoint({ ...IMAGE, Body: json({ prompt: PROMPT, width: 64, height: 32 }) });
  expect(largest.Body).toHaveLength(20_000_000);
  expect(read(largest.Body)).toEqual(read(small.Body));
  fake.play('ok');
  const jpeg = await client.invokeEndpoint({ ...IMAGE, Accept: 'application/json;jpeg', Body: json({ prompt: PROMPT }) });
  expect(Buffer.from(read(jpeg.Body).generated_images[0], 'base64')).toEqual(JPEG_BYTES);
});

test('an asynchronous endpoint says where the answer will be, and takes 128,000 bytes inline', async () => {
  const InputLocation = 's3://bucket/input.json';
  const { $metadata, ...accepted } = await client.invokeEndpointAsync({ ...IMAGE, InputLocation, InferenceId: 'one' });
  expect(accepted).toEqual({
    InferenceId: 'one', OutputLocation: 's3://fake-output/image/one.out', FailureLocation: 's3://fake-output/image/one-error.out',
  });
  expect($metadata.httpStatusCode).toBe(202);
  await expect(client.invokeEndpointAsync({ ...IMAGE, Body: Buffer.alloc(128_001) })).rejects.toMatchObject({ name: 'ValidationError' });
  await expect(client.invokeEndpointAsync(IMAGE)).rejects.toMatchObject({ name: 'ValidationError' });
});

test.each<[BehaviourName, string, object]>([
  ['throttle', 'ThrottlingException', { message: 'Rate exceeded' }],
  ['unavailable', 'ServiceUnavailable', { $fault: 'server' }],
  ['internal', 'InternalFailure', { $fault: 'server' }],
  ['dependency', 'InternalDependencyException', { $fault: 'server' }],
  ['not-ready', 'ModelNotReadyException', {}],
  ['validation', 'ValidationError', { $fault: 'client' }],
  ['model-error', 'ModelError', { OriginalStatusCode: 500, OriginalMessage: expect.stringContaining('CUDA') }],
  ['model-timeout', 'ModelError', { OriginalStatusCode: 0, LogStreamArn: expect.stringContaining('/aws/sagemaker/Endpoints/text') }],
])('%s is an error that the SDK knows', async (behaviour, name, members) => {
  fake.play(behaviour);
  await expect(client.invokeEndpoint({ ...TEXT, Body: json({ inputs: 'x' }) })).rejects.toMatchObject({ name, ...members });
});

test('a container that refuses its input is a model error with its own status', async () => {
  const refused = { name: 'ModelError', OriginalStatusCode: 422, OriginalMessage: expect.stringContaining('less than 1024 tokens') };
  await expect(client.invokeEndpoint({ ...TEXT, Body: json({ inputs: 'x'.repeat(5_000) }) })).rejects.toMatchObject(refused);
  await expect(client.invokeEndpoint({ ...IMAGE, Body: json({ prompt: PROMPT, width: 500 }) }))
    .rejects.toMatchObject({ name: 'ModelError', OriginalStatusCode: 400 });
});

test('an endpoint that does not exist is a validation error', async () => {
  await expect(client.invokeEndpoint({ EndpointName: 'nobody', Body: '{}' }))
    .rejects.toMatchObject({ name: 'ValidationError', message: expect.stringContaining('not found') });
});

test.each<[BehaviourName, string]>([
  ['stream-model-error', 'ModelStreamError'], ['stream-internal', 'InternalStreamFailure'],
])('%s breaks a stream that began well', async (behaviour, name) => {
  fake.play(behaviour);
  const { Body } = await client.invokeEndpointWithResponseStream({ ...TEXT, Body: json({ inputs: 'Sum up: …' }) });
  const events: unknown[] = [];
  await expect((async () => { for await (const event of Body!) events.push(event); })()).rejects.toMatchObject({ name });
  expect(events).toHaveLength(1);
});

test('an answer that is cut off, or closed early, is no answer', async () => {
  for (const behaviour of ['reset', 'cut-off', 'closed-early'] as const) {
    fake.play(behaviour);
    await expect(client.invokeEndpoint({ ...TEXT, Body: json({ inputs: 'x' }) })).rejects.toThrow();
  }
});

test('a plan is played one behaviour after the other, the last one for good', async () => {
  fake.play('throttle', 'ok');
  const outcome = () => client.invokeEndpoint({ ...TEXT, Body: json({ inputs: 'x' }) }).then(() => 'ok', ({ name }: Error) => name);
  expect([await outcome(), await outcome(), await outcome()]).toEqual(['ThrottlingException', 'ok', 'ok']);
  expect(fake.seen.map(({ behaviour }) => behaviour)).toEqual(['throttle', 'ok', 'ok']);
});
