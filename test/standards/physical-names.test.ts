import { App, Aws, CfnCondition, CfnParameter, CfnResource, Environment, Fn, Lazy, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Alarm, CfnAlarm, CompositeAlarm, AlarmRule, AlarmState, Dashboard, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { Standards } from '../../src';
import { NAME_PROPERTIES } from '../../src/contract/physical-name';

const HERE = { account: '111122223333', region: 'us-east-1' };
const OTHER_REGION = { ...HERE, region: 'eu-west-1' };
const OTHER_ACCOUNT = { ...HERE, account: '444455556666' };

function newApp(): App {
  const app = new App();
  Standards.apply(app, { product: 'Shop', environment: 'dev', checks: false });
  return app;
}

function newAlarm(scope: Construct, alarmName: string | undefined, id = 'Alarm'): Alarm {
  return new Alarm(scope, id, { alarmName, metric: new Metric({ namespace: 'N', metricName: 'M' }), threshold: 1, evaluationPeriods: 1 });
}

/** Two stacks of one app, in a stage each, in the places given. */
function inTwoStages(one: Environment | undefined, other: Environment | undefined): [App, Stack, Stack] {
  const app = newApp();
  return [app, new Stack(new Stage(app, 'One'), 'Stack', { env: one }), new Stack(new Stage(app, 'Two'), 'Stack', { env: other })];
}

describe.each([...NAME_PROPERTIES.values()])('two resources $type of one $property', ({ type, property, within }) => {
  const named = (stack: Stack): unknown => new CfnResource(stack, 'Named', { type, properties: { [property]: 'mine' } });

  test('in one account and Region are an error that names both', () => {
    const [app, one, two] = inTwoStages(HERE, HERE);
    [one, two].forEach(named);
    expect(() => app.synth()).toThrow(new RegExp(`\\[Two/Stack/Named\\] One/Stack/Named has the same ${property}[^]*"mine"`));
  });

  test('in two accounts are none', () => {
    const [app, one, two] = inTwoStages(HERE, OTHER_ACCOUNT);
    [one, two].forEach(named);
    expect(() => app.synth()).not.toThrow();
  });

  test(`in two Regions are ${within === 'region' ? 'none' : 'an error too'}`, () => {
    const [app, one, two] = inTwoStages(HERE, OTHER_REGION);
    [one, two].forEach(named);
    const synthesis = expect(() => app.synth());
    if (within === 'region') synthesis.not.toThrow();
    else synthesis.toThrow(/in the same account,/);
  });
});

describe('resources of one name are an error', () => {
  test('in one stack, whoever names them', () => {
    const app = newApp();
    const stack = new Stack(app, 'Stack');
    new Dashboard(stack, 'One', { dashboardName: 'ops' });
    new Dashboard(stack, 'Two', { dashboardName: 'ops' });
    expect(() => app.synth()).toThrow(/\[Stack\/Two\/Resource\] Stack\/One\/Resource has the same DashboardName[^]*given: {3}"ops"/);
  });

  test('in two stacks of one stage, also where the stage is deployed to wherever it is', () => {
    const app = newApp();
    for (const id of ['A', 'B']) new LogGroup(new Stack(app, id), 'Log', { logGroupName: '/shop/log' });
    expect(() => app.synth()).toThrow(/A\/Log\/Resource has the same LogGroupName/);
  });

  test('in a stack and one that is nested in it', () => {
    const app = newApp();
    const stack = new Stack(app, 'Stack');
    newAlarm(stack, 'mine');
    newAlarm(new NestedStack(stack, 'Nested'), 'mine');
    expect(() => app.synth()).toThrow(/\[Stack\/Nested\/Alarm\/Resource\] Stack\/Alarm\/Resource has the same AlarmName/);
  });

  test('among alarms and composite alarms together', () => {
    const app = newApp();
    const stack = new Stack(app, 'Stack');
    const alarmRule = AlarmRule.fromAlarm(newAlarm(stack, 'mine'), AlarmState.ALARM);
    new CompositeAlarm(stack, 'All', { compositeAlarmName: 'mine', alarmRule });
    expect(() => app.synth()).toThrow(/has the same AlarmName/);
  });

  test('each of three is named beside the first', () => {
    const app = newApp();
    const stack = new Stack(app, 'Stack');
    for (const id of ['One', 'Two', 'Three']) newAlarm(stack, 'mine', id);
    expect(() => app.synth()).toThrow(/Stack\/Two\/Resource\] Stack\/One[^]*Stack\/Three\/Resource\] Stack\/One/);
  });

  test.each<[string, (stack: Stack) => string]>([
    ['a name that is made late', () => Lazy.string({ produce: () => 'shop-us-east-1' })],
    ['the Region of the deployment', () => `shop-${Aws.REGION}`],
    ['the Region of the stack', stack => `shop-${stack.region}`],
    ['a join', () => Fn.join('-', ['shop', Aws.REGION])],
  ])('also as %s', (_how, nameOf) => {
    const [app, one, two] = inTwoStages(HERE, HERE);
    newAlarm(one, 'shop-us-east-1');
    newAlarm(two, nameOf(two));
    expect(() => app.synth()).toThrow(/has the same AlarmName/);
  });

  test('with the same parameter in one stack, and with the same pseudo parameter in one stage', () => {
    const app = newApp();
    const stack = new Stack(app, 'Stack');
    const parameter = new CfnParameter(stack, 'Name').valueAsString;
    newAlarm(stack, parameter, 'One');
    newAlarm(stack, parameter, 'Two');
    newAlarm(stack, `in-${Aws.REGION}`, 'Three');
    newAlarm(new Stack(app, 'Other'), `in-${Aws.REGION}`);
    expect(() => app.synth()).toThrow(/\[Stack\/Two\/Resource\] Stack\/One[^]*\[Other\/Alarm\/Resource\] Stack\/Three/);
  });

  test('when an escape hatch names the second one', () => {
    const app = newApp();
    const stack = new Stack(app, 'Stack');
    newAlarm(stack, 'mine', 'One');
    (newAlarm(stack, undefined, 'Two').node.defaultChild as CfnAlarm).addPropertyOverride('AlarmName', 'mine');
    expect(() => app.synth()).toThrow(/has the same AlarmName/);
  });

  test('also with Standards on one stage only', () => {
    const app = new App();
    const [one, two] = ['One', 'Two'].map(id => new Stage(app, id, { env: HERE }));
    Standards.apply(two, { product: 'Shop', environment: 'dev', checks: false });
    for (const stage of [one, two]) newAlarm(new Stack(stage, 'Stack'), 'mine');
    expect(() => app.synth()).toThrow(/has the same AlarmName/);
  });
});

describe('resources of one name are none', () => {
  test('in two stages whose account nobody knows yet: each may go to its own', () => {
    const [app, one, two] = inTwoStages(undefined, undefined);
    newAlarm(one, 'mine');
    newAlarm(two, 'mine');
    expect(() => app.synth()).not.toThrow();
  });

  test('without a name', () => {
    const app = newApp();
    const stack = new Stack(app, 'Stack');
    newAlarm(stack, undefined, 'One');
    newAlarm(stack, undefined, 'Two');
    (newAlarm(stack, undefined, 'Three').node.defaultChild as CfnAlarm).alarmName = Aws.NO_VALUE;
    (newAlarm(stack, undefined, 'Four').node.defaultChild as CfnAlarm).alarmName = Aws.NO_VALUE;
    expect(() => app.synth()).not.toThrow();
  });

  test('when their types have names apart', () => {
    const app = newApp();
    const stack = new Stack(app, 'Stack');
    newAlarm(stack, 'mine');
    new Dashboard(stack, 'Dashboard', { dashboardName: 'mine' });
    expect(() => app.synth()).not.toThrow();
  });

  test('when they are two forms of one resource, each under a condition of its own', () => {
    const app = newApp();
    const stack = new Stack(app, 'Stack');
    for (const id of ['Small', 'Large']) {
      const condition = new CfnCondition(stack, `Is${id}`, { expression: Fn.conditionEquals(Aws.REGION, id) });
      (newAlarm(stack, 'mine', id).node.defaultChild as CfnAlarm).cfnOptions.condition = condition;
    }
    expect(() => app.synth()).not.toThrow();
  });

  test('when the names hold parameters of two stacks', () => {
    const app = newApp();
    for (const id of ['A', 'B']) {
      const stack = new Stack(app, id, { env: HERE });
      newAlarm(stack, new CfnParameter(stack, 'Name').valueAsString);
    }
    expect(() => app.synth()).not.toThrow();
  });

  test('when the names hold the name of the stack', () => {
    const app = newApp();
    for (const id of ['A', 'B']) newAlarm(new Stack(app, id, { env: HERE }), `${Aws.STACK_NAME}-alarm`);
    expect(() => app.synth()).not.toThrow();
  });

  test('when the role is one that the CDK does not create', () => {
    const app = newApp();
    const stack = new Stack(app, 'Stack', { env: HERE });
    Role.customizeRoles(stack, { usePrecreatedRoles: { 'Stack/One': 'mine', 'Stack/Two': 'mine' } });
    for (const id of ['One', 'Two']) new Role(stack, id, { roleName: 'mine', assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    expect(() => app.synth()).not.toThrow();
  });
});
