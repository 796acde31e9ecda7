import { App, CfnParameter, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BedrockPermissions, BedrockTaskRole, Standards } from '../../src';
import { rolePolicies } from './support/role-policies';
import { ACCOUNT } from './support/simulation';

const HAIKU = 'anthropic.claude-3-haiku-20240307-v1:0';
const NOVA = 'amazon.nova-pro-v1:0';
const LITE = 'amazon.nova-lite-v1:0';
const PERMISSIONS = { allowedModels: [HAIKU], modelsByEnvironment: { dev: [NOVA, LITE], staging: [NOVA] } };

type Permissions = (stack: Stack) => BedrockPermissions;

function roleIn(environment: string | undefined, permissions: Permissions, production?: boolean): BedrockTaskRole {
  const app = new App();
  if (environment) Standards.apply(app, { product: 'MangaAssist', environment, production, checks: false });
  const stack = new Stack(app, 'Stack', { env: { account: ACCOUNT, region: 'us-east-1' } });
  return new BedrockTaskRole(stack, 'Role', permissions(stack));
}

describe('modelsByEnvironment', () => {
  test.each([
    ['dev', [HAIKU, NOVA, LITE]],
    ['staging', [HAIKU, NOVA]],
    ['prod', [HAIKU]],
  ])('in %s the role may invoke %j', (environment, models) => {
    const role = roleIn(environment, () => PERMISSIONS);
    expect(role.allowedModels).toEqual(models);
    expect(rolePolicies(role)[0].Statement[0].Resource).toEqual(
      models.map(model => `arn:aws:bedrock:us-east-1::foundation-model/${model}`),
    );
  });

  test('the parity report shows where environments differ', () => {
    expect(roleIn('prod', () => PERMISSIONS).parityReport()).toBe([
      '| model | dev | staging | any other |',
      '| --- | --- | --- | --- |',
      `| ${HAIKU} | yes | yes | yes |`,
      `| ${NOVA} | yes | yes | - |`,
      `| ${LITE} | yes | - | - |`,
    ].join('\n'));
  });

  test('the parity report says so when they do not', () => {
    expect(roleIn('prod', () => ({ allowedModels: [HAIKU, NOVA] })).parityReport()).toBe('Every environment may invoke the same 2 models.');
  });
});

const fineTuning = (productionReason?: string) => (stack: Stack): BedrockPermissions => {
  const bucket = Bucket.fromBucketName(stack, 'Data', 'training-data');
  return {
    allowedModels: [HAIKU],
    allowFineTuning: true,
    fineTuning: {
      baseModels: ['amazon.nova-lite-v1:0:300k'],
      trainingData: { bucket, prefix: 'training' },
      output: { bucket, prefix: 'tuned' },
      customizationRole: Role.fromRoleArn(stack, 'Jobs', `arn:aws:iam::${ACCOUNT}:role/jobs`),
      productionReason,
    },
  };
};

/** Environments that nobody knows at synth. */
const LATE_ENVIRONMENTS: Record<string, (stack: Stack) => string> = {
  'a parameter': stack => new CfnParameter(stack, 'E').valueAsString,
  'a parameter with a default': stack => new CfnParameter(stack, 'E', { default: 'dev' }).valueAsString,
  'a lazy text': () => Lazy.string({ produce: () => 'dev' }),
  'an import': () => Fn.importValue('Environment'),
  'a part of a text': stack => `dev-${new CfnParameter(stack, 'E').valueAsString}`,
};

describe.each(Object.keys(LATE_ENVIRONMENTS))('an environment that is %s', way => {
  const roleLate = (permissions: (stack: Stack) => BedrockPermissions) => {
    const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: 'us-east-1' } });
    Standards.apply(stack, { product: 'MangaAssist', environment: LATE_ENVIRONMENTS[way](stack), checks: false });
    return new BedrockTaskRole(stack, 'Role', permissions(stack));
  };

  test('is refused with modelsByEnvironment', () => {
    expect(() => roleLate(() => PERMISSIONS)).toThrow(/nobody can tell at synth[^]*given: [^]*token[^]*allowed: [^]*fix: /);
  });

  test('is refused with fine-tuning, unless a reason is given', () => {
    expect(() => roleLate(fineTuning())).toThrow(/nobody can tell at synth[^]*given: [^]*token[^]*allowed: [^]*fix: /);
    expect(() => roleLate(fineTuning('Nightly refresh, approved in RFC 12'))).not.toThrow();
  });

  test('is no matter to a role that is the same everywhere', () => {
    expect(() => roleLate(() => ({ allowedModels: [HAIKU] }))).not.toThrow();
  });
});

describe('fine-tuning', () => {
  const refused = /models are not customised in production/;

  test.each(['prod', 'production', 'PROD'])('is refused in %s', environment => {
    expect(() => roleIn(environment, fineTuning())).toThrow(refused);
  });

  test('is refused where Standards say that this is production, whatever its name', () => {
    expect(() => roleIn('live', fineTuning(), true)).toThrow(refused);
  });

  test('is refused in production when the reason is blank', () => {
    expect(() => roleIn('prod', fineTuning('  '))).toThrow(refused);
  });

  test.each([['prod', 'Nightly refresh, approved in RFC 12'], ['dev', undefined], ['preprod', undefined], [undefined, undefined]])(
    'is granted in %s with the reason %j', (environment, reason) => {
      expect(() => roleIn(environment, fineTuning(reason))).not.toThrow();
    });
});
