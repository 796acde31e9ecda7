import { readFileSync } from 'fs';
import { join } from 'path';
import { App, NestedStack, Stack, StackProps } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { currentPrompt, withPrompt } from '../../runtime/node/bedrock/client/prompt-context';
import { BedrockInvocationLogging, BedrockInvocationLoggingProps, InvocationData, PlumblineChecks, Standards } from '../../src';
import { actionData, actionsOf, bedrockPrefixes, requestsOf } from '../bedrock/support/action-data';
import { deployed } from '../bedrock/support/deployed';
import { ACCOUNT, allows, PolicyJson } from '../bedrock/support/simulation';

const REGION = 'us-east-1';
const OURS = `arn:aws:iam::${ACCOUNT}:role/ours`;
const FORMER = `arn:aws:iam::${ACCOUNT}:role/former`;
const GRANTED = ['Delete', 'Get', 'Put'].map(verb => `bedrock:${verb}ModelInvocationLoggingConfiguration`);

function newApp(): App {
  const app = new App();
  Standards.apply(app, { product: 'MangaAssist', environment: 'prod', checks: false });
  return app;
}

function newStack(props: StackProps = { env: { account: ACCOUNT, region: REGION } }): Stack {
  return new Stack(newApp(), 'Stack', props);
}

function templateOf(props: (stack: Stack) => BedrockInvocationLoggingProps = () => ({}), stack = newStack()): Template {
  new BedrockInvocationLogging(stack, 'Log', props(stack));
  return Template.fromStack(stack);
}

/** What the function is asked for. */
function loggingConfigOf(template: Template): any {
  return Object.values(template.findResources('Custom::BedrockInvocationLogging'))[0].Properties.loggingConfig;
}

const statementsOf = (template: Template, type: string, document = 'PolicyDocument'): any[] =>
  Object.values(template.findResources(type)).flatMap(({ Properties }) => Properties[document].Statement);

const OF_PLACE = {
  StringEquals: { 'aws:SourceAccount': ACCOUNT },
  ArnLike: { 'aws:SourceArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:bedrock:${REGION}:${ACCOUNT}:*`]] } },
};

/** With these names in the place of references. */
function functionPolicies(template: Template): PolicyJson[] {
  const policies = template.findResources('AWS::IAM::Policy', { Properties: { PolicyName: Match.stringLikeRegexp('LogFunction') } });
  const names = { 'AWS::Partition': 'aws', 'AWS::Region': REGION, 'AWS::AccountId': ACCOUNT };
  const role = Object.keys(template.findResources('AWS::IAM::Role')).find(id => /^LogRole/.test(id));
  return Object.values(policies).map(({ Properties }) => {
    const text = JSON.stringify(Properties.PolicyDocument).replaceAll(`{"Fn::GetAtt":["${role}","Arn"]}`, `"${OURS}"`);
    return deployed(JSON.parse(text), names) as PolicyJson;
  });
}

describe('by default', () => {
  const template = templateOf();

  test('all kinds of data go to CloudWatch, large bodies to S3', () => {
    const bucketName = { Ref: expect.stringMatching(/^LogBucket/) };
    expect(loggingConfigOf(template)).toEqual({
      cloudWatchConfig: {
        logGroupName: { Ref: expect.stringMatching(/^LogLogGroup/) },
        roleArn: { 'Fn::GetAtt': [expect.stringMatching(/^LogRole/), 'Arn'] },
        largeDataDeliveryS3Config: { bucketName, keyPrefix: 'large-data' },
      },
      textDataDeliveryEnabled: true,
      imageDataDeliveryEnabled: true,
      embeddingDataDeliveryEnabled: true,
      videoDataDeliveryEnabled: true,
      audioDataDeliveryEnabled: true,
    });
  });

  test('Bedrock may write to one log stream and one folder, for this account and Region only', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'bedrock.amazonaws.com' }, Condition: OF_PLACE }],
      },
    });
    expect(statementsOf(template, 'AWS::IAM::Policy')).toContainEqual({
      Sid: 'WriteInvocationLog',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: {
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:logs:${REGION}:${ACCOUNT}:log-group:`,
          { Ref: expect.stringMatching(/^LogLogGroup/) }, ':log-stream:aws/bedrock/modelinvocations']],
      },
    });
    expect(statementsOf(template, 'AWS::S3::BucketPolicy')).toContainEqual({
      Effect: 'Allow',
      Principal: { Service: 'bedrock.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: {
        'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringMatching(/^LogBucket/), 'Arn'] },
          `/large-data/AWSLogs/${ACCOUNT}/BedrockModelInvocationLogs/*`]],
      },
      Condition: OF_PLACE,
    });
  });

  test('the log is kept for 90 days, and stays when the construct goes', () => {
    template.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 90 }, DeletionPolicy: 'Retain' });
    template.hasResource('AWS::S3::Bucket', {
      Properties: { LifecycleConfiguration: { Rules: [{ ExpirationInDays: 90, Status: 'Enabled' }] } }, DeletionPolicy: 'Retain',
    });
  });

  test('Bedrock is told when its permissions and those of the function are there', () => {
    const [{ DependsOn: awaited, Properties }] = Object.values(template.findResources('Custom::BedrockInvocationLogging'));
    expect(awaited).toEqual(expect.arrayContaining([
      ...Object.keys(template.findResources('AWS::IAM::Policy')), ...Object.keys(template.findResources('AWS::S3::BucketPolicy')),
    ]));
    expect(Properties.ServiceTimeout).toBe('900');
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumEventAgeInSeconds: 900 });
  });
});

test('a log in S3 alone needs no role, and the function may pass none', () => {
  const template = templateOf(() => ({ s3: { prefix: 'bedrock' }, retention: RetentionDays.INFINITE, data: [InvocationData.TEXT] }));
  expect(loggingConfigOf(template)).toEqual({
    s3Config: { bucketName: { Ref: expect.stringMatching(/^LogBucket/) }, keyPrefix: 'bedrock' },
    textDataDeliveryEnabled: true,
    imageDataDeliveryEnabled: false,
    embeddingDataDeliveryEnabled: false,
    videoDataDeliveryEnabled: false,
    audioDataDeliveryEnabled: false,
  });
  expect(JSON.stringify(template.toJSON())).not.toContain('iam:PassRole');
  template.hasResourceProperties('AWS::S3::Bucket', { LifecycleConfiguration: Match.absent() });
});

test('both together share a bucket, and a key that CloudWatch Logs and Bedrock may use', () => {
  const template = templateOf(stack => ({ s3: {}, cloudWatch: {}, encryptionKey: new Key(stack, 'Key') }));
  template.resourceCountIs('AWS::S3::Bucket', 1);
  const key = { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] };
  expect(Object.values(template.findResources('AWS::Logs::LogGroup')).map(({ Properties }) => Properties.KmsKeyId)).toContainEqual(key);
  template.hasResourceProperties('AWS::S3::Bucket', {
    BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }] },
  });
  const granted = statementsOf(template, 'AWS::KMS::Key', 'KeyPolicy').slice(1);
  expect(granted).toEqual(expect.arrayContaining([
    expect.objectContaining({ Principal: { Service: 'bedrock.amazonaws.com' }, Action: 'kms:GenerateDataKey', Condition: OF_PLACE }),
    expect.objectContaining({
      Principal: { Service: 'logs.us-east-1.amazonaws.com' },
      Condition: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': {
            'Fn::Join': ['', [
              'arn:', { Ref: 'AWS::Partition' }, `:logs:${REGION}:${ACCOUNT}:log-group:*`,
            ]],
          },
        },
      },
    }),
  ]));
  expect(granted).toHaveLength(2);
});

test('a given log group and buckets are used, and those of the app let Bedrock write', () => {
  const template = templateOf(stack => ({
    cloudWatch: { logGroup: new LogGroup(stack, 'Given'), largeData: { bucket: new Bucket(stack, 'Large'), prefix: 'big' } },
    s3: { bucket: new Bucket(stack, 'Mine', { encryptionKey: new Key(stack, 'MyKey') }) },
  }));
  expect(loggingConfigOf(template)).toMatchObject({
    cloudWatchConfig: {
      logGroupName: { Ref: expect.stringMatching(/^Given/) },
      largeDataDeliveryS3Config: { bucketName: { Ref: expect.stringMatching(/^Large/) }, keyPrefix: 'big' },
    },
    s3Config: { bucketName: { Ref: expect.stringMatching(/^Mine/) } },
  });
  template.resourceCountIs('AWS::S3::Bucket', 2);
  template.resourceCountIs('AWS::S3::BucketPolicy', 2);
  const users = statementsOf(template, 'AWS::KMS::Key', 'KeyPolicy').map(({ Principal }) => Principal);
  expect(users).toContainEqual({ Service: 'bedrock.amazonaws.com' });
});

test('an imported bucket and key stay as they are, and a warning says what they need', () => {
  const stack = newStack();
  templateOf(() => ({
    s3: { bucket: Bucket.fromBucketName(stack, 'Mine', 'mine') },
    cloudWatch: {},
    encryptionKey: Key.fromKeyArn(stack, 'Key', `arn:aws:kms:${REGION}:${ACCOUNT}:key/1`),
  }), stack);
  const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));
  expect(warnings).toEqual(expect.arrayContaining([
    expect.stringContaining('cdk-plumbline:invocationLogBucketPolicy'), expect.stringContaining('cdk-plumbline:invocationLogKeyPolicy'),
  ]));
});

describe('what cannot work is an error at synth', () => {
  test.each<[string, (stack: Stack) => BedrockInvocationLoggingProps, RegExp]>([
    ['a bucket of another account', stack => ({
      s3: { bucket: Bucket.fromBucketAttributes(stack, 'B', { bucketName: 'theirs', account: '210987654321' }) },
    }), /this bucket is in another.*210987654321/s],
    ['a log group of another Region', stack => ({
      cloudWatch: { logGroup: LogGroup.fromLogGroupArn(stack, 'G', `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:g`) },
    }), /this log group is in another.*eu-west-1/s],
    ['a slash before a prefix', () => ({ s3: { prefix: '/logs' } }), /slash.*write "logs"/s],
    ['a slash after a prefix', () => ({ cloudWatch: { largeData: { prefix: 'logs/' } } }), /slash.*write "logs"/s],
  ])('%s', (_name, props, message) => {
    expect(() => templateOf(props)).toThrow(message);
  });

  test.each<[string, StackProps]>([
    ['a known environment', { env: { account: ACCOUNT, region: REGION } }],
    ['any environment', {}],
  ])('a second log for one account and Region, in %s', (_name, props) => {
    const app = newApp();
    const first = new BedrockInvocationLogging(new Stack(app, 'One', props), 'Log');
    const other = new NestedStack(new Stack(app, 'Other', props), 'Nested');
    expect(() => new BedrockInvocationLogging(other, 'Log')).toThrow(/one invocation log an account and Region.*here One\/Log/s);
    expect(BedrockInvocationLogging.tryOf(other)).toBe(first);
  });
});

test('each Region has a log of its own', () => {
  const app = newApp();
  const logs = [REGION, 'eu-west-1'].map(region =>
    new BedrockInvocationLogging(new Stack(app, region, { env: { account: ACCOUNT, region } }), 'Log'));
  expect(BedrockInvocationLogging.tryOf(logs[1])).toBe(logs[1]);
  expect(BedrockInvocationLogging.tryOf(new Stack(app, 'Else', { env: { account: ACCOUNT, region: 'eu-west-2' } }))).toBeUndefined();
});

describe('the function', () => {
  const template = templateOf(stack => ({ cloudWatch: {}, s3: {}, formerRole: Role.fromRoleArn(stack, 'Former', FORMER) }));
  const policies = functionPolicies(template);
  const mayPass = (resource: string, service: string) =>
    allows(policies, { action: 'iam:PassRole', resource, context: { 'iam:PassedToService': service } });

  test('may do of all that Bedrock offers these three things', async () => {
    const requests = requestsOf(await actionsOf(await bedrockPrefixes(), 'aws', REGION));
    expect(requests.length).toBeGreaterThan(300);
    const granted = requests.filter(request => allows(policies, request)).map(({ action }) => action);
    expect([...new Set(granted)].sort()).toEqual(GRANTED);
  });

  test('may pass its role and the former one to Bedrock, and to nobody else', () => {
    for (const resource of [OURS, FORMER]) {
      expect(mayPass(resource, 'bedrock.amazonaws.com')).toBe(true);
      expect(mayPass(resource, 'lambda.amazonaws.com')).toBe(false);
    }
    expect(mayPass(`arn:aws:iam::${ACCOUNT}:role/admin`, 'bedrock.amazonaws.com')).toBe(false);
  });

  test('has a wildcard only where AWS defines an action without resources', async () => {
    const wide = policies.flatMap(({ Statement }) => Statement).filter(({ Resource }) => JSON.stringify(Resource).includes('*'));
    const actions = wide.flatMap(({ Action }) => Action);
    expect(actions).toEqual(GRANTED);
    for (const action of actions) expect((await actionData(action)).resourceTypes).toEqual([]);
  });

  test('keeps what was before in one parameter', () => {
    const parameter = (name: string) => `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/${name}`;
    expect(allows(policies, { action: 'ssm:PutParameter', resource: parameter('cdk-plumbline/bedrock-invocation-logging') })).toBe(true);
    expect(allows(policies, { action: 'ssm:PutParameter', resource: parameter('cdk-plumbline/other') })).toBe(false);
  });
});

describe.each<[string, StackProps]>([
  ['a known environment', { env: { account: ACCOUNT, region: REGION } }],
  ['GovCloud', { env: { account: ACCOUNT, region: 'us-gov-west-1' } }],
  ['any environment', {}],
])('in %s', (_name, props) => {
  test('neither AwsSolutions nor PlumblineChecks find anything', () => {
    const app = newApp();
    const stack = new Stack(app, 'Stack', props);
    const encryptionKey = new Key(stack, 'Key', { enableKeyRotation: true });
    new BedrockInvocationLogging(stack, 'Log', { cloudWatch: {}, s3: {}, encryptionKey });
    for (const pack of [new AwsSolutionsChecks(), new PlumblineChecks()]) expect(pack.validateScope(app).violations).toEqual([]);
  });
});

describe('docs/invocation-logging.md', () => {
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'invocation-logging.md'), 'utf8');

  test('its example synthesises with the checks on', () => {
    const [, code] = /<!-- invocation-logging:typescript -->\n```ts\n([^]*?)```/.exec(page)!;
    const { outputText } = transpileModule(code, { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } });
    const load = (name: string): unknown => jest.requireActual(name === 'cdk-plumbline' ? '../../src' : name);
    jest.spyOn(console, 'error').mockReturnValue(undefined); // That the CDK's own validation is off.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- it is the page's own code
    const stack = (new Function('require', 'exports', `${outputText}\nreturn stack;`) as (...args: unknown[]) => Stack)(load, {});
    Template.fromStack(stack).resourceCountIs('Custom::BedrockInvocationLogging', 1);
    jest.restoreAllMocks();
  });

  test('its queries know all metadata that the runtime adds to a call, and no other', () => {
    const prompt = withPrompt({ promptId: 'a', promptVersion: '1.0.0', promptHash: 'b' }, currentPrompt)!;
    const named = [...page.matchAll(/requestMetadata\.(\w+)/g)].map(([, name]) => name);
    expect([...new Set(named)].sort()).toEqual(['environment', 'service_name', ...Object.keys(prompt)].sort());
  });
});
