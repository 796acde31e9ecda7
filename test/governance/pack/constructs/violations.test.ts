import { App, PolicyViolation, Stack, Stage, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { PlumblineChecks } from '../../../../src/governance';
import { Standards } from '../../../../src/standards/standards';
import { MODEL, plainFunction } from '../support/workloads';

const WIDE = 'PlumblineChecks-BedrockNoWildcard[Action::bedrock:*]';
const UNUSED = 'PlumblineChecks-UnusedAcknowledgement';

function role(stack: Stack, actions: string[], id = 'Role'): Role {
  const created = new Role(stack, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  created.addToPolicy(new PolicyStatement({ actions, resources: [MODEL] }));
  return created;
}

function violations(stack: Stack): readonly PolicyViolation[] {
  return new PlumblineChecks().validateScope(stack.node.root).violations;
}

const unusedIn = (stack: Stack): string[] =>
  violations(stack).filter(({ ruleName }) => ruleName === UNUSED).map(({ description }) => description);

describe('an acknowledgement', () => {
  test.each([
    ['of a finding at its construct', WIDE],
    ['with the name of the pack before it', `PlumblineChecks::${WIDE}`],
  ])('%s is used', (_name, id) => {
    const stack = new Stack(new App(), 'Stack');
    Validations.of(role(stack, ['bedrock:*'])).acknowledge({ id, reason: 'A test.' });
    expect(unusedIn(stack)).toEqual([]);
  });

  test.each([
    ['of something else in the same rule', 'PlumblineChecks-BedrockNoWildcard[Action::bedrock:Get*]'],
    ['of a rule that finds something here by a name', 'PlumblineChecks-BedrockNoWildcard'],
    ['of a rule that finds nothing here', 'PlumblineChecks-FunctionUsesRuntimeLayer'],
  ])('%s matches nothing, and is said', (_name, id) => {
    const stack = new Stack(new App(), 'Stack');
    Validations.of(role(stack, ['bedrock:*'])).acknowledge({ id, reason: 'A test.' });
    const told = `The acknowledgement of ${id} hides nothing: nothing at or below this construct`;
    expect(unusedIn(stack)).toEqual([expect.stringContaining(told)]);
  });

  test.each([
    'PlumblineChecks-BedrockNoWildcards[Action::bedrock:*]',
    'PlumblineChecks::BedrockNoWildcard[Action::bedrock:*]',
    'plumblineChecks-BedrockNoWildcard[Action::bedrock:*]',
    'PlumblineCheck-BedrockNoWildcard[Action::bedrock:*]',
    'BedrockNoWildcard[Action::bedrock:*]',
  ])('%s is told to be mistyped', id => {
    const stack = new Stack(new App(), 'Stack');
    Validations.of(role(stack, ['bedrock:*'])).acknowledge({ id, reason: 'A test.' });
    expect(unusedIn(stack)).toEqual([
      `The acknowledgement of ${id} hides nothing: no rule of PlumblineChecks has that name. Name a finding as the report does.`,
    ]);
  });

  test('beside the finding matches nothing', () => {
    const stack = new Stack(new App(), 'Stack');
    role(stack, ['bedrock:*']);
    Validations.of(role(stack, ['bedrock:InvokeModel'], 'Other')).acknowledge({ id: WIDE, reason: 'A test.' });
    expect(unusedIn(stack)).toHaveLength(1);
  });

  test('of another pack is that pack\'s affair', () => {
    const stack = new Stack(new App(), 'Stack');
    Validations.of(stack).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason: 'A test.' });
    expect(unusedIn(stack)).toEqual([]);
  });

  test('in a stage that another pack checks is not looked at', () => {
    const app = new App();
    const [checked, other] = ['Checked', 'Other'].map(id => new Stack(new Stage(app, id), 'Stack'));
    Validations.of(other).acknowledge({ id: WIDE, reason: 'A test.' });
    expect(new PlumblineChecks().validateScope(Stage.of(checked)!).violations).toEqual([]);
  });

  test('that is mistyped is in the report, and stops nothing', () => {
    const app = new App();
    Standards.apply(app, { product: 'Shop', environment: 'dev' });
    Validations.of(new Stack(app, 'Stack')).acknowledge({ id: 'PlumblineChecks::PlumblineChecks-Nothing', reason: 'A test.' });
    const report = jest.spyOn(console, 'error').mockImplementation();
    app.synth();
    expect(report.mock.calls.flat().join('\n')).toContain('The acknowledgement of PlumblineChecks::PlumblineChecks-Nothing hides nothing');
    report.mockRestore();
  });
});

describe('the incident that a rule prevents', () => {
  test('is told once for all findings of the rule', () => {
    const stack = new Stack(new App(), 'Stack');
    role(stack, ['bedrock:Get*', 'bedrock:List*'], 'One');
    role(stack, ['bedrock:Get*'], 'Two');
    const found = violations(stack);
    expect(found).toHaveLength(3);
    expect(found.filter(({ description }) => description.includes('Prevents: ')).map(({ ruleName }) => ruleName))
      .toEqual(['PlumblineChecks-BedrockNoWildcard[Action::bedrock:Get*]']);
  });

  test('is told for each rule', () => {
    const stack = new Stack(new App(), 'Stack');
    plainFunction(stack, { role: role(stack, ['bedrock:InvokeModel']) });
    expect(violations(stack).map(({ description }) => description.includes('Prevents: '))).toEqual([true, true]);
  });

  test('stands in the data of every finding', () => {
    const stack = new Stack(new App(), 'Stack');
    role(stack, ['bedrock:Get*', 'bedrock:List*']);
    const prevents = violations(stack).map(({ ruleMetadata }) => ruleMetadata?.prevents);
    expect(prevents).toEqual([expect.stringContaining('Role drift'), expect.stringContaining('Role drift')]);
  });
});

describe('a warning', () => {
  test('is in the report, and stops nothing', () => {
    const stack = new Stack(new App(), 'Stack');
    plainFunction(stack, { environment: { OPENAI_API_KEY: 'x' } });
    const { success, violations: found } = new PlumblineChecks().validateScope(stack.node.root);
    expect(success).toBe(true);
    const ruleName = 'PlumblineChecks-FunctionUsesRuntimeLayer[Environment::OPENAI_API_KEY]';
    expect(found).toEqual([expect.objectContaining({ ruleName, severity: 'warning' })]);
  });

  test('is hidden by an acknowledgement', () => {
    const stack = new Stack(new App(), 'Stack');
    plainFunction(stack, { environment: { OPENAI_API_KEY: 'x' } });
    Validations.of(stack).acknowledge({ id: 'PlumblineChecks-FunctionUsesRuntimeLayer[Environment::OPENAI_API_KEY]', reason: 'A test.' });
    expect(violations(stack)).toEqual([]);
  });
});

test('a verbose pack says why, too', () => {
  const stack = new Stack(new App(), 'Stack');
  role(stack, ['bedrock:*']);
  const [{ description }] = new PlumblineChecks(stack, { verbose: true }).validateScope(stack).violations;
  expect(description).toContain('A wildcard also allows what nobody meant to');
});
