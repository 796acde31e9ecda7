import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { CfnResource, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Alias } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { rolePolicies } from './support/role-policies';
import {
  BedrockInvocationLogging, FactoryBypassDetector, GenAiEndpoint, GenAiModel, ImageGenerationPlatform, PresenceGate, PromptDriftAudit,
  StandardLambda, SyntheticRequests, TextGenerationPlatform,
} from '../../src';
import { LIBRARY_FUNCTIONS } from '../../src/contract/data';
import { LibraryFunctionName } from '../../src/function/library-function';
import { actionData, ActionRequests, actionsOf, everyPrefix } from '../bedrock/support/action-data';
import { AccessRequest, allows, allowsStrictly, PolicyJson, StatementJson } from '../bedrock/support/simulation';
import { standardLambda } from '../function/support';
import { registryApp } from '../prompts/support/registry-app';

const SRC = join(__dirname, '..', '..', 'src');

const SOURCES = sources();

/** Those that a construct has: a file of the library names them. */
const NAMES = (Object.keys(LIBRARY_FUNCTIONS.functions) as LibraryFunctionName[])
  .filter(name => SOURCES.some(text => text.includes(`'${name}'`)));

const TRACES = ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'];
const TELL = ['kms:Decrypt', 'kms:GenerateDataKey', 'sns:Publish'];

/** Lambda makes, finds and removes the interfaces of a function in a VPC under its role: they are not there when the role is written. */
const IN_A_VPC = [
  'ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets', 'ec2:UnassignPrivateIpAddresses',
];

/** What each function does, and so may: nothing else of all that AWS has. */
const MAY: Readonly<Partial<Record<string, readonly string[]>>> = {
  'invocation-logging': [
    'bedrock:DeleteModelInvocationLoggingConfiguration', 'bedrock:GetModelInvocationLoggingConfiguration',
    'bedrock:PutModelInvocationLoggingConfiguration', 'iam:PassRole', 'ssm:DeleteParameter', 'ssm:GetParameter', 'ssm:PutParameter',
  ],
  'presence-gate': ['cloudwatch:GetMetricData', 'codedeploy:PutLifecycleEventHookExecutionStatus', 'lambda:InvokeFunction'],
  'jump-start-model': ['sagemaker:DescribeHubContent', 'sagemaker:ListHubContentVersions'],
  'image-jobs': ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'sqs:SendMessage', ...TRACES, ...IN_A_VPC],
  'image-worker': [
    'dynamodb:UpdateItem', 's3:PutObject', 'sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream',
    'sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:ReceiveMessage',
    ...TRACES, ...IN_A_VPC,
  ],
  'text-generation': [
    'sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream', ...TRACES, ...IN_A_VPC,
  ],
  'bypass-detector': ['logs:GetQueryResults', 'logs:StartQuery', 'logs:StopQuery', ...TELL],
  'prompt-drift-audit': [
    'dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan', 'dynamodb:UpdateItem', 'events:PutEvents',
    'kms:GetPublicKey', 'kms:Sign', 's3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:ListBucketVersions', 'ssm:GetParameter',
    ...TELL,
  ],
};

/** What every role of a function under the standard may. */
const OF_EVERY_FUNCTION = ['logs:CreateLogStream', 'logs:PutLogEvents'];

/** AWS lets everybody ask who they are. */
const OF_EVERYBODY = ['sts:GetCallerIdentity'];

/** Every construct that has a function, with all that adds to what the function may. */
function everyFunction(): Stack {
  const { stack, registry } = registryApp();
  const topic = new Topic(stack, 'Topic', { masterKey: new Key(stack, 'Key') });
  const chat = standardLambda(stack);
  const alias = new Alias(stack, 'Live', { aliasName: 'live', version: chat.currentVersion });
  new PresenceGate(stack, 'Gate', {
    serviceName: 'chat',
    requests: SyntheticRequests.invoke(alias, [{ question: 'Is anybody there?' }]),
    deploymentGroup: new LambdaDeploymentGroup(stack, 'Group', { alias, deploymentConfig: LambdaDeploymentConfig.ALL_AT_ONCE }),
  });
  new BedrockInvocationLogging(stack, 'Log');
  const invocationLog = LogGroup.fromLogGroupName(stack, 'Invocations', 'bedrock-invocations');
  new FactoryBypassDetector(stack, 'Bypass', { topic, invocationLog });
  new PromptDriftAudit(stack, 'Audit', { registry, topic });
  new GenAiEndpoint(stack, 'Llama', { model: GenAiModel.jumpStart('meta-textgeneration-llama-3-1-8b-instruct', '2.*') });
  new TextGenerationPlatform(stack, 'Text');
  new ImageGenerationPlatform(stack, 'Image');
  return stack;
}

describe('the role of a function of the library', () => {
  const stack = everyFunction();
  const template = Template.fromStack(stack);
  let actions: ActionRequests[];
  beforeAll(async () => (actions = await actionsOf(await everyPrefix(), 'aws', 'us-east-1')), 60_000);

  function policiesOf(name: LibraryFunctionName): PolicyJson[] {
    const { description } = LIBRARY_FUNCTIONS.functions[name];
    const functions = stack.node.findAll().filter(node => node instanceof StandardLambda);
    const found = functions.filter(({ node }) => (node.defaultChild as CfnResource & { description: string }).description === description);
    expect(found).toHaveLength(1);
    return rolePolicies(template, stack.getLogicalId(found[0].role!.node.defaultChild as CfnResource));
  }

  test.each(NAMES)('of %s lets it do what it does, and nothing else of all actions of AWS', async name => {
    const policies = policiesOf(name);
    const allowed: string[] = [];
    for (const one of actions) {
      if (await isAllowed(one, policies)) allowed.push(one.action);
    }
    expect([name, ...allowed.sort()]).toEqual([name, ...[...MAY[name] ?? [], ...OF_EVERY_FUNCTION, ...OF_EVERYBODY].sort()]);
  }, 120_000);

  test.each(NAMES)('of %s has no wildcard in the place of a resource, but for actions that AWS defines without one', async name => {
    const statements = policiesOf(name).flatMap(({ Statement }) => Statement);
    const unbound = statements.filter(({ Resource }) => [Resource].flat().some(isWildcard)).flatMap(({ Action }) => Action);
    const data = await Promise.all(unbound.map(async action => ({ action, ...await actionData(action) })));
    const bound = data.filter(({ action, resourceTypes }) =>
      !IN_A_VPC.includes(action) && resourceTypes.some(({ required }) => required));
    expect([name, ...bound.map(({ action }) => action)]).toEqual([name]);
    expect(statements.flatMap(({ Action }) => Action).filter(action => /[*?]/.test(action))).toEqual([]);
  });
});

test('no list is left of a function that no construct has any more', () => {
  expect(Object.keys(MAY).filter(name => !NAMES.some(one => one === name))).toEqual([]);
});

function sources(): string[] {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' });
  return files.filter(file => file.endsWith('.ts') && !file.startsWith('contract')).map(file => readFileSync(join(SRC, file), 'utf8'));
}

/** The simulator decides about keys with their own policies only, which it takes when it is strict. */
async function isAllowed(one: ActionRequests, policies: PolicyJson[]): Promise<boolean> {
  const naming = policies.flatMap(({ Statement }) => Statement)
    .filter(({ Action }) => [Action].flat().some(pattern => covers(pattern, one.action)));
  const requests = requestsOf(one, naming);
  if (!one.action.startsWith('kms:')) return requests.some(request => allows(policies, request));
  if (naming.length === 0) return false;
  const answers = await Promise.all(requests.map(request => allowsStrictly(policies, request)));
  return answers.includes(true);
}

/** Whatever there is, of all services or of one. */
function isWildcard(resource: string): boolean {
  return /^(\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:[*?]+)$/.test(resource);
}

/** On a resource of every type that the action takes, and on those that a statement names with it, under what the statement asks for. */
function requestsOf({ action, resources }: ActionRequests, naming: readonly StatementJson[]): AccessRequest[] {
  const named = naming.flatMap(({ Resource }) => [Resource].flat()).map(filled);
  const contexts = [{}, ...naming.map(contextOf)];
  return [...new Set([...resources, ...named])].flatMap(resource => contexts.map(context => ({ action, resource, context })));
}

function covers(pattern: string, action: string): boolean {
  const text = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${text}$`, 'i').test(action);
}

/** What makes all conditions of a statement true; that a key is there (`Null`) the others say. */
function contextOf({ Condition = {} }: StatementJson): Record<string, string | string[]> {
  const conditions = Object.entries(Condition).flatMap(([operator, keys]) => (operator === 'Null' ? [] : Object.entries(keys)
    .map(([key, values]): [string, string | string[]] => {
      const all = [values].flat().map(filled);
      return [key, operator.startsWith('For') ? all : all[0]];
    })));
  return Object.fromEntries(conditions);
}

function filled(pattern: string): string {
  return pattern.replaceAll('*', 'x');
}
