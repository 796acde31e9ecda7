import { App, CfnParameter, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ACCOUNT } from './support/simulation';
import { BedrockGrants, BedrockPermissions, BedrockTaskRole } from '../../src';

const NOVA = 'amazon.nova-pro-v1:0';
const arn = (resource: string) => `arn:aws:bedrock:us-east-1:${ACCOUNT}:${resource}`;
const lazily = (text: string) => Lazy.string({ produce: () => text });

/** What a literal may not be, a fitting one for the same place, and what the error says. */
interface LateCase {
  readonly permissions: (text: string, stack: Stack) => Partial<BedrockPermissions>;
  readonly wrong: string;
  readonly right: string;
  readonly says: RegExp;
}

const CASES: Record<string, LateCase> = {
  'an embedding model that is not allowed': {
    permissions: text => ({ allowedModels: [`arn:aws:bedrock:us-east-1::foundation-model/${text}`] }),
    wrong: 'amazon.titan-embed-text-v2:0',
    right: NOVA,
    says: /embeddings are not allowed/,
  },
  'the draft of a guardrail': {
    permissions: version => ({ guardrail: { guardrailArn: arn('guardrail/gr1'), version } }),
    wrong: 'DRAFT',
    right: '1',
    says: /no version that stays as it is/,
  },
  'a guardrail of another Region': {
    permissions: guardrailArn => ({ guardrail: { guardrailArn, version: '1' } }),
    wrong: `arn:aws:bedrock:eu-west-1:${ACCOUNT}:guardrail/gr1`,
    right: arn('guardrail/gr1'),
    says: /not in the stack's Region/,
  },
  'a prefix that is no folder': {
    permissions: (prefix, stack) => ({
      allowAsyncInvoke: true,
      asyncInvoke: { models: ['amazon.nova-reel-v1:0'], output: { bucket: Bucket.fromBucketName(stack, 'B', 'data'), prefix } },
    }),
    wrong: '/',
    right: 'videos',
    says: /is no folder/,
  },
  'a project that is none': {
    permissions: id => ({ allowOpenAiEndpoint: true, openAiEndpoint: { projectIds: [id] } }),
    wrong: 'my project',
    right: 'proj_abc',
    says: /a project id has an unknown form/,
  },
};

const WAYS: Record<string, (stack: Stack, permissions: BedrockPermissions) => void> = {
  'a BedrockTaskRole': (stack, permissions) => new BedrockTaskRole(stack, 'Task', permissions),
  'a BedrockTaskRole that another principal assumes': (stack, permissions) =>
    new BedrockTaskRole(stack, 'Task', { ...permissions, assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }),
  'a grant': (stack, permissions) =>
    BedrockGrants.grantPermissions(new Role(stack, 'Own', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }), permissions),
};

describe.each(Object.keys(WAYS))('a lazy value of %s is checked when it is there', way => {
  const synthesised = (name: string, text: string) => {
    const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: 'us-east-1' } });
    WAYS[way](stack, { allowedModels: [NOVA], ...CASES[name].permissions(text, stack) });
    return Template.fromStack(stack);
  };

  test.each(Object.keys(CASES))('as a literal would be: %s', name => {
    expect(() => synthesised(name, CASES[name].wrong)).toThrow(CASES[name].says);
    expect(() => synthesised(name, lazily(CASES[name].wrong))).toThrow(CASES[name].says);
  });

  test.each(Object.keys(CASES))('and passes when it fits: not %s', name => {
    expect(() => synthesised(name, lazily(CASES[name].right))).not.toThrow();
  });
});

test('what only the deployment gives is not read', () => {
  const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: 'us-east-1' } });
  const version = new CfnParameter(stack, 'Version', { type: 'Number' }).valueAsString;
  new BedrockTaskRole(stack, 'Task', { allowedModels: [NOVA], guardrail: { guardrailArn: arn('guardrail/gr1'), version } });
  expect(() => Template.fromStack(stack)).not.toThrow();
});
