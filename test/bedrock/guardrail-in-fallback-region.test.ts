import { App, Stack } from 'aws-cdk-lib';
import { BedrockPermissions, BedrockTaskRole } from '../../src';
import { rolePolicies } from './support/role-policies';
import { ACCOUNT, allows, PolicyJson } from './support/simulation';

const NOVA = 'amazon.nova-pro-v1:0';
const guardrail = (region: string) => `arn:aws:bedrock:${region}:${ACCOUNT}:guardrail/gr-${region}`;
const model = (region: string) => `arn:aws:bedrock:${region}::foundation-model/${NOVA}`;
const profile = (region: string) => `arn:aws:bedrock:${region}:${ACCOUNT}:inference-profile/us.${NOVA}`;
const provisioned = (region: string) => `arn:aws:bedrock:${region}:${ACCOUNT}:provisioned-model/abcdefghijkl`;
const OWN = 'us-east-1';
const FALLBACK = 'us-west-2';

/** A role that may fall back, with a guardrail of each Region. */
function policies(permissions: BedrockPermissions): PolicyJson[] {
  const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: OWN } });
  return rolePolicies(new BedrockTaskRole(stack, 'Role', {
    allowCrossRegion: true,
    guardrail: { guardrailArn: guardrail(OWN), version: '3' },
    guardrailInFallbackRegion: { guardrailArn: guardrail(FALLBACK), version: '5' },
    ...permissions,
  }));
}

const IDENTIFIERS = {
  own: `${guardrail(OWN)}:3`,
  fallback: `${guardrail(FALLBACK)}:5`,
  draft: `${guardrail(FALLBACK)}:DRAFT`,
  none: undefined,
};

describe.each([
  ['a model by its id', [NOVA], model],
  ['a profile by its id', [`us.${NOVA}`], profile],
  ['provisioned throughput of each Region, by its ARN', [provisioned(OWN), provisioned(FALLBACK)], provisioned],
])('%s', (_name, allowedModels, resourceIn) => {
  test.each([
    [OWN, 'own', true], [OWN, 'fallback', false], [OWN, 'none', false],
    [FALLBACK, 'fallback', true], [FALLBACK, 'own', false], [FALLBACK, 'draft', false], [FALLBACK, 'none', false],
  ] as const)('in %s under the guardrail "%s": %s', (region, identifier, expected) => {
    const named = IDENTIFIERS[identifier];
    const context: Record<string, string> = named ? { 'bedrock:GuardrailIdentifier': named } : {};
    expect(allows(policies({ allowedModels }), { action: 'bedrock:InvokeModel', resource: resourceIn(region), context })).toBe(expected);
  });
});

test('the models behind a profile are open under the guardrail of the Region in which the profile was called', () => {
  const open = (source: string, identifier: string) => allows(policies({ allowedModels: [`us.${NOVA}`] }), {
    action: 'bedrock:InvokeModel',
    resource: model('us-east-2'),
    context: { 'bedrock:InferenceProfileArn': profile(source), 'bedrock:GuardrailIdentifier': identifier },
  });
  expect([open(OWN, IDENTIFIERS.own), open(FALLBACK, IDENTIFIERS.fallback)]).toEqual([true, true]);
  expect([open(OWN, IDENTIFIERS.fallback), open(FALLBACK, IDENTIFIERS.own)]).toEqual([false, false]);
});

test('both guardrails may be applied, and no other', () => {
  const apply = (region: string) =>
    allows(policies({ allowedModels: [NOVA] }), { action: 'bedrock:ApplyGuardrail', resource: guardrail(region) });
  expect([apply(OWN), apply(FALLBACK), apply('eu-west-1')]).toEqual([true, true, false]);
});

test('in a stack whose Region is a token, each guardrail is bound too', () => {
  const stack = new Stack(new App(), 'Stack');
  const role = new BedrockTaskRole(stack, 'Role', {
    allowedModels: [NOVA],
    allowCrossRegion: true,
    guardrail: { guardrailArn: stack.formatArn({ service: 'bedrock', resource: 'guardrail', resourceName: 'gr1' }), version: '3' },
    guardrailInFallbackRegion: { guardrailArn: guardrail(FALLBACK), version: '5' },
  });
  const invocations = rolePolicies(role)[0].Statement.filter(({ Sid }) => Sid?.startsWith('BedrockInvoke'));
  const conditions = invocations.map(({ Condition }) => JSON.stringify(Condition));
  expect(conditions).toEqual([expect.stringContaining(':guardrail/gr1:3'), expect.stringContaining(IDENTIFIERS.fallback)]);
});
