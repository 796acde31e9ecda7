import Ajv from 'ajv';
import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { DeploymentStrategy, DeploymentStrategyId } from 'aws-cdk-lib/aws-appconfig';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { STANDARD_POLICY } from '../../../runtime/node/bedrock/client/client-policy';
import { BedrockClientPolicy, BedrockServiceTier, BedrockTaskRole } from '../../../src';
import { requireReadTimeoutsMs } from '../../../src/bedrock/client-policy/read-timeouts';
import { CLIENT_POLICY } from '../../../src/contract/data';
import { taskTypesDocument, taskTypeSettingsOf, taskTypesSchema } from '../../../src/contract/task-types';
import { existingFunction, MODEL, newStack, standardLambda } from '../../function/support';

const TASK_TYPES = Object.keys(CLIENT_POLICY.readTimeoutMs);
const VARIABLE = 'PLUMBLINE_CLIENT_POLICY';

const bedrockFunction = (scope: Construct, id = 'Chat') =>
  standardLambda(scope as Stack, { role: new BedrockTaskRole(scope, `${id}Role`, { allowedModels: [MODEL] }) }, id);

/** What a template gives to each function as its policy, by the beginning of the function's logical id. */
function variables(stack: Stack): Record<string, unknown> {
  const functions = Object.entries(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  return Object.fromEntries(functions.map(([id, { Properties }]) => [id.slice(0, -8), Properties.Environment?.Variables?.[VARIABLE]]));
}

describe('a policy in the scope of a function', () => {
  const stack = newStack();
  new BedrockClientPolicy(stack, 'Policy', { readTimeouts: { synthesis: Duration.seconds(45), embedding: Duration.millis(2_500) } });
  bedrockFunction(stack);
  standardLambda(stack, { serviceName: 'cart' }, 'Cart');
  const template = Template.fromStack(stack);

  test('tells the function where the document is', () => {
    const [application, environment, profile] = ['Application', 'Environment', 'TaskTypesConfigurationProfile']
      .map(name => ({ Ref: expect.stringMatching(`^Policy${name}`) as string }));
    expect(variables(stack).Chat).toEqual({ 'Fn::Join': ['', [application, '/', environment, '/', profile]] });
  });

  test('is nothing to a function that may not call Bedrock', () => {
    expect(variables(stack)).toHaveProperty('Cart', undefined);
    expect(
      Object.values(template.findResources('AWS::IAM::Policy')).filter(policy => JSON.stringify(policy).includes('appconfig:')),
    ).toHaveLength(1);
  });

  test('lets the function read that one configuration, and no other', () => {
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [{
          Sid: 'ReadBedrockClientPolicy',
          Effect: 'Allow',
          Action: ['appconfig:GetLatestConfiguration', 'appconfig:StartConfigurationSession'],
          Resource: {
            'Fn::Join': ['', [
              'arn:', { Ref: 'AWS::Partition' }, ':appconfig:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':application/',
              { Ref: Match.stringLikeRegexp('^PolicyApplication') }, '/environment/', { Ref: Match.stringLikeRegexp('^PolicyEnvironment') },
              '/configuration/', { Ref: Match.stringLikeRegexp('^PolicyTaskTypesConfigurationProfile') },
            ]],
          },
        }],
      },
      Roles: [{ Ref: Match.stringLikeRegexp('^ChatRole') }],
    });
  });

  test('deploys what differs from the standard, step by step, and checks what somebody writes by hand', () => {
    template.hasResourceProperties('AWS::AppConfig::HostedConfigurationVersion', {
      Content: '{"readTimeoutMs":{"synthesis":45000,"embedding":2500}}', ContentType: 'application/json',
    });
    template.hasResourceProperties('AWS::AppConfig::Deployment', { DeploymentStrategyId: 'AppConfig.Canary10Percent20Minutes' });
    template.hasResourceProperties('AWS::AppConfig::ConfigurationProfile', {
      LocationUri: 'hosted', Validators: [{ Type: 'JSON_SCHEMA', Content: taskTypesSchema() }],
    });
  });

  test('leaves nothing to AwsSolutions', () => {
    const app = new App();
    const lone = new Stack(app, 'Lone');
    new BedrockClientPolicy(lone, 'Policy').applyTo(existingFunction(lone));
    expect(new AwsSolutionsChecks().validateScope(app).violations.filter(({ ruleName }) => !/IAM4|-L1/.test(ruleName))).toEqual([]);
  });
});

test('another strategy takes the place of the careful one', () => {
  const stack = newStack();
  const deploymentStrategy = DeploymentStrategy.fromDeploymentStrategyId(stack, 'Fast', DeploymentStrategyId.ALL_AT_ONCE);
  new BedrockClientPolicy(stack, 'Policy', { deploymentStrategy });
  Template.fromStack(stack).hasResourceProperties('AWS::AppConfig::Deployment', { DeploymentStrategyId: 'AppConfig.AllAtOnce' });
});

test('the nearest policy above a function is its own', () => {
  const stack = newStack();
  new BedrockClientPolicy(stack, 'Outer');
  const part = new Construct(stack, 'Part');
  new BedrockClientPolicy(part, 'Inner');
  bedrockFunction(stack, 'Near');
  bedrockFunction(part, 'Inside');
  expect(JSON.stringify(variables(stack).Near)).toContain('OuterApplication');
  expect(JSON.stringify(variables(stack).PartInside)).toContain('PartInnerApplication');
});

test('a function of its own making, or of another stack, is given the policy by hand', () => {
  const stack = newStack();
  const policy = new BedrockClientPolicy(stack, 'Policy');
  const other = new Stack(stack.node.root as App, 'Other');
  policy.applyTo(existingFunction(stack));
  policy.applyTo(existingFunction(other));
  expect(JSON.stringify(variables(stack).Existing)).toContain('PolicyApplication');
  expect(JSON.stringify(variables(other).Existing)).toContain('Fn::ImportValue');
});

test('without a policy a function has the numbers of the standard, and no right to AppConfig', () => {
  const stack = newStack();
  bedrockFunction(stack);
  expect(variables(stack)).toEqual({ Chat: undefined });
  expect(JSON.stringify(Template.fromStack(stack))).not.toContain('appconfig');
});

describe('is refused, with an error that teaches', () => {
  test.each<[string, (stack: Stack) => unknown, RegExp]>([
    [
      'a task type that is not in the standard',
      stack => new BedrockClientPolicy(stack, 'P', { readTimeouts: { toString: Duration.seconds(1) } }),
      /\[Stack\/P\] The standard does not have these task types[^]*\["toString"\][^]*default, synthesis, classification/,
    ],
    [
      'no time',
      stack => new BedrockClientPolicy(stack, 'P', { readTimeouts: { default: Duration.seconds(0) } }),
      /The read timeout of default[^]*"0 ms"[^]*from 1000 /,
    ],
    ['too short a time', stack => new BedrockClientPolicy(stack, 'P', { readTimeouts: { default: Duration.millis(999) } }), /"999 ms"/],
    [
      'too long a time',
      stack => new BedrockClientPolicy(stack, 'P', { readTimeouts: { default: Duration.millis(900_001) } }),
      /"900001 ms"/,
    ],
    [
      'half a millisecond',
      stack => new BedrockClientPolicy(stack, 'P', { readTimeouts: { default: Duration.millis(1_000.5) } }),
      /"1000.5 ms"/,
    ],
    [
      'a token',
      stack =>
        new BedrockClientPolicy(stack, 'P', {
          readTimeouts: { default: Duration.seconds(new CfnParameter(stack, 'T', { type: 'Number' }).valueAsNumber) },
        }),
      /known only at deployment[^]*Duration\.seconds\(45\)/,
    ],
    [
      'a second policy of the scope',
      stack => [new BedrockClientPolicy(stack, 'One'), new BedrockClientPolicy(stack, 'Two')],
      /\[Stack\/Two\] The scope has[^]*Stack\/One/,
    ],
    [
      'a policy that comes too late',
      stack => [bedrockFunction(stack), new BedrockClientPolicy(stack, 'P')],
      /comes after functions[^]*\["Stack\/Chat"\][^]*first/,
    ],
    [
      'a nearer one that comes too late',
      stack => {
        const part = new Construct(stack, 'Part');
        return [new BedrockClientPolicy(stack, 'P'), bedrockFunction(part), new BedrockClientPolicy(part, 'P')];
      },
      /\[Stack\/Part\/P\] The policy comes after/,
    ],
    [
      'a function that has one',
      stack => {
        const policy = new BedrockClientPolicy(stack, 'P');
        policy.applyTo(bedrockFunction(stack));
      },
      /\[Stack\/Chat\] The function has a BedrockClientPolicy already/,
    ],
  ])('%s', (_what, make, message) => expect(() => make(newStack())).toThrow(message));

  test('but not one that comes after functions of a nearer policy, or without a BedrockTaskRole', () => {
    const stack = newStack();
    const part = new Construct(stack, 'Part');
    new BedrockClientPolicy(part, 'Near');
    bedrockFunction(part);
    standardLambda(stack, { serviceName: 'cart' }, 'Cart');
    expect(() => new BedrockClientPolicy(stack, 'Late')).not.toThrow();
  });
});

describe('the document', () => {
  const scope = newStack();
  const { $schema, ...schema } = JSON.parse(taskTypesSchema()) as Record<string, unknown>;
  const validate = new Ajv().compile(schema);
  const timeouts = fc.dictionary(fc.constantFrom(...TASK_TYPES), fc.integer({ min: 1_000, max: 900_000 }), { maxKeys: TASK_TYPES.length });

  test('that the construct writes is what AppConfig takes and the runtime reads', () => {
    expect($schema).toContain('draft-04');
    fc.assert(fc.property(timeouts, given => {
      const durations = Object.fromEntries(Object.entries(given).map(([taskType, ms]) => [taskType, Duration.millis(ms)]));
      const document = taskTypesDocument(requireReadTimeoutsMs(scope, durations));
      expect(validate(JSON.parse(document))).toBe(true);
      expect(taskTypeSettingsOf(document, STANDARD_POLICY)).toEqual({
        readTimeoutMs: { ...STANDARD_POLICY.readTimeoutMs, ...given },
        serviceTiers: {},
        unknownKeys: [],
      });
    }));
  });

  test('that somebody writes by hand is taken by AppConfig just when the runtime can read it', () => {
    const values = fc.oneof(
      fc.integer({ min: -2, max: 900_002 }),
      fc.constantFrom<unknown>(0, 999, 1_000, 1_000.5, '60', null, true, 900_000, 900_001, []),
    );
    const names = fc.constantFrom(...TASK_TYPES, 'toString', 'poetry', '');
    const documents = fc.oneof(fc.dictionary(names, values, { maxKeys: 3 }), fc.constantFrom<unknown>(null, [], 'text', 7, undefined));
    const seen = { taken: 0, refused: 0 };
    fc.assert(fc.property(documents, readTimeoutMs => {
      const document = JSON.stringify({ readTimeoutMs });
      const taken = validate(JSON.parse(document));
      seen[taken ? 'taken' : 'refused'] += 1;
      expect('readTimeoutMs' in taskTypeSettingsOf(document, STANDARD_POLICY)).toBe(taken);
    }), { numRuns: 2_000 });
    expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(50);
  });
});

describe('service tiers', () => {
  const { FLEX, PRIORITY } = BedrockServiceTier;
  const withTiers = (serviceTiers: Record<string, BedrockServiceTier>, allowed?: BedrockServiceTier[]): Stack => {
    const stack = newStack();
    new BedrockClientPolicy(stack, 'Policy', { serviceTiers });
    const role = new BedrockTaskRole(stack, 'Role', { allowedModels: [MODEL], serviceTiers: allowed });
    standardLambda(stack, { role });
    return stack;
  };

  test('are in the document, and AppConfig takes only tiers that there are', () => {
    const template = Template.fromStack(withTiers({ embedding_batch: FLEX }));
    template.hasResourceProperties('AWS::AppConfig::HostedConfigurationVersion', {
      Content: '{"readTimeoutMs":{},"serviceTiers":{"embedding_batch":"flex"}}',
    });
    const { $schema: _draft4, ...schema } = JSON.parse(taskTypesSchema(CLIENT_POLICY, ['flex'])) as Record<string, unknown>;
    const validate = new Ajv().compile(schema);
    const isTaken = (tier: unknown) => validate({ readTimeoutMs: {}, serviceTiers: { synthesis: tier } });
    expect([isTaken('flex'), isTaken('fast'), isTaken(null)]).toEqual([true, false, false]);
  });

  test('that the role of a function does not allow are an error; without serviceTiers the role allows any', () => {
    expect(() => withTiers({ synthesis: PRIORITY }, [FLEX]))
      .toThrow(/serves synthesis in the tier priority, which the function's role may not name[^]*add BedrockServiceTier.PRIORITY/);
    expect(() => withTiers({ synthesis: FLEX }, [FLEX])).not.toThrow();
    expect(() => withTiers({ synthesis: FLEX })).not.toThrow();
  });

  test('of a task type that the standard does not have are an error', () => {
    expect(() => withTiers({ poetry: FLEX })).toThrow('The standard does not have these task types');
  });

  test('have the names of the contract', () => {
    expect(Object.values(BedrockServiceTier).sort()).toEqual([...CLIENT_POLICY.serviceTier.names].sort());
  });
});
