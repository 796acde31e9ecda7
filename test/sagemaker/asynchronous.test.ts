import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal, User } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { falcon, VIRGINIA } from './support/endpoint-stack';
import { AsynchronousInferenceOptions, GenAiEndpoint, Inference } from '../../src/sagemaker';
import { actionsOf, everyPrefix } from '../bedrock/support/action-data';
import { deployed } from '../bedrock/support/deployed';
import { allows, allowsStrictly, PolicyJson } from '../bedrock/support/simulation';

type Options = Partial<AsynchronousInferenceOptions>;
interface Things { stack: Stack; bucket: IBucket; key: Key }

/** An endpoint with every place, topic and key, unless a case says otherwise. */
function endpointWith(change: (things: Things) => Options = () => ({}), stackProps = VIRGINIA) {
  const stack = new Stack(new App(), 'Stack', stackProps);
  const key = new Key(stack, 'Key');
  const bucket = new Bucket(stack, 'Bucket', { encryptionKey: key });
  const endpoint = new GenAiEndpoint(stack, 'Falcon', {
    model: falcon(),
    inference: Inference.asynchronous({
      output: { bucket, prefix: 'answers' },
      failure: { bucket, prefix: 'failures' },
      input: { bucket, prefix: 'requests' },
      successTopic: new Topic(stack, 'Success', { masterKey: key }),
      errorTopic: new Topic(stack, 'Error'),
      ...change({ stack, bucket, key }),
    }),
  });
  return { stack, endpoint };
}

function configOf(stack: Stack) {
  return Object.values(Template.fromStack(stack).findResources('AWS::SageMaker::EndpointConfig'))[0].Properties.AsyncInferenceConfig;
}

describe('the configuration', () => {
  test('names places, topics, key and concurrency', () => {
    const { stack } = endpointWith(() => ({ concurrencyPerInstance: 4 }));
    const inBucket = (prefix: string) => ({ 'Fn::Join': ['', ['s3://', { Ref: expect.stringMatching(/^Bucket/) }, `/${prefix}`]] });
    expect(configOf(stack)).toEqual({
      ClientConfig: { MaxConcurrentInvocationsPerInstance: 4 },
      OutputConfig: {
        S3OutputPath: inBucket('answers'),
        S3FailurePath: inBucket('failures'),
        KmsKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] },
        NotificationConfig: {
          SuccessTopic: { Ref: expect.stringMatching(/^Success/) }, ErrorTopic: { Ref: expect.stringMatching(/^Error/) },
        },
      },
    });
  });

  test('needs a place for answers only; failures lie beside them', () => {
    const stack = new Stack(new App(), 'Stack', VIRGINIA);
    const output = { bucket: Bucket.fromBucketName(stack, 'Bucket', 'payloads') };
    new GenAiEndpoint(stack, 'Falcon', { model: falcon(), inference: Inference.asynchronous({ output }) });
    expect(configOf(stack)).toEqual({ ClientConfig: {}, OutputConfig: { S3OutputPath: 's3://payloads', S3FailurePath: 's3://payloads' } });
  });

  test('takes values that only the deployment knows', () => {
    const { stack } = endpointWith(({ stack: scope, bucket }) => ({
      output: { bucket, prefix: new CfnParameter(scope, 'Prefix', { allowedPattern: '[a-z]*' }).valueAsString },
      concurrencyPerInstance: new CfnParameter(scope, 'Concurrency', { type: 'Number' }).valueAsNumber,
    }));
    expect(JSON.stringify(configOf(stack))).toMatch(/"MaxConcurrentInvocationsPerInstance":\{"Ref":"Concurrency"\}.*\{"Ref":"Prefix"\}/);
  });

  test('is of another endpoint name than in real time, for SageMaker turns none into the other', () => {
    const [{ Properties }] = Object.values(Template.fromStack(endpointWith().stack).findResources('AWS::SageMaker::Endpoint'));
    expect(Properties.EndpointName).toMatch(/^stack-falcon-[0-9a-f]{8}-async$/);
  });

  test('comes after the rights of the role', () => {
    Template.fromStack(endpointWith().stack).hasResource('AWS::SageMaker::Model', {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('ExecutionRolePolicy')]),
    });
  });

  test('payloads that expire do so with all their versions, once a place', () => {
    const { stack } = endpointWith(({ bucket }) => ({
      output: { bucket, prefix: 'all', expiration: Duration.days(7) }, failure: { bucket, prefix: 'all', expiration: Duration.days(7) },
    }));
    Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [{
          Prefix: 'all/',
          Status: 'Enabled',
          ExpirationInDays: 7,
          NoncurrentVersionExpiration: { NoncurrentDays: 7 },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
        }],
      },
    });
  });
});

describe('permissions', () => {
  const PARAMETERS = { 'AWS::Partition': 'aws', 'AWS::URLSuffix': 'amazonaws.com' };
  const ARNS: Record<string, string> = {
    Bucket: 'arn:aws:s3:::payloads',
    Key: 'arn:aws:kms:us-east-1:123456789012:key/k',
    Falcon: 'arn:aws:sagemaker:us-east-1:123456789012:endpoint/e',
    FalconLogGroup: 'arn:aws:logs:us-east-1:123456789012:log-group:logs:*',
    Success: 'arn:aws:sns:us-east-1:123456789012:success',
    Error: 'arn:aws:sns:us-east-1:123456789012:error',
  };
  const viaS3 = { 'kms:ViaService': 's3.us-east-1.amazonaws.com' };
  const viaSns = { 'kms:ViaService': 'sns.us-east-1.amazonaws.com' };

  /** The policies of one role as they are deployed, each resource of the app under its name in ARNS. */
  function policiesOf(stack: Stack, role: string): PolicyJson[] {
    const named = (value: unknown): unknown => JSON.parse(JSON.stringify(value), (_key, inner) => {
      const id = inner?.Ref ?? (inner?.['Fn::GetAtt']?.[1] === 'Arn' ? inner['Fn::GetAtt'][0] : undefined);
      const name = Object.keys(ARNS).find(known => typeof id === 'string' && new RegExp(`^${known}[0-9A-F]{8}$`).test(id));
      return name === undefined ? inner : ARNS[name];
    });
    return Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
      .filter(({ Properties }) => JSON.stringify(Properties.Roles).includes(role))
      .map(({ Properties }) => deployed(named(Properties.PolicyDocument), PARAMETERS) as PolicyJson);
  }

  const may = (policies: PolicyJson[]) => (action: string, resource: string, context: Record<string, string> = {}) =>
    allows(policies, { action, resource, context });

  function caller(stack: Stack, endpoint: GenAiEndpoint): Role {
    const role = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    endpoint.grantInvoke(role).assertSuccess();
    return role;
  }

  const ROLE_MAY: [string, string, Record<string, string>?][] = [
    ['s3:GetObject', `${ARNS.Bucket}/requests/1`],
    ['s3:PutObject', `${ARNS.Bucket}/answers/1.out`],
    ['s3:PutObject', `${ARNS.Bucket}/failures/1.out`],
    ['s3:AbortMultipartUpload', `${ARNS.Bucket}/answers/1.out`],
    ['s3:ListBucket', ARNS.Bucket],
    ['sns:Publish', ARNS.Success],
    ['sns:Publish', ARNS.Error],
    ['kms:Decrypt', ARNS.Key, viaS3],
    ['kms:GenerateDataKey', ARNS.Key, viaS3],
    ['kms:GenerateDataKey', ARNS.Key, viaSns],
  ];
  const CALLER_MAY: [string, string, Record<string, string>?][] = [
    ['sagemaker:InvokeEndpointAsync', ARNS.Falcon],
    ['s3:PutObject', `${ARNS.Bucket}/requests/1`],
    ['s3:GetObject', `${ARNS.Bucket}/answers/1.out`],
    ['s3:GetObject', `${ARNS.Bucket}/failures/1.out`],
    ['s3:ListBucket', ARNS.Bucket, { 's3:prefix': 'answers/1.out' }],
    ['s3:ListBucket', ARNS.Bucket, { 's3:prefix': 'failures/1.out' }],
    ['kms:Decrypt', ARNS.Key, viaS3],
    ['kms:GenerateDataKey', ARNS.Key, viaS3],
  ];

  test('the role and the callers may do what the endpoint needs, in policies that AWS could hold', async () => {
    const { stack, endpoint } = endpointWith();
    caller(stack, endpoint);
    for (const [role, wanted] of [['FalconExecutionRole', ROLE_MAY], ['Caller', CALLER_MAY]] as const) {
      const policies = policiesOf(stack, role);
      for (const [action, resource, context] of wanted) {
        expect({ role, action, resource, allowed: await allowsStrictly(policies, { action, resource, context }) })
          .toEqual({ role, action, resource, allowed: true });
      }
    }
  });

  test('they may not read each other\'s side, other prefixes or other topics, or use the key past S3 and SNS', () => {
    const { stack, endpoint } = endpointWith();
    caller(stack, endpoint);
    const role = may(policiesOf(stack, 'FalconExecutionRole'));
    const user = may(policiesOf(stack, 'Caller'));
    expect([
      role('s3:PutObject', `${ARNS.Bucket}/requests/1`),
      role('s3:GetObject', `${ARNS.Bucket}/answers/1.out`),
      role('s3:PutObject', `${ARNS.Bucket}/answers-of-others/1.out`),
      role('s3:PutObject', 'arn:aws:s3:::others/answers/1.out'),
      role('sns:Publish', 'arn:aws:sns:us-east-1:123456789012:other'),
      role('kms:Decrypt', ARNS.Key),
      user('s3:GetObject', `${ARNS.Bucket}/requests/1`),
      user('s3:PutObject', `${ARNS.Bucket}/answers/1.out`),
      user('s3:ListBucket', ARNS.Bucket),
      user('s3:ListBucket', ARNS.Bucket, { 's3:prefix': 'requests/' }),
      user('sagemaker:InvokeEndpoint', ARNS.Falcon),
      user('sagemaker:InvokeEndpointAsync', `${ARNS.Falcon}2`),
      user('kms:Decrypt', ARNS.Key),
    ].filter(Boolean)).toEqual([]);
  });

  test('of all actions of AWS, on its own resources or others, the role and the callers may do only these', async () => {
    const { stack, endpoint } = endpointWith();
    caller(stack, endpoint);
    const loading = [
      's3:GetObject', 's3:ListBucket', 'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer',
      'ecr:GetAuthorizationToken', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents', 'cloudwatch:PutMetricData',
    ];
    const context = { ...viaS3, 's3:prefix': 'answers/1', 'cloudwatch:namespace': 'AWS/SageMaker' };
    // The simulator leaves keys to their own policies, and nothing keeps a caller from asking who it is.
    const simulated = (names: string[]) =>
      [...new Set([...names.filter(name => !name.startsWith('kms:')), 'sts:GetCallerIdentity'])].sort();
    const actions = await actionsOf(await everyPrefix(), 'aws', 'us-east-1');
    for (const [role, wanted] of [['FalconExecutionRole', [...loading, ...ROLE_MAY.map(([action]) => action)]],
      ['Caller', CALLER_MAY.map(([action]) => action).concat('s3:AbortMultipartUpload')]] as const) {
      const policies = policiesOf(stack, role);
      const named = policies.flatMap(({ Statement }) => Statement.flatMap(({ Resource }) => [Resource].flat()))
        .map(resource => resource.replace(/\*$/, 'x'));
      const ofService = (action: string) => named.filter(resource => resource.startsWith(`arn:aws:${action.split(':')[0]}:`));
      const allowed = actions.filter(({ action, resources }) =>
        [...resources, ...ofService(action)].some(resource => allows(policies, { action, resource, context })));
      expect(allowed.map(({ action }) => action).sort()).toEqual(simulated([...wanted]));
    }
  }, 120_000);

  test('AwsSolutions has nothing to say about the policies of the role and of a caller', () => {
    const { stack, endpoint } = endpointWith(({ key }) => {
      const bucket = Bucket.fromBucketAttributes(key, 'Imported', { bucketName: 'payloads', encryptionKey: key });
      return { output: { bucket, prefix: 'answers' }, failure: { bucket, prefix: 'failures' }, input: { bucket } };
    });
    caller(stack, endpoint);
    const { violations } = new AwsSolutionsChecks().validateScope(stack.node.root);
    expect(violations.filter(({ ruleName }) => /IAM/.test(ruleName))).toEqual([]);
  });

  test('granting twice adds nothing', () => {
    const granted = (times: number) => {
      const { stack, endpoint } = endpointWith();
      const role = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
      for (let time = 0; time < times; time++) endpoint.grantInvoke(role);
      return Template.fromStack(stack).findResources('AWS::IAM::Policy');
    };
    expect(granted(2)).toEqual(granted(1));
  });

  test('a user can be granted too', () => {
    const { stack, endpoint } = endpointWith();
    endpoint.grantInvoke(new User(stack, 'User'));
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      Users: [{ Ref: Match.stringLikeRegexp('^User') }],
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Sid: 'GetAnswers' })]) },
    });
  });

  test('an immutable role stays as it is, and one warning holds all the statements', () => {
    const { stack, endpoint } = endpointWith();
    const roleArn = `arn:aws:iam::${VIRGINIA.env!.account}:role/theirs`;
    endpoint.grantInvoke(Role.fromRoleArn(stack, 'Theirs', roleArn, { mutable: false }));
    (stack.node.root as App).synth();
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('statementsNotAttached'));
    expect(warnings.map(({ entry }) => String(entry.data)))
      .toEqual([expect.stringMatching(/InvokeEndpointAsync.*PutRequests.*GetAnswers/)]);
  });
});

describe('is refused', () => {
  const refusal = (change: (things: Things) => Options) => {
    try {
      return Template.fromStack(endpointWith(change).stack) && 'nothing';
    } catch (fault) {
      return (fault as Error).message;
    }
  };

  test.each<[string, RegExp]>([
    ['nothing', /needs a place for its payloads: output[^]*fix: +Inference\.asynchronous\(\{ output: \{ bucket/],
    ['an empty object', /needs a place for its payloads: output/],
  ])('without an output: %s', (what, message) => {
    const stack = new Stack(new App(), 'Stack', VIRGINIA);
    const options = (what === 'nothing' ? undefined : {}) as AsynchronousInferenceOptions;
    expect(() => new GenAiEndpoint(stack, 'Falcon', { model: falcon(), inference: Inference.asynchronous(options) })).toThrow(message);
  });

  test.each(['', '/a', 'a/', 'a//b', 'a*', 'a?', 'a b', 'x'.repeat(444)])('the prefix %j', prefix => {
    expect(refusal(({ bucket }) => ({ input: { bucket, prefix } })))
      .toMatch(/^\[Stack\/Falcon\] This is no prefix for the payloads of input\.\n/);
  });

  test('a prefix that could hide a wildcard', () => {
    expect(refusal(({ stack, bucket }) => ({ output: { bucket, prefix: new CfnParameter(stack, 'Prefix').valueAsString } })))
      .toMatch(/A wildcard could hide/);
  });

  test.each([0, -1, 1001, 1.5, NaN])('a concurrency of %d', concurrencyPerInstance => {
    expect(refusal(() => ({ concurrencyPerInstance }))).toMatch(/cannot work on this number of requests at once[^]*1 to 1000/);
  });

  test('a bucket of another Region', () => {
    const bucketOf = (stack: Stack) => Bucket.fromBucketAttributes(stack, 'Far', { bucketName: 'far', region: 'eu-west-1' });
    expect(refusal(({ stack }) => ({ failure: { bucket: bucketOf(stack) } })))
      .toMatch(/The bucket of failure is in another Region[^]*given: +"eu-west-1"[^]*allowed: us-east-1/);
  });

  test('a topic of another Region', () => {
    expect(refusal(({ stack }) => ({ errorTopic: Topic.fromTopicArn(stack, 'Far', 'arn:aws:sns:eu-west-1:111122223333:far') })))
      .toMatch(/The topic errorTopic is in another Region/);
  });

  test.each([[Duration.hours(1)], [Duration.hours(36)], [Duration.days(0)]])('an expiration of %s', expiration => {
    expect(refusal(({ bucket }) => ({ output: { bucket, expiration } }))).toMatch(/after whole days/);
  });

  test('an expiration in a bucket of another app', () => {
    const theirs = (stack: Stack) => Bucket.fromBucketName(stack, 'Theirs', 'theirs');
    expect(refusal(({ stack }) => ({ output: { bucket: theirs(stack), expiration: Duration.days(1) } })))
      .toMatch(/only in a bucket that this app creates/);
  });
});
