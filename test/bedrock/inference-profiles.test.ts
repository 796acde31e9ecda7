import { App, Stack } from 'aws-cdk-lib';
import { CfnApplicationInferenceProfile, FoundationModel, FoundationModelIdentifier } from 'aws-cdk-lib/aws-bedrock';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import inferenceProfiles from '../../contract/inference-profiles.json';
import { BedrockPermissions, BedrockTaskRole } from '../../src';
import { deployed } from './support/deployed';
import { rolePolicies } from './support/role-policies';
import { ACCOUNT, allows, PolicyJson, StatementJson } from './support/simulation';

const HAIKU = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const US_PROFILE = `arn:aws:bedrock:us-east-1:${ACCOUNT}:inference-profile/us.${HAIKU}`;

function policiesIn(region: string | undefined, permissions: BedrockPermissions): PolicyJson[] {
  const stack = new Stack(new App(), 'Stack', region ? { env: { account: ACCOUNT, region } } : {});
  return rolePolicies(new BedrockTaskRole(stack, 'Role', permissions));
}

const statements = (policies: PolicyJson[]): StatementJson[] => policies.flatMap(({ Statement }) => Statement);
const model = (region: string, id = HAIKU) => `arn:aws:bedrock:${region}::foundation-model/${id}`;

describe('what an SDK call through a "us." profile from us-east-1 asks of IAM', () => {
  const policies = policiesIn('us-east-1', { allowedModels: [`us.${HAIKU}`] });
  const regions = ['us-east-1', 'us-east-2', 'us-west-2'];

  test('the profile itself is allowed', () => {
    expect(allows(policies, { action: 'bedrock:InvokeModel', resource: US_PROFILE })).toBe(true);
  });

  test.each(regions)('the model is allowed in %s through the profile', region => {
    expect(
      allows(policies, { action: 'bedrock:InvokeModel', resource: model(region), context: { 'bedrock:InferenceProfileArn': US_PROFILE } }),
    ).toBe(true);
  });

  test.each(regions)('the model is denied in %s when it is called directly', region => {
    expect(allows(policies, { action: 'bedrock:InvokeModel', resource: model(region) })).toBe(false);
  });

  test('the model is denied through another account\'s profile, and in a Region that the profile does not route to', () => {
    const context = { 'bedrock:InferenceProfileArn': US_PROFILE };
    expect(allows(policies, { action: 'bedrock:InvokeModel', resource: model('us-west-1'), context })).toBe(false);
    expect(allows(policies, {
      action: 'bedrock:InvokeModel',
      resource: model('us-east-2'),
      context: { 'bedrock:InferenceProfileArn': US_PROFILE.replace(ACCOUNT, '999999999999') },
    })).toBe(false);
  });
});

test('a global profile opens the Region-less model only while the requested Region is "unspecified"', () => {
  const profile = `arn:aws:bedrock:eu-west-1:${ACCOUNT}:inference-profile/global.${HAIKU}`;
  expect(statements(policiesIn('eu-west-1', { allowedModels: [`global.${HAIKU}`] })).slice(0, 3)).toEqual([
    expect.objectContaining({ Sid: 'BedrockInvoke', Resource: [profile] }),
    expect.objectContaining({ Resource: [model('eu-west-1')], Condition: { StringEquals: { 'bedrock:InferenceProfileArn': profile } } }),
    expect.objectContaining({
      Resource: [model('')],
      Condition: { StringEquals: { 'aws:RequestedRegion': 'unspecified', 'bedrock:InferenceProfileArn': profile } },
    }),
  ]);
});

test('destination Regions can be overridden for one profile', () => {
  const [, through] = statements(policiesIn('us-east-1', {
    allowedModels: [`us.${HAIKU}`],
    inferenceProfiles: [{ profile: `us.${HAIKU}`, destinationRegions: ['us-west-2'] }],
  }));
  expect(through.Resource).toEqual([model('us-east-1'), model('us-west-2')]);
});

test('a profile whose destinations differ from those of its geography has its own', () => {
  const [, through] = statements(policiesIn('eu-west-1', { allowedModels: ['eu.anthropic.claude-3-7-sonnet-20250219-v1:0'] }));
  const regions = ['eu-west-1', 'eu-central-1', 'eu-north-1', 'eu-west-3'];
  expect(through.Resource).toEqual(regions.map(region => model(region, 'anthropic.claude-3-7-sonnet-20250219-v1:0')));
});

test('without a fixed Region, the own Region is a token and the destinations are literals', () => {
  const [, through] = statements(policiesIn(undefined, { allowedModels: [`us.${HAIKU}`] }));
  const pseudo = { 'AWS::Partition': 'aws', 'AWS::Region': 'us-west-1', 'AWS::AccountId': ACCOUNT };
  expect(deployed(through.Resource, pseudo)).toEqual(['us-west-1', 'us-east-1', 'us-east-2', 'us-west-2'].map(region => model(region)));
  expect(deployed(through.Condition, pseudo)).toEqual({
    StringEquals: { 'bedrock:InferenceProfileArn': US_PROFILE.replace('us-east-1', 'us-west-1') },
  });
});

test('allowCrossRegion adds the fallback Region: the model there, and the profile there', () => {
  const [named, through] = statements(
    policiesIn('us-east-1', { allowedModels: ['amazon.nova-pro-v1:0', `us.${HAIKU}`], allowCrossRegion: true }),
  );
  const fallbackProfile = US_PROFILE.replace('us-east-1', 'us-west-2');
  expect(named.Resource).toEqual([
    model('us-east-1', 'amazon.nova-pro-v1:0'),
    model('us-west-2', 'amazon.nova-pro-v1:0'),
    US_PROFILE,
    fallbackProfile,
  ]);
  expect(through.Resource).toEqual(['us-east-1', 'us-east-2', 'us-west-2'].map(region => model(region)));
  expect(through.Condition).toEqual({ StringEquals: { 'bedrock:InferenceProfileArn': [US_PROFILE, fallbackProfile] } });
});

test('in the fallback Region itself, allowCrossRegion adds nothing', () => {
  const permissions = { allowedModels: [HAIKU, `us.${HAIKU}`] };
  expect(policiesIn('us-west-2', { ...permissions, allowCrossRegion: true })).toEqual(policiesIn('us-west-2', permissions));
});

test('an application inference profile of this stack is named by an ARN of tokens', () => {
  const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: 'us-east-1' } });
  const profile = new CfnApplicationInferenceProfile(stack, 'Profile', {
    inferenceProfileName: 'chat',
    modelSource: { copyFrom: US_PROFILE },
  });
  const arn = stack.formatArn({
    service: 'bedrock',
    resource: 'application-inference-profile',
    resourceName: profile.attrInferenceProfileId,
  });
  const role = new BedrockTaskRole(stack, 'Role', { allowedModels: [arn], inferenceProfiles: [{ profile: arn, model: `us.${HAIKU}` }] });
  const [named, through] = statements(rolePolicies(role));
  expect(JSON.stringify(named.Resource)).toContain('InferenceProfileId');
  expect(deployed(through.Resource, { 'AWS::Partition': 'aws' })).toEqual(
    ['us-east-1', 'us-east-2', 'us-west-2'].map(region => model(region)),
  );
  expect(through.Condition).toEqual({ StringEquals: { 'bedrock:InferenceProfileArn': (named.Resource as string[])[0] } });
});

test('an application inference profile of this stack is named by its attribute, its model by inferenceProfiles', () => {
  const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: 'us-east-1' } });
  const { attrInferenceProfileArn } = new CfnApplicationInferenceProfile(stack, 'Profile', {
    inferenceProfileName: 'chat',
    modelSource: { copyFrom: US_PROFILE },
  });
  const role = new BedrockTaskRole(stack, 'Role', {
    allowedModels: [attrInferenceProfileArn], inferenceProfiles: [{ profile: attrInferenceProfileArn, model: `us.${HAIKU}` }],
  });
  const [named, through] = statements(rolePolicies(role));
  expect(named.Resource).toEqual([{ 'Fn::GetAtt': ['Profile', 'InferenceProfileArn'] }]);
  expect(through.Resource).toEqual(['us-east-1', 'us-east-2', 'us-west-2'].map(region => model(region)));
  expect(through.Condition).toEqual({
    StringEquals: { 'bedrock:InferenceProfileArn': { 'Fn::GetAtt': ['Profile', 'InferenceProfileArn'] } },
  });
});

describe('the model of an application inference profile is what its copyFrom holds', () => {
  const profile = `arn:aws:bedrock:us-east-1:${ACCOUNT}:application-inference-profile/abcdefghijkl`;
  const granted = (source: string) =>
    statements(policiesIn('us-east-1', { allowedModels: [profile], inferenceProfiles: [{ profile, model: source }] }));

  test.each([
    ['a foundation model', HAIKU, model('us-east-1')],
    ['a geographic profile', `us.${HAIKU}`, US_PROFILE],
    ['a global profile', `global.${HAIKU}`, US_PROFILE.replace('/us.', '/global.')],
  ])('%s: its ARN grants what its id grants', (_what, id, arn) => {
    expect(granted(arn)).toEqual(granted(id));
    expect(JSON.stringify(granted(arn))).toContain(model('us-east-1'));
  });

  test('an ARN of tokens too', () => {
    const stack = new Stack(new App(), 'Stack');
    const copyFrom = stack.formatArn({ service: 'bedrock', resource: 'inference-profile', resourceName: `us.${HAIKU}` });
    const { attrInferenceProfileArn } = new CfnApplicationInferenceProfile(stack, 'Profile', {
      inferenceProfileName: 'chat', modelSource: { copyFrom },
    });
    const role = new BedrockTaskRole(stack, 'Role', {
      allowedModels: [attrInferenceProfileArn], inferenceProfiles: [{ profile: attrInferenceProfileArn, model: copyFrom }],
    });
    const pseudo = { 'AWS::Partition': 'aws', 'AWS::Region': 'us-east-1', 'AWS::AccountId': ACCOUNT };
    const [, through] = deployed(statements(rolePolicies(role)), pseudo) as StatementJson[];
    expect(through.Resource).toEqual(['us-east-1', 'us-east-1', 'us-east-2', 'us-west-2'].map(region => model(region)));
  });
});

test('a profile may be called from a Region that the table does not know, once its destination Regions are listed', () => {
  const profile = `eu.${HAIKU}`;
  expect(() => policiesIn('il-central-1', { allowedModels: [profile] })).toThrow(/cannot be called from il-central-1/);
  const [, through] = statements(policiesIn('il-central-1', {
    allowedModels: [profile], inferenceProfiles: [{ profile, destinationRegions: ['eu-central-1', 'eu-north-1'] }],
  }));
  expect(through.Resource).toEqual(['il-central-1', 'eu-central-1', 'eu-north-1'].map(region => model(region)));
});

describe('model ids of aws-cdk-lib', () => {
  const isIdentifier = (value: unknown): value is FoundationModelIdentifier => value instanceof FoundationModelIdentifier;
  const identifiers = Object.values(FoundationModelIdentifier).filter(isIdentifier);

  test('are accepted as they are, embedding models with their flag', () => {
    expect(identifiers.length).toBeGreaterThan(50);
    const ids = [...new Set(identifiers.map(({ modelId }) => modelId))];
    const resources = statements(policiesIn('us-east-1', { allowedModels: ids, allowEmbeddings: true }))
      .filter(({ Sid }) => Sid !== 'BedrockListForHealthCheck').flatMap(({ Resource }) => Resource);
    expect(resources.sort()).toEqual(ids.map(id => model('us-east-1', id)).sort());
  });

  test('embedding models are told by their names', () => {
    const embedding = identifiers.filter(({ modelId }) => /embed/.test(modelId));
    expect(embedding.length).toBeGreaterThan(3);
    for (const { modelId } of embedding) expect(() => policiesIn('us-east-1', { allowedModels: [modelId] })).toThrow(/allowEmbeddings/);
  });

  test('the ARN of a FoundationModel is accepted as it is', () => {
    const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: 'us-east-1' } });
    const { modelArn } = FoundationModel.fromFoundationModelId(stack, 'Model', FoundationModelIdentifier.AMAZON_NOVA_PRO_V1_0);
    const role = new BedrockTaskRole(stack, 'Role', { allowedModels: [modelArn] });
    expect(deployed(statements(rolePolicies(role))[0].Resource, { 'AWS::Partition': 'aws' })).toEqual([
      model('us-east-1', 'amazon.nova-pro-v1:0'),
    ]);
  });
});

describe('the table of geographies', () => {
  test.each(Object.entries(inferenceProfiles.geographies))(
    '%s: every Region is one of its partition, as far as the CDK knows it',
    (_name, geography) => {
      for (const region of [...geography.sources, ...geography.destinations]) {
        expect([region, RegionInfo.get(region).partition ?? geography.partition]).toEqual([region, geography.partition]);
      }
    },
  );
});
