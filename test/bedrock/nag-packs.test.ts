import { App, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks, HIPAASecurityChecks, NagPack, NIST80053R5Checks } from 'cdk-nag';
import { BedrockGrants, BedrockPermissions, BedrockTaskRole } from '../../src';
import { ACCOUNT } from './support/simulation';

const PACKS: Record<string, () => NagPack> = {
  'AwsSolutions': () => new AwsSolutionsChecks(),
  'NIST 800-53 R5': () => new NIST80053R5Checks(),
  'HIPAA': () => new HIPAASecurityChecks(),
};

function permissions(stack: Stack): BedrockPermissions {
  const bucket = Bucket.fromBucketAttributes(stack, 'Data', {
    bucketName: 'training-data',
    encryptionKey: Key.fromKeyArn(stack, 'Key', `arn:aws:kms:us-east-1:${ACCOUNT}:key/1`),
  });
  const role = Role.fromRoleArn(stack, 'Jobs', `arn:aws:iam::${ACCOUNT}:role/jobs`);
  const folder = (prefix: string) => ({ bucket, prefix });
  return {
    allowedModels: ['us.amazon.nova-pro-v1:0', 'amazon.titan-embed-text-v2:0'],
    allowEmbeddings: true,
    allowCrossRegion: true,
    allowInlineAgents: true,
    allowFineTuning: true,
    fineTuning: {
      baseModels: ['amazon.nova-lite-v1:0:300k'],
      trainingData: folder('training'),
      output: folder('tuned'),
      customizationRole: role,
    },
    allowBatchInference: true,
    batchInference: { models: ['amazon.nova-lite-v1:0'], input: folder('prompts'), output: folder('answers'), serviceRole: role },
    allowAsyncInvoke: true,
    asyncInvoke: { models: ['amazon.nova-reel-v1:0'], output: folder('videos') },
    allowOpenAiEndpoint: true,
    openAiEndpoint: { allowBearerToken: true },
  };
}

const manyModels = Array.from({ length: 200 }, (_value, index) => `provider.a-model-with-a-long-name-${index}-v1:0`);

const WAYS: Record<string, (stack: Stack) => void> = {
  'a role with every flag': stack => new BedrockTaskRole(stack, 'Role', permissions(stack)),
  'a role with managed policies': stack => new BedrockTaskRole(stack, 'Role', { ...permissions(stack), allowedModels: manyModels }),
  'an existing role with a grant': stack =>
    BedrockGrants.grantPermissions(
      new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
      permissions(stack),
    ),
};

describe.each(Object.keys(WAYS))('%s', way => {
  const stacks: [string, { account: string; region: string } | undefined][] = [
    ['a fixed environment', { account: ACCOUNT, region: 'us-east-1' }],
    ['any environment', undefined],
  ];

  test.each(stacks.flatMap(([place, env]) => Object.keys(PACKS).map((pack): [string, string, typeof env] => [place, pack, env])))(
    'in %s leaves no finding of %s', (_place, pack, env) => {
      const app = new App();
      WAYS[way](new Stack(app, 'Stack', { env }));
      expect(PACKS[pack]().validateScope(app).violations).toEqual([]);
    });

  test('passes all of them at synth', () => {
    const app = new App();
    WAYS[way](new Stack(app, 'Stack', { env: { account: ACCOUNT, region: 'us-east-1' } }));
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new NIST80053R5Checks(app), new HIPAASecurityChecks(app));
    expect(() => app.synth()).not.toThrow();
  });
});

test('what the constructs acknowledge is not acknowledged for others', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  new BedrockTaskRole(stack, 'Role', permissions(stack));
  new Role(stack, 'Wide', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    .addToPrincipalPolicy(new PolicyStatement({ actions: ['bedrock:*'], resources: ['*'] }));
  expect(new AwsSolutionsChecks().validateScope(app).violations.map(({ ruleName }) => ruleName)).toEqual(
    expect.arrayContaining(['AwsSolutions-IAM5[Action::bedrock:*]', 'AwsSolutions-IAM5[Resource::*]']));
});
