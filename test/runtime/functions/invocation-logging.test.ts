import { CustomResourceCaller, withoutBooleans } from './support/custom-resource-caller';
import { FakeBedrockLogging, ROLE, STACK } from './support/fake-bedrock-logging';
import { failure, inTurn } from '../../support/fake-api';
import { startLibraryFunction } from '../../support/library-function';
import type { LambdaFunction } from '../../support/runtime-function';
import { GENERATIONS, NODE_24, type LambdaGeneration } from '../../support/runtime-generations';

jest.setTimeout(180_000);

const WANTED = {
  cloudWatchConfig: { logGroupName: 'ours', roleArn: ROLE, largeDataDeliveryS3Config: { bucketName: 'ours', keyPrefix: 'large' } },
  textDataDeliveryEnabled: true,
  imageDataDeliveryEnabled: false,
};
const THEIRS = { s3Config: { bucketName: 'theirs', keyPrefix: '' }, textDataDeliveryEnabled: true };
const FORMER_ROLE = 'arn:aws:iam::123456789012:role/former';
const WITH_ROLE = { cloudWatchConfig: { logGroupName: 'former', roleArn: FORMER_ROLE } };
const NOT_YET = failure('ValidationException', 400, 'Failed to validate permissions for log group: ours, with role: x.');
const PUT = 'PUT /logging/modelinvocations';
const GET = 'GET /logging/modelinvocations';
const DELETE = 'DELETE /logging/modelinvocations';

let account: FakeBedrockLogging;
let fn: LambdaFunction;
let caller: CustomResourceCaller;

const request = (type: 'Create' | 'Update' | 'Delete', properties: object = {}, fields: object = {}) =>
  caller.call(type, { loggingConfig: WANTED, recordName: '/log/before', formerRoleArn: '', ...properties }, fields);
const lines = async (message: string) => (await fn.log()).filter(line => line.message === message);

function runOn(generation: LambdaGeneration): void {
  beforeAll(async () => {
    account = await FakeBedrockLogging.start();
    fn = await startLibraryFunction({ name: 'invocation-logging', generation, aws: account.api });
    caller = await CustomResourceCaller.start(fn);
  });
  beforeEach(() => account.reset());
  afterAll(async () => {
    await fn.stop();
    account.api.close();
    caller.close();
  });
}

describe.each(GENERATIONS)('the function of the invocation log on %s', (_name, generation) => {
  runOn(generation);

  test('turns the log on where there was none, and off again', async () => {
    expect(await request('Create')).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: expect.stringMatching(/^Log-[0-9a-f]{16}$/) });
    expect(account.configuration).toEqual(WANTED);
    expect(account.record('/log/before')).toMatchObject({ owner: { stackId: STACK, logicalId: 'Log' }, before: null });

    expect(await request('Delete')).toMatchObject({ Status: 'SUCCESS' });
    expect(account.configuration).toBeUndefined();
    expect(account.parameters.size).toBe(0);
  });

  test('restores what was there before, after updates, replays and a rollback', async () => {
    account.configuration = THEIRS;
    await request('Create');
    await request('Create');
    await request('Update', { loggingConfig: { ...WANTED, textDataDeliveryEnabled: false } });
    await request('Update');
    expect(account.configuration).toEqual(WANTED);
    await request('Delete');
    expect(account.configuration).toEqual(THEIRS);
    expect(await request('Delete')).toMatchObject({ Status: 'SUCCESS' });
    expect(account.configuration).toEqual(THEIRS);
  });

  test('leaves what others have put since, and says so', async () => {
    await request('Create');
    account.configuration = THEIRS;
    expect(await request('Delete')).toMatchObject({ Status: 'SUCCESS' });
    expect(account.configuration).toEqual(THEIRS);
    expect(account.parameters.size).toBe(0);
    expect((await lines('invocation_logging_left')).pop()).toMatchObject({
      level: 'WARN', fields: { reason: 'was changed by others since', current: THEIRS, before: null },
    });
  });

  test('takes its own configuration for its own after a change by hand of its details: its role goes with it', async () => {
    await request('Create');
    account.configuration = { ...WANTED, textDataDeliveryEnabled: false };
    await request('Delete');
    expect(account.configuration).toBeUndefined();
  });

  test('an update overwrites a change by hand, and says what it was', async () => {
    await request('Create');
    account.configuration = THEIRS;
    await request('Update');
    expect(account.configuration).toEqual(WANTED);
    expect((await lines('invocation_logging_overwritten')).pop()).toMatchObject({ fields: { changed_by_hand: THEIRS } });
  });

  test('knows its configuration in the words of a Region that knows fewer kinds of data, and adds a slash', async () => {
    account.normalise = ({ audioDataDeliveryEnabled, ...known }) => ({ ...known, s3Config: { bucketName: 'ours', keyPrefix: 'log/' } });
    const loggingConfig = { s3Config: { bucketName: 'ours', keyPrefix: 'log' }, audioDataDeliveryEnabled: true };
    await request('Create', { loggingConfig });
    await request('Delete', { loggingConfig });
    expect(account.configuration).toBeUndefined();
  });

  test('takes nothing away that it could not restore, and says what to do', async () => {
    account.configuration = WITH_ROLE;
    const answer = await request('Create');
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/Found: arn:\S+:role\/former\. .*set formerRole/) });
    expect(await request('Delete')).toMatchObject({ Status: 'SUCCESS' });
    expect(account.configuration).toEqual(WITH_ROLE);
    expect(account.parameters.size).toBe(0);
  });

  test('restores an earlier role that it may pass', async () => {
    account.configuration = WITH_ROLE;
    await request('Create', { formerRoleArn: FORMER_ROLE });
    expect(account.configuration).toEqual(WANTED);
    await request('Delete', { formerRoleArn: FORMER_ROLE });
    expect(account.configuration).toEqual(WITH_ROLE);
  });

  test.each(['ValidationException', 'AccessDeniedException'])('turns the log off where the earlier one is refused by %s', async code => {
    account.configuration = THEIRS;
    await request('Create');
    account.api.answer({ [PUT]: () => failure(code, 400, 'Failed to validate permissions for bucket: theirs') });
    expect(await request('Delete')).toMatchObject({ Status: 'SUCCESS' });
    expect(account.configuration).toBeUndefined();
    expect((await lines('invocation_logging_not_restored')).pop()).toMatchObject({ level: 'ERROR', fields: { before: THEIRS } });
  });

  test('a second owner is refused, and its end ends nothing', async () => {
    await request('Create');
    const other = { StackId: STACK.replace('Stack', 'Other'), LogicalResourceId: 'Log' };
    for (const second of [other, { LogicalResourceId: 'Renamed' }]) {
      expect(await request('Create', {}, second)).toMatchObject({
        Status: 'FAILED', Reason: expect.stringContaining(`Owner: Log of ${STACK}.`),
      });
      expect(await request('Delete', {}, second)).toMatchObject({ Status: 'SUCCESS' });
    }
    expect(account.configuration).toEqual(WANTED);
  });

  test('gives up in time to say so, and its end then changes nothing', async () => {
    account.configuration = THEIRS;
    account.api.answer({ [PUT]: () => NOT_YET });
    expect(await request('Create', {}, { timeoutMs: 22_000 })).toMatchObject({
      Status: 'FAILED', Reason: expect.stringMatching(/^ValidationException: Failed to validate .*log stream stream\)$/),
    });
    account.api.answer({ [PUT]: account.put });
    expect(await request('Delete')).toMatchObject({ Status: 'SUCCESS' });
    expect(account.configuration).toEqual(THEIRS);
    expect(account.parameters.size).toBe(0);
  });

  test.each([
    [GET, 'AccessDeniedException', 'bedrock:GetModelInvocationLoggingConfiguration is not allowed'],
    ['GetParameter', 'AccessDeniedException', 'ssm:GetParameter is not allowed'],
  ])('a denied %s fails the deployment with the words of AWS', async (operation, code, message) => {
    account.api.answer({ [operation]: () => failure(code, 403, message) });
    expect(await request('Create')).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(`${code}: ${message}`) });
    expect(account.configuration).toBeUndefined();
  });

  test.each([['by our role', WANTED], ['to our bucket alone', { s3Config: { bucketName: 'ours' }, textDataDeliveryEnabled: false }]])(
    'where its record was deleted by hand, it does not take its own log %s for what was before', async (_where, loggingConfig) => {
      await request('Create', { loggingConfig });
      account.parameters.clear();
      const changed = { ...loggingConfig, imageDataDeliveryEnabled: true };
      expect(await request('Update', { loggingConfig: changed }, { OldResourceProperties: withoutBooleans({ loggingConfig }) }))
        .toMatchObject({ Status: 'SUCCESS' });
      await request('Delete', { loggingConfig: changed });
      expect(account.configuration).toBeUndefined();
    });

  test('of two owners that begin at once, one fails', async () => {
    await request('Create');
    const known = account.parameters.get('/log/before');
    account.configuration = undefined; // The first one has not put it yet.
    account.api.answer({ GetParameter: () => failure('ParameterNotFound') });
    expect(await request('Create', {}, { LogicalResourceId: 'Other' })).toMatchObject({
      Status: 'FAILED', Reason: expect.stringContaining('ParameterAlreadyExists'),
    });
    expect(account.parameters.get('/log/before')).toBe(known);
  });

  test('a record that is gone when its deletion is tried again is no failure', async () => {
    await request('Create');
    const deleteRecord = ({ Name }: { Name: string }) => {
      account.parameters.delete(Name);
      return failure('InternalServerError', 500);
    };
    account.api.answer({ DeleteParameter: inTurn(deleteRecord, () => failure('ParameterNotFound')) });
    expect(await request('Delete')).toMatchObject({ Status: 'SUCCESS' });
    expect(account.api.callsOf('DeleteParameter')).toHaveLength(2);
  });

  test('a deletion that fails is a failure, and can be repeated', async () => {
    await request('Create');
    account.api.answer({ [DELETE]: () => failure('InternalServerException', 400) });
    expect(await request('Delete')).toMatchObject({ Status: 'FAILED' });
    account.api.answer({ [DELETE]: account.delete });
    expect(await request('Delete')).toMatchObject({ Status: 'SUCCESS' });
    expect(account.configuration).toBeUndefined();
  });

  test('an answer is never longer than CloudFormation takes', async () => {
    account.api.answer({ [GET]: () => failure('ValidationException', 400, 'ä'.repeat(5_000)) });
    const answer = await request('Create');
    expect(answer.Status).toBe('FAILED');
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(4_096);
    expect(answer.Reason).toMatch(/ä…$/);
  });
});

describe('the function of the invocation log, when it has to wait,', () => {
  runOn(NODE_24);

  test('waits until a new role counts', async () => {
    account.api.answer({ [PUT]: inTurn(() => NOT_YET, account.put) });
    expect(await request('Create')).toMatchObject({ Status: 'SUCCESS' });
    expect(account.configuration).toEqual(WANTED);
  });

  test('a throttled call is made again', async () => {
    const throttled = () => failure('ThrottlingException', 429);
    account.api.answer({ [GET]: inTurn(throttled, throttled, account.get), [PUT]: inTurn(throttled, account.put) });
    expect(await request('Create')).toMatchObject({ Status: 'SUCCESS' });
    expect(account.configuration).toEqual(WANTED);
  });

  test('tells CloudFormation again when it does not listen, and at last lets Lambda repeat the call', async () => {
    caller.statuses = [500, 503];
    expect(await request('Create')).toMatchObject({ Status: 'SUCCESS' });
    caller.statuses = [500, 500, 500, 500, 500];
    const { kind, body } = await caller.invoke('Delete', { loggingConfig: WANTED, recordName: '/log/before', formerRoleArn: '' });
    expect(kind).toBe('error');
    expect(body).toContain('CloudFormation could not be told how it went: HTTP status 500');
    expect(fn.output).not.toContain('signature-of-the-address');
  });
});
