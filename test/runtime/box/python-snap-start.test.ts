import { httpEvent } from '../../support/runtime-events';
import { DENIED, FakeAws } from '../../support/runtime-fake-aws';
import { LambdaFunction } from '../../support/runtime-function';
import { emittedMetrics } from '../../support/runtime-log';
import { PYTHONS } from '../../support/runtime-pythons';

jest.setTimeout(120_000);

/** Does before the snapshot what makes a first request fast: it has called a model, and its circuit is open. */
const CODE = `
import random, threading
from plumbline import BedrockClientFactory

random.seed(7)
client = BedrockClientFactory.create(task_type="classification", allow_cross_region=True)

def ask():
    try:
        client.invoke_model(modelId="amazon.nova-lite-v1:0", body="{}")
    except client.exceptions.ValidationException:
        pass
    for thread in threading.enumerate():
        if thread.name == "plumbline-task-types":
            thread.join(10)

def circuit():
    return client._settings.state.circuit

ask()
for _ in range(3):
    circuit().fell_back("throttling", "closed")
before = {"circuit": circuit().decide(), "random": random.Random(7).random()}

def handler(event, context):
    ask()
    return {"before": before, "after": {"circuit": circuit().decide(), "random": random.random()}}
`;

interface Found { readonly circuit: string; readonly random: number }

describe.each(PYTHONS)('%s: a function that Lambda restores from a snapshot', (_name, python) => {
  let aws: FakeAws;
  beforeEach(async () => { aws = await FakeAws.start(); });
  afterEach(() => aws.close());

  const started = (use: (fn: LambdaFunction) => Promise<void>) => LambdaFunction.with({
    python,
    code: { 'index.py': CODE },
    environment: {
      AWS_LAMBDA_INITIALIZATION_TYPE: 'snap-start',
      AWS_ENDPOINT_URL: aws.url,
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_SESSION_TOKEN: '',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${aws.url}/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'the-token',
      PLUMBLINE_PROBE: 'BASIC',
      PLUMBLINE_CLIENT_POLICY: 'chat/test/policy',
    },
  }, use);

  test('begins anew: probe, connections, circuit, chance and what AppConfig said', async () => {
    await started(async fn => {
      const restore = await fn.snapshot();
      const before = [...aws.requests];
      expect(before.filter(({ action }) => action === 'GetCallerIdentity')).toHaveLength(1);
      restore();
      const answer = JSON.parse((await fn.invoke(httpEvent())).body) as { body: string };
      const { data } = JSON.parse(answer.body) as { data: { before: Found; after: Found } };
      expect([data.before.circuit, data.after.circuit]).toEqual(['open', 'closed']);
      expect(data.after.random).not.toBe(data.before.random);

      const after = aws.requests.slice(before.length);
      // boto3 keeps its credentials while they are good, by the clock on the wall.
      const actionsOf = (requests: typeof before) =>
        requests.map(({ action }) => action).filter(action => action !== 'GetCredentials').sort();
      expect(actionsOf(after)).toEqual(actionsOf(before));
      const portOf = (requests: typeof before) => requests.find(({ action }) => action === 'InvokeModel')!.port;
      expect(portOf(after)).not.toBe(portOf(before));
      expect(emittedMetrics(fn.output).filter(({ name }) => name === 'ErrorCount')).toEqual([]);
    });
  });

  test('signs its probe with the credentials that Lambda keeps for it', async () => {
    await started(async fn => {
      await fn.snapshot();
      expect(aws.requestsOf('GetCredentials')[0].headers.authorization).toBe('the-token');
      for (const action of ['GetCallerIdentity', 'ListFoundationModels'] as const) {
        expect(aws.requestsOf(action)[0].headers.authorization).toMatch(/Credential=AKIAOFTHECONTAINER\//);
      }
      expect(await fn.log()).not.toContainEqual(expect.objectContaining({ event: 'iam_probe_skipped' }));
    });
  });

  test('fails the restore once its role is denied, and tells no role', async () => {
    await started(async fn => {
      const restore = await fn.snapshot();
      aws.answer({ ListFoundationModels: DENIED });
      restore();
      const error = await fn.startError();
      expect(error).toMatchObject({ kind: 'restoreError' });
      expect(error.body).toMatch(/LambdaInitException/);
      expect(error.body).not.toMatch(/arn:aws/);
      expect(await fn.log()).toContainEqual(expect.objectContaining({ event: 'iam_validation_failed' }));
    });
  });
});
