import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnGuardrail } from 'aws-cdk-lib/aws-bedrock';
import { Role } from 'aws-cdk-lib/aws-iam';
import {
  BedrockGrants, BedrockTaskRole, Checks, EnforcedGuardrail, EnforcedGuardrailProps, GuardedContent, GuardrailInForce, Standards,
} from '../../src';
import { rolePolicies } from './support/role-policies';
import { ACCOUNT, StatementJson } from './support/simulation';

const MODEL = 'amazon.nova-pro-v1:0';
const GUARDRAIL = `arn:aws:bedrock:us-east-1:${ACCOUNT}:guardrail/gr1`;
const TYPE = 'AWS::Bedrock::EnforcedGuardrailConfiguration';
const ENV = { account: ACCOUNT, region: 'us-east-1' };

function stackWith(enforcedGuardrails?: GuardrailInForce[], env: typeof ENV | undefined = ENV): Stack {
  const app = new App();
  if (enforcedGuardrails) Standards.apply(app, { product: 'Shop', environment: 'prod', checks: Checks.OFF, enforcedGuardrails });
  return new Stack(app, 'Stack', { env });
}

const enforced = (stack: Stack): StatementJson[] =>
  rolePolicies(new BedrockTaskRole(stack, 'Role', { allowedModels: [MODEL], allowCrossRegion: true }))[0].Statement
    .filter(({ Sid }) => Sid === 'BedrockApplyEnforcedGuardrails');

describe('a role', () => {
  test('may apply what is enforced where it makes requests, and nothing of another Region', () => {
    const [east, west, ireland] = ['us-east-1', 'us-west-2', 'eu-west-1']
      .map(region => ({ guardrailArn: `arn:aws:bedrock:${region}:210987654321:guardrail/org1` }));
    expect(enforced(stackWith([ireland, west, east]))).toEqual([{
      Sid: 'BedrockApplyEnforcedGuardrails',
      Effect: 'Allow',
      Action: ['bedrock:ApplyGuardrail'],
      Resource: [west.guardrailArn, east.guardrailArn],
    }]);
    expect(enforced(stackWith([ireland]))).toEqual([]);
    expect(enforced(stackWith())).toEqual([]);
  });

  test('without a fixed Region may apply each of them: nobody knows where it will be', () => {
    const stack = new Stack(stackWith([{ guardrailArn: GUARDRAIL }]).node.root as App, 'Anywhere');
    const role = new BedrockTaskRole(stack, 'Role', { allowedModels: [MODEL] });
    expect(JSON.stringify(rolePolicies(role))).toContain(GUARDRAIL);
  });

  test('by a grant, and by the standards of the app above those of its stack', () => {
    const stack = stackWith([{ guardrailArn: GUARDRAIL }]);
    Standards.apply(stack, { product: 'Shop', environment: 'dev', checks: Checks.OFF });
    BedrockGrants.grantInvoke(Role.fromRoleName(stack, 'Old', 'old'), [MODEL]);
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'))).toContain(GUARDRAIL);
  });

  test('of a guardrail of the app, by its attribute', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: ENV });
    const guardrail = new CfnGuardrail(stack, 'Guardrail', { name: 'g', blockedInputMessaging: 'no', blockedOutputsMessaging: 'no' });
    Standards.apply(app, {
      product: 'Shop', environment: 'prod', checks: Checks.OFF, enforcedGuardrails: [{ guardrailArn: guardrail.attrGuardrailArn }],
    });
    expect(enforced(stack)[0].Resource).toEqual([{ 'Fn::GetAtt': ['Guardrail', 'GuardrailArn'] }]);
  });

  test.each<[string, GuardrailInForce, string]>([
    ['an id', { guardrailArn: 'gr1' }, "Standards.enforcedGuardrails has no guardrail's ARN"],
    ['every guardrail', { guardrailArn: GUARDRAIL.replace('gr1', '*') }, "Standards.enforcedGuardrails has no guardrail's ARN"],
    ['a version', { guardrailArn: `${GUARDRAIL}:1` }, "Standards.enforcedGuardrails has no guardrail's ARN"],
    ['a profile of another geography', {
      guardrailArn: GUARDRAIL, profile: { profileId: 'eu.guardrail.v1:0', destinationRegions: ['eu-west-1'] },
    }, 'no guardrail of us-east-1 can have the profile'],
  ])('%s is an error', (_what, guardrail, message) => {
    expect(() => enforced(stackWith([guardrail]))).toThrow(message);
  });
});

describe('EnforcedGuardrail', () => {
  const enforce = (stack: Stack, props: Partial<EnforcedGuardrailProps> = {}, id = 'Enforced') =>
    new EnforcedGuardrail(stack, id, { guardrailArn: GUARDRAIL, version: '3', ...props });
  const properties = (props: Partial<EnforcedGuardrailProps>) => {
    const stack = stackWith([{ guardrailArn: GUARDRAIL }]);
    enforce(stack, props);
    return Object.values(Template.fromStack(stack).findResources(TYPE))[0].Properties as object;
  };

  test('stands over every model, unless it says over which', () => {
    const always = { GuardrailIdentifier: GUARDRAIL, GuardrailVersion: '3' };
    expect(properties({})).toEqual(always);
    expect(properties({ excludedModels: ['amazon.titan-embed-text-v2:0'] }))
      .toEqual({ ...always, ModelEnforcement: { IncludedModels: ['ALL'], ExcludedModels: ['amazon.titan-embed-text-v2:0'] } });
    expect(properties({ models: [MODEL], messages: GuardedContent.SELECTIVE })).toEqual({
      ...always,
      ModelEnforcement: { IncludedModels: [MODEL], ExcludedModels: [] },
      SelectiveContentGuarding: { Messages: 'SELECTIVE' },
    });
  });

  test('is there once an account and Region', () => {
    const stack = stackWith([{ guardrailArn: GUARDRAIL }]);
    enforce(stack);
    enforce(new Stack(stack.node.root as App, 'Elsewhere', { env: { ...ENV, region: 'eu-west-1' } }));
    expect(() => Template.fromStack(stack)).not.toThrow();
    const second = stackWith([{ guardrailArn: GUARDRAIL }]);
    enforce(second);
    enforce(new Stack(second.node.root as App, 'Other', { env: ENV }));
    expect(() => Template.fromStack(second)).toThrow(/A second EnforcedGuardrail in one account and Region[^]*"Other\/Enforced"/);
  });

  test('that the standards do not name is a warning: the roles below them would be refused', () => {
    const warnings = (guardrails?: GuardrailInForce[]) => {
      const stack = stackWith(guardrails);
      enforce(stack);
      return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('cdk-plumbline:enforcedGuardrail')).length;
    };
    expect([warnings([{ guardrailArn: GUARDRAIL }]), warnings([]), warnings()]).toEqual([0, 1, 1]);
  });

  test.each<[string, Partial<EnforcedGuardrailProps>, string]>([
    ['the draft', { version: 'DRAFT' }, 'version has no version that stays as it is'],
    ['no ARN', { guardrailArn: 'gr1' }, "guardrailArn has no guardrail's ARN"],
    ['no model', { models: [] }, 'models of an enforced guardrail holds something else'],
    ['a profile', { excludedModels: [`us.${MODEL}`] }, 'excludedModels of an enforced guardrail holds something else'],
  ])('%s is an error', (_what, props, message) => {
    expect(() => enforce(stackWith(), props)).toThrow(message);
  });
});
