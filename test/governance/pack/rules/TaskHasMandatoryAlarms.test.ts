import { CfnParameter, CfnResource, Stack } from 'aws-cdk-lib';
import { CfnTaskDefinition, ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { TaskHasMandatoryAlarms } from '../../../../src/governance/pack/rules';
import { testRule } from '../support/rule-cases';
import { alarmOn, catalogMetric, mayInvoke, ofService, otherStack, roleThatInvokes, serviceVariables } from '../support/workloads';

const FOUND = ['Task/Resource'];
const ECS = 'ecs-tasks.amazonaws.com';

function task(
  stack: Stack, services: (string | undefined)[], taskRole: IRole = roleThatInvokes(stack, 'Role', ECS),
): FargateTaskDefinition {
  const definition = new FargateTaskDefinition(stack, 'Task', { taskRole });
  services.forEach((service, index) => definition.addContainer(`Container${index}`, {
    image: ContainerImage.fromRegistry('image'), environment: service === undefined ? {} : serviceVariables(service),
  }));
  return definition;
}

function watch(stack: Stack, service: string, id = ''): void {
  alarmOn(stack, catalogMetric('BedrockInvocationCount', ofService(service)), `Invocations${id}`);
  alarmOn(stack, catalogMetric('LatencyEndToEndMs', ofService(service)), `Latency${id}`);
}

describe('tasks', () => {
  testRule(TaskHasMandatoryAlarms, [
    {
      name: 'that may not invoke need no alarms',
      build: stack => new FargateTaskDefinition(stack, 'Task').addContainer('C', { image: ContainerImage.fromRegistry('image') }),
      verdict: 'not applicable',
    },
    {
      name: 'whose service is watched are compliant',
      build: stack => { task(stack, ['chat']); watch(stack, 'chat'); },
      verdict: 'compliant',
    },
    {
      name: 'with a sidecar that names no service are compliant',
      build: stack => { task(stack, [undefined, 'chat']); watch(stack, 'chat'); },
      verdict: 'compliant',
    },
    { name: 'whose service is not watched', build: stack => { task(stack, ['chat']); watch(stack, 'cart'); }, verdict: FOUND },
    {
      name: 'one of whose services is not watched',
      build: stack => { task(stack, ['chat', 'cart']); watch(stack, 'chat'); },
      verdict: FOUND,
    },
    {
      name: 'all of whose services are watched are compliant',
      build: stack => { task(stack, ['chat', 'cart']); watch(stack, 'chat', '1'); watch(stack, 'cart', '2'); },
      verdict: 'compliant',
    },
    { name: 'that name no service cannot be watched', build: stack => { task(stack, [undefined]); watch(stack, 'chat'); }, verdict: FOUND },
    {
      name: 'with one alarm only',
      build: stack => { task(stack, ['chat']); alarmOn(stack, catalogMetric('BedrockInvocationCount', ofService('chat')), 'Invocations'); },
      verdict: FOUND,
    },
    {
      name: 'whose execution role may invoke do not count: it is not the containers\'',
      build: stack => new FargateTaskDefinition(stack, 'Task', { executionRole: roleThatInvokes(stack, 'Role', ECS) }),
      verdict: 'not applicable',
    },
    {
      name: 'with the permission added to their own role',
      build: stack => {
        const definition = new FargateTaskDefinition(stack, 'Task');
        definition.addContainer('C', { image: ContainerImage.fromRegistry('image') });
        definition.addToTaskRolePolicy(mayInvoke());
      },
      verdict: FOUND,
    },
    {
      name: 'with a role of another stack',
      build: stack => task(stack, ['chat'], roleThatInvokes(otherStack(stack), 'Role', ECS)),
      verdict: FOUND,
    },
    {
      name: 'of a service known only at deployment are compliant when it is watched',
      build: stack => {
        const service = new CfnParameter(stack, 'Service').valueAsString;
        task(stack, [service]);
        watch(stack, service);
      },
      verdict: 'compliant',
    },
    {
      name: 'as L1',
      build: stack => {
        new CfnTaskDefinition(stack, 'Task', {
          taskRoleArn: roleThatInvokes(stack, 'Role', ECS).roleArn,
          containerDefinitions: [{ name: 'c', image: 'image', environment: [{ name: 'PLUMBLINE_SERVICE_NAME', value: 'chat' }] }],
        });
      },
      verdict: ['Task'],
    },
    {
      name: 'as resources without a class are compliant when watched',
      build: stack => {
        const TaskRoleArn = stack.resolve(roleThatInvokes(stack, 'Role', ECS).roleArn);
        const ContainerDefinitions = [{ Name: 'c', Environment: [{ Name: 'PLUMBLINE_SERVICE_NAME', Value: 'chat' }] }];
        new CfnResource(stack, 'Task', { type: 'AWS::ECS::TaskDefinition', properties: { TaskRoleArn, ContainerDefinitions } });
        watch(stack, 'chat');
      },
      verdict: 'compliant',
    },
  ]);
});
