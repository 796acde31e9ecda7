import { readFileSync } from 'fs';
import { join } from 'path';
import { CfnParameter, Duration, Lazy, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { ENVIRONMENTS, functionIn, readerIn, registryApp, RegistryApp, roleIn, stackOf } from './support/registry-app';
import { StandardLambda } from '../../src/function';
import { PromptRegistry, PromptRegistryProps } from '../../src/prompts';

type Json = Record<string, unknown>;

const propertiesOf = (template: Template, type: string): Json[] =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties as Json);

describe('what it keeps', () => {
  const template = registryApp({ sandbox: true }).template();

  test('is locked in COMPLIANCE mode, versioned, closed, encrypted and logged, and stays', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        ObjectLockEnabled: true,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 365 } } },
        VersioningConfiguration: { Status: 'Enabled' },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true,
        },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{
            BucketKeyEnabled: false,
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: Match.anyValue() },
          }],
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        LoggingConfiguration: { LogFilePrefix: 'access/', DestinationBucketName: Match.anyValue() },
        LifecycleConfiguration: { Rules: [{ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' }] },
      },
    });
  });

  test('has a table that can be brought back and cannot be deleted', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: Match.anyValue() },
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    });
  });

  test('is signed by a key that only signs, and encrypted by one that rotates', () => {
    template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Retain', Properties: { KeySpec: 'RSA_3072', KeyUsage: 'SIGN_VERIFY' } });
    template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Retain', Properties: { EnableKeyRotation: true } });
  });

  test('speaks TLS only', () => {
    const policies = propertiesOf(template, 'AWS::S3::BucketPolicy');
    expect(policies).toHaveLength(3);
    for (const policy of policies) expect(JSON.stringify(policy)).toContain('{"Bool":{"aws:SecureTransport":"false"}}');
  });

  test('has a sandbox apart, without a lock, with a key of its own', () => {
    const buckets = propertiesOf(template, 'AWS::S3::Bucket');
    expect(buckets.map(({ ObjectLockEnabled }) => ObjectLockEnabled)).toEqual([undefined, true, undefined]);
    template.resourceCountIs('AWS::DynamoDB::Table', 2);
    template.resourceCountIs('AWS::KMS::Key', 3);
    registryApp().template().resourceCountIs('AWS::DynamoDB::Table', 1);
  });

  test('is kept as long as it is said', () => {
    registryApp({ retention: Duration.days(7) }).template().hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 7 } } },
    });
  });

  test('is found by a parameter', () => {
    const [{ Name, Value }] = propertiesOf(template, 'AWS::SSM::Parameter');
    expect(Name).toBe('/MangaAssist/prompt-registry');
    expect(JSON.stringify(Value).replaceAll('\\', '')).toContain('"environments":["dev","staging","prod"],"region":"us-east-1","sandbox":');
    template.hasOutput('*', { Value: { Ref: Match.stringLikeRegexp('Whereabouts') } });
  });

  test('says what a content policy is here, beside the standard', () => {
    const [{ Value }] = propertiesOf(registryApp({ policyPhrases: ['age rating', 'spoilers'] }).template(), 'AWS::SSM::Parameter');
    expect(JSON.stringify(Value).replaceAll('\\', '')).toContain('"policyPhrases":["age rating","spoilers"]');
    expect(JSON.stringify(propertiesOf(template, 'AWS::SSM::Parameter'))).not.toContain('policyPhrases');
  });
});

describe('foreign writes', () => {
  const ringing = (app: RegistryApp) => propertiesOf(app.template(), 'AWS::Events::Rule')[0].EventPattern as Json;

  test('are those of others than the pipeline, of whoever has no role behind, and all deletes', () => {
    const app = registryApp();
    const pipeline = { 'Fn::GetAtt': [app.stack.getLogicalId(app.pipeline.node.defaultChild as CfnFunction), 'Arn'] };
    const issuer = (arn: unknown) => ({ userIdentity: { sessionContext: { sessionIssuer: { arn } } } });
    expect(ringing(app)).toMatchObject({
      'source': ['aws.s3', 'aws.dynamodb'],
      'detail-type': ['AWS API Call via CloudTrail'],
      'detail': {
        readOnly: [false],
        $or: [issuer([{ 'anything-but': [pipeline] }]), issuer([{ exists: false }]), { eventName: [{ prefix: 'Delete' }] }],
      },
    });
  });

  test('of a role that joins the pipeline later are its own', () => {
    const app = registryApp();
    app.registry.grantPublish(roleIn(app.stack, 'Release'));
    expect(JSON.stringify(ringing(app))).toMatch(/anything-but":\[\{"Fn::GetAtt":\["Pipeline[^[]*\["Release/);
  });

  test('ring the alarm, and are kept with their identity', () => {
    const template = registryApp().template();
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'MangaAssist-PromptRegistry-ForeignWrite',
      Namespace: 'AWS/Events',
      MetricName: 'TriggeredRules',
      Dimensions: [{ Name: 'RuleName', Value: { Ref: Match.stringLikeRegexp('ForeignWrites') } }],
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
    });
    const [{ PolicyDocument }] = propertiesOf(template, 'AWS::Logs::ResourcePolicy');
    expect(JSON.stringify(PolicyDocument)).toMatch(/logs:PutLogEvents.*events\.amazonaws\.com.*delivery\.logs\.amazonaws\.com/);
  });

  test('are logged by a trail of nothing else, unless there is one', () => {
    const selector = (type: string) => ({
      FieldSelectors: Match.arrayWith([
        { Field: 'eventCategory', Equals: ['Data'] }, { Field: 'resources.type', Equals: [type] }, { Field: 'readOnly', Equals: ['false'] },
      ]),
    });
    registryApp().template().hasResourceProperties('AWS::CloudTrail::Trail', {
      IsLogging: true,
      EnableLogFileValidation: true,
      AdvancedEventSelectors: [selector('AWS::S3::Object'), selector('AWS::DynamoDB::Table')],
    });
    registryApp({ trail: false }).template().resourceCountIs('AWS::CloudTrail::Trail', 0);
  });
});

test('prompts that services refuse ring an alarm in each environment', () => {
  const names = propertiesOf(registryApp().template(), 'AWS::CloudWatch::Alarm').map(({ AlarmName }) => AlarmName as string);
  for (const environment of ENVIRONMENTS) {
    expect(names).toEqual(expect.arrayContaining([
      `MangaAssist-${environment}-PromptIntegrityFailureCount`, `MangaAssist-${environment}-PromptUnavailableCount`,
    ]));
  }
});

describe('refused is', () => {
  const token = Lazy.string({ produce: () => 'dev' });
  const foreign = (stack: Stack) => Role.fromRoleArn(stack, 'Foreign', 'arn:aws:iam::999999999999:role/pipeline');

  test.each<[string, (app: RegistryApp) => Partial<PromptRegistryProps>, RegExp]>([
    ['no environment', () => ({ environments: [] }), /no environments/],
    ['an environment twice', () => ({ environments: ['dev', 'dev'] }), /no environments/],
    ['an environment that is no name', () => ({ environments: ['Prod'] }), /match \^/],
    ['the sandbox as an environment', () => ({ environments: ['sandbox', 'prod'] }), /comes by the prop sandbox/],
    ['an environment known at deployment', () => ({ environments: [token] }), /<token>/],
    ['no role', () => ({ pipelineRoles: [] }), /Nobody could publish/],
    ['a role twice', ({ pipeline }) => ({ pipelineRoles: [pipeline, pipeline] }), /there twice/],
    ['a role of another account', ({ stack }) => ({ pipelineRoles: [foreign(stack)] }), /another account than the registry/],
    ['a phrase of nothing', () => ({ policyPhrases: [' '] }), /no phrases/],
    ['a phrase twice', () => ({ policyPhrases: ['Spoilers', 'spoilers '] }), /each once/],
    ['a phrase of two lines', () => ({ policyPhrases: ['age\nrating'] }), /one line/],
    ['a phrase known at deployment', () => ({ policyPhrases: [token] }), /known at synth/],
    ['more phrases than a parameter holds', () => ({ policyPhrases: Array.from({ length: 300 }, (_, at) => `phrase ${at}`) }), /2000 char/],
    ['a retention of no days', () => ({ retention: Duration.days(0) }), /whole days from 1/],
    ['a retention of hours', () => ({ retention: Duration.hours(36) }), /whole days from 1/],
    ['a retention of centuries', () => ({ retention: Duration.days(36501) }), /36500/],
    ['a retention known at deployment', ({ stack }) => ({
      retention: Duration.days(new CfnParameter(stack, 'Days', { type: 'Number' }).valueAsNumber),
    }), /known at synth/],
  ])('%s', (_name, props, message) => {
    const app = registryApp();
    expect(() => new PromptRegistry(app.stack, 'Second', { environments: ENVIRONMENTS, pipelineRoles: [app.pipeline], ...props(app) }))
      .toThrow(message);
  });

  test.each<[string, (app: RegistryApp) => unknown, RegExp]>([
    ['a reader without standards', ({ app, registry }) => registry.grantRead(functionIn(new Stack(app, 'Bare')), { prompts: ['a'] }),
      /no Standards/],
    ['a reader of an unknown environment', app => readerIn(app, 'qa', { prompts: ['a'] }),
      /has no prompts for the environment[^]*dev, staging, prod/],
    ['a reader of a sandbox that is not there', app => readerIn(app, 'sandbox', { prompts: ['a'] }), /has no prompts for the environment/],
    ['a reader of nothing', app => readerIn(app, 'prod', { prompts: [] }), /no prompts to read/],
    ['an id that is none', app => readerIn(app, 'prod', { prompts: ['../secret'] }), /no id of a prompt/],
    ['an id with a wildcard', app => readerIn(app, 'prod', { prompts: ['*'] }), /no id of a prompt/],
    ['an id twice', app => readerIn(app, 'prod', { prompts: ['a', 'a'] }), /there twice/],
    ['an id known at deployment', app => readerIn(app, 'prod', { prompts: [token] }), /known at synth/],
    ['a service as reader', ({ registry }) => registry.grantRead(new ServicePrincipal('lambda.amazonaws.com'), { prompts: ['a'] }),
      /no identity/],
    ['a reader of another account', ({ stack, registry }) => registry.grantRead(foreign(stack), { prompts: ['a'] }), /of its own account/],
    ['a publisher of another account', ({ stack, registry }) => registry.grantPublish(foreign(stack)), /another account/],
    ['a sandbox that is not there', ({ pipeline, registry }) => registry.grantSandbox(pipeline), /has no sandbox/],
  ])('%s', (_name, grant, message) => {
    expect(() => grant(registryApp())).toThrow(message);
  });

  test('a role of two environments', () => {
    const app = registryApp({ sandbox: true });
    const role = roleIn(stackOf(app.app, 'Roles', 'prod'), 'Shared', 'lambda.amazonaws.com');
    app.registry.grantRead(role, { prompts: ['greeting'] });
    const sandbox = stackOf(app.app, 'Trial', 'sandbox');
    const fn = functionIn(sandbox, 'Trial');
    Object.defineProperty(fn, 'grantPrincipal', { value: role });
    expect(() => app.registry.grantRead(fn, { prompts: ['greeting'] }))
      .toThrow(/two environments[^]*the sandbox, or an environment with customers/);
    expect(() => app.registry.grantSandbox(role)).toThrow(/the sandbox, or an environment with customers/);
  });

  test('a second registry for one reader', () => {
    const app = registryApp();
    const fn = readerIn(app, 'prod', { prompts: ['greeting'] });
    const second = new PromptRegistry(stackOf(app.app, 'Other', 'staging'), 'Second', {
      environments: ENVIRONMENTS, pipelineRoles: [roleIn(Stack.of(fn), 'P')],
    });
    expect(() => second.grantRead(fn, { prompts: ['closing'] })).toThrow(/another registry already/);
  });

  test('more prompts than a function\'s environment has room for', () => {
    const app = registryApp();
    readerIn(app, 'prod', { prompts: Array.from({ length: 60 }, (_value, index) => `a-prompt-with-quite-a-long-name-${index}`) });
    expect(() => app.app.synth()).toThrow(/no room for so many prompts/);
  });
});

test('a registry and its readers pass AwsSolutions and PlumblineChecks', () => {
  const app = registryApp({ sandbox: true }, true);
  for (const environment of ['prod', 'sandbox']) {
    const service = new StandardLambda(stackOf(app.app, environment, environment, true), 'Chat', {
      serviceName: 'chat', code: Code.fromInline('exports.handler = 1'), handler: 'index.handler',
    });
    app.registry.grantRead(service, { prompts: ['greeting'] });
  }
  app.registry.grantSandbox(roleIn(app.stack, 'Author'));
  Validations.of(app.app).addPlugins(new AwsSolutionsChecks(app.app));
  expect(() => app.app.synth()).not.toThrow();
});

test('the example of docs/prompt-registry.md synthesises', () => {
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'prompt-registry.md'), 'utf8');
  const [, code] = /<!-- prompt-registry:typescript -->\n```ts\n([^]*?)```/.exec(page)!;
  const { outputText } = transpileModule(code, { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } });
  const load = (name: string): unknown => jest.requireActual(name === 'cdk-plumbline' ? '../../src' : name);
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- it is the page's own code
  const stack = (new Function('require', 'exports', `${outputText}\nreturn stack;`) as (...args: unknown[]) => Stack)(load, {});
  Template.fromStack(stack).resourceCountIs('AWS::DynamoDB::Table', 2);
});
