import { App, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { actionsOf, bedrockPrefixes, requestsOf } from './support/action-data';
import { rolePolicies } from './support/role-policies';
import { AccessRequest, ACCOUNT, allows } from './support/simulation';
import bedrockRole from '../../contract/bedrock-role.json';
import { BedrockGrants, BedrockGuardrail, BedrockPermissions, BedrockTaskRole } from '../../src';

const REGION = 'us-east-1';
const NOVA = 'amazon.nova-pro-v1:0';
const HAIKU = 'anthropic.claude-3-haiku-20240307-v1:0';
const TITAN_EMBEDDINGS = 'amazon.titan-embed-text-v2:0';
const own = (resource: string) => `arn:aws:bedrock:${REGION}:${ACCOUNT}:${resource}`;
const model = (id: string, region = REGION) => `arn:aws:bedrock:${region}::foundation-model/${id}`;
const guardrail: BedrockGuardrail = { guardrailArn: own('guardrail/gr1'), version: '3' };
const other: BedrockGuardrail = { guardrailArn: own('guardrail/gr2'), version: '1' };

function newStack(region: string | undefined = REGION): Stack {
  return new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region } });
}

function guardedRole(permissions: Partial<BedrockPermissions> = {}): BedrockTaskRole {
  return new BedrockTaskRole(newStack(), 'Role', { allowedModels: [NOVA], guardrail, ...permissions });
}

function plainRole(): Role {
  return new Role(newStack(), 'Existing', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
}

/** Everything that Bedrock is asked for, however it was let in. */
const everythingOpen = () => new PolicyStatement({ actions: ['bedrock:*', 'bedrock-mantle:*'], resources: ['*'] });

const UNDER: Record<string, AccessRequest['context']> = {
  'no guardrail': {},
  'the guardrail': { 'bedrock:GuardrailIdentifier': `${guardrail.guardrailArn}:3` },
  'another version': { 'bedrock:GuardrailIdentifier': `${guardrail.guardrailArn}:4` },
  'the draft': { 'bedrock:GuardrailIdentifier': guardrail.guardrailArn },
  'another guardrail': { 'bedrock:GuardrailIdentifier': `${other.guardrailArn}:1` },
};
const INVOKE = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];
const UNGUARDABLE: AccessRequest[] = [
  { action: 'bedrock:CreateModelInvocationJob', resource: model(NOVA) },
  { action: 'bedrock:CreateModelInvocationJob', resource: own('model-invocation-job/abcdefghijkl') },
  { action: 'bedrock-mantle:CreateInference', resource: `arn:aws:bedrock-mantle:${REGION}:${ACCOUNT}:project/default` },
];

describe('a role with a guardrail, to which all of Bedrock was opened besides', () => {
  const role = guardedRole();
  role.addToPolicy(everythingOpen());
  const policies = rolePolicies(role);
  const resources = [
    model(NOVA), model(HAIKU), model(NOVA, 'eu-west-1'), own(`inference-profile/us.${NOVA}`), own('provisioned-model/abcdefghijkl'),
    own('custom-model-deployment/abcdefghijkl'), own('imported-model/abcdefghijkl'), own('async-invoke/abcdefghijkl'),
  ];

  test.each(Object.keys(UNDER).flatMap(under => INVOKE.map(action => [action, under] as const)))('%s under %s', (action, under) => {
    const allowed = resources.filter(resource => allows(policies, { action, resource, context: UNDER[under] }));
    expect(allowed).toEqual(under === 'the guardrail' ? resources : []);
  });

  test.each(UNGUARDABLE)('$action on $resource is denied: IAM cannot see a guardrail in it', request => {
    expect(allows(policies, request)).toBe(false);
  });

  test('every way to run a model that the library refuses beside a guardrail is denied', () => {
    const { denyUnguarded, denyUnguardable, invoke, embed, asyncInvoke, batch, openAiEndpoint } = bedrockRole.statements;
    const denied = [...denyUnguarded.actions, ...denyUnguardable.actions];
    expect([invoke, embed, asyncInvoke, batch, openAiEndpoint].flatMap(({ actions }) => actions).filter(action => !denied.includes(action)))
      .toEqual([]);
  });

  test('of every action of every Bedrock service, no other is denied', async () => {
    const requests = requestsOf(await actionsOf(await bedrockPrefixes(), 'aws', REGION));
    const opened = [...new Set(requests.map(({ action }) => action))].filter(action => /^bedrock(-mantle)?:/.test(action));
    const open = requests.filter(request => allows(policies, request)).map(({ action }) => action);
    expect(opened.length).toBeGreaterThan(150);
    expect(opened.filter(action => !open.includes(action)).sort())
      .toEqual(['bedrock-mantle:CreateInference', 'bedrock:CreateModelInvocationJob', ...INVOKE]);
  });

  test('the guardrail may be applied by itself', () => {
    expect(allows(policies, { action: 'bedrock:ApplyGuardrail', resource: guardrail.guardrailArn })).toBe(true);
  });
});

describe('a later grant to a role with a guardrail', () => {
  test.each([['the same model', NOVA], ['another model', HAIKU]])('of %s stands under the guardrail', (_which, id) => {
    const role = guardedRole();
    BedrockGrants.grantInvoke(role, [id]);
    const policies = rolePolicies(role);
    for (const action of INVOKE) {
      const under = Object.keys(UNDER).filter(name => allows(policies, { action, resource: model(id), context: UNDER[name] }));
      expect(under).toEqual(['the guardrail']);
    }
  });

  test('of the same model adds nothing', () => {
    const role = guardedRole();
    BedrockGrants.grantInvoke(role, [NOVA]);
    expect(rolePolicies(role)).toEqual(rolePolicies(guardedRole()));
  });

  test('may name the guardrail itself', () => {
    const role = guardedRole();
    expect(() => BedrockGrants.grantPermissions(role, { allowedModels: [HAIKU], guardrail: { ...guardrail } })).not.toThrow();
  });

  test('of work in the fallback Region stands under the guardrail there', () => {
    const inFallbackRegion = { guardrailArn: `arn:aws:bedrock:us-west-2:${ACCOUNT}:guardrail/gr3`, version: '5' };
    const role = guardedRole({ allowCrossRegion: true, guardrailInFallbackRegion: inFallbackRegion });
    BedrockGrants.grantPermissions(role, { allowedModels: [HAIKU], allowCrossRegion: true });
    BedrockGrants.grantInvoke(role, ['amazon.nova-micro-v1:0']);
    const context = { 'bedrock:GuardrailIdentifier': `${inFallbackRegion.guardrailArn}:5` };
    const policies = rolePolicies(role);
    const open = [HAIKU, 'amazon.nova-micro-v1:0'].map(id =>
      allows(policies, { action: 'bedrock:InvokeModel', resource: model(id, 'us-west-2'), context }));
    expect(open).toEqual([true, false]);
  });

  test.each<[string, BedrockPermissions]>([
    ['another guardrail', { allowedModels: [HAIKU], guardrail: other }],
    ['another version', { allowedModels: [HAIKU], guardrail: { ...guardrail, version: '4' } }],
    ['embeddings', { allowedModels: [TITAN_EMBEDDINGS], allowEmbeddings: true }],
    ['the OpenAI-compatible endpoint', { allowedModels: [HAIKU], allowOpenAiEndpoint: true }],
    ['the fallback Region without a guardrail there', { allowedModels: [HAIKU], allowCrossRegion: true }],
  ])('of %s is an error: no call could use it', (_what, permissions) => {
    expect(() => BedrockGrants.grantPermissions(guardedRole(), permissions))
      .toThrow(/^\[Stack\/Role\] The Bedrock grant: .+\n +given: +.+\n +allowed: .+\n +fix: +/);
  });
});

describe('an existing role that is granted models under a guardrail', () => {
  test('cannot invoke these without it, whatever else lets it; its other models stay open', () => {
    const role = plainRole();
    role.addToPolicy(everythingOpen());
    BedrockGrants.grantPermissions(role, { allowedModels: [NOVA], guardrail });
    BedrockGrants.grantPermissions(role, { allowedModels: [TITAN_EMBEDDINGS], allowEmbeddings: true });
    const policies = rolePolicies(role);
    const open = (id: string, context: AccessRequest['context']) =>
      allows(policies, { action: 'bedrock:InvokeModel', resource: model(id), context });
    expect(Object.keys(UNDER).filter(name => open(NOVA, UNDER[name]))).toEqual(['the guardrail']);
    expect([open(TITAN_EMBEDDINGS, {}), open(HAIKU, {})]).toEqual([true, true]);
    expect(allows(policies, { action: 'bedrock:CreateModelInvocationJob', resource: model(NOVA) })).toBe(false);
  });

  test('cannot reach them around a profile either', () => {
    const role = plainRole();
    BedrockGrants.grantPermissions(role, { allowedModels: [`us.${NOVA}`], guardrail });
    role.addToPolicy(everythingOpen());
    const profile = own(`inference-profile/us.${NOVA}`);
    const requests = [profile, model(NOVA), model(NOVA, 'us-east-2'), model(NOVA, 'us-west-2')];
    const policies = rolePolicies(role);
    expect(requests.filter(resource => allows(policies, { action: 'bedrock:InvokeModel', resource }))).toEqual([]);
  });

  const conflicts: Record<string, (role: Role) => void> = {
    'a model with and without it': role => {
      BedrockGrants.grantPermissions(role, { allowedModels: [NOVA], guardrail });
      BedrockGrants.grantInvoke(role, [NOVA]);
    },
    'a model without and with it': role => {
      BedrockGrants.grantInvoke(role, [NOVA]);
      BedrockGrants.grantPermissions(role, { allowedModels: [NOVA], guardrail });
    },
    'a model under two guardrails': role => {
      BedrockGrants.grantPermissions(role, { allowedModels: [NOVA], guardrail });
      BedrockGrants.grantPermissions(role, { allowedModels: [NOVA], guardrail: other });
    },
    'a profile with it, and its model without': role => {
      BedrockGrants.grantPermissions(role, { allowedModels: [`us.${NOVA}`], guardrail });
      BedrockGrants.grantInvoke(role, [NOVA]);
    },
  };

  test.each(Object.keys(conflicts))('is an error at synth with %s', name => {
    const role = plainRole();
    conflicts[name](role);
    expect(() => (role.node.root as App).synth())
      .toThrow(/with a guardrail, and the same without it or with another[^]+foundation-model\/amazon\.nova-pro-v1:0/);
  });

  test('is an error at synth for a BedrockTaskRole that invokes the model already', () => {
    const role = new BedrockTaskRole(newStack(), 'Role', { allowedModels: [NOVA] });
    BedrockGrants.grantPermissions(role, { allowedModels: [NOVA], guardrail });
    expect(() => (role.node.root as App).synth()).toThrow(/with a guardrail, and the same without it/);
  });

  test('is no error with one guardrail in two grants', () => {
    const role = plainRole();
    BedrockGrants.grantPermissions(role, { allowedModels: [NOVA], guardrail });
    BedrockGrants.grantPermissions(role, { allowedModels: [NOVA, HAIKU], guardrail });
    expect(() => (role.node.root as App).synth()).not.toThrow();
  });
});

test('a role without a guardrail is denied nothing', () => {
  const role = new BedrockTaskRole(newStack(), 'Role', { allowedModels: [NOVA] });
  expect(JSON.stringify(rolePolicies(role))).not.toContain('Deny');
});

test('in a stack of any Region the denial names the guardrail of that Region', () => {
  const stack = new Stack(new App(), 'Stack');
  const guardrailArn = stack.formatArn({ service: 'bedrock', resource: 'guardrail', resourceName: 'gr1' });
  const role = new BedrockTaskRole(stack, 'Role', { allowedModels: [NOVA], guardrail: { guardrailArn, version: '3' } });
  const denial = rolePolicies(role)[0].Statement.find(({ Sid }) => Sid === bedrockRole.statements.denyUnguarded.sid);
  expect(denial).toEqual({
    Sid: 'BedrockDenyUnguarded',
    Effect: 'Deny',
    Action: INVOKE,
    Resource: '*',
    Condition: { StringNotEquals: { 'bedrock:GuardrailIdentifier': stack.resolve(`${guardrailArn}:3`) } },
  });
});
