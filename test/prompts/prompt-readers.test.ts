import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { CfnRole, Role } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, Code } from 'aws-cdk-lib/aws-lambda';
import { ACCOUNT, functionIn, readerIn, REGION, registryApp, roleIn, stackOf } from './support/registry-app';
import { StandardLambda, StandardLambdaMixin } from '../../src/function';

type Json = Record<string, unknown>;

const propertiesOf = (template: Template, type: string): Json[] =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties as Json);

/** What a function is told, with the parts that are known only at deployment as their references. */
function told(fn: Stack): Json {
  const [{ Environment }] = propertiesOf(Template.fromStack(fn), 'AWS::Lambda::Function') as { Environment?: { Variables: Json } }[];
  return parsed(Environment!.Variables.PLUMBLINE_PROMPTS);
}

function parsed(value: unknown): Json {
  const { 'Fn::Join': [, parts] } = value as { 'Fn::Join': [string, unknown[]] };
  return JSON.parse(parts.map(part => (typeof part === 'string' ? part : '<reference>')).join('')) as Json;
}

describe('a reader', () => {
  test('is told where its prompts are, in the environment of its own standards', () => {
    const app = registryApp();
    const fn = readerIn(app, 'staging', { prompts: ['greeting', 'closing'] });
    expect(told(Stack.of(fn))).toEqual({
      bucket: '<reference>',
      table: '<reference>',
      key: '<reference>',
      region: REGION,
      environment: 'staging',
      prompts: { closing: {}, greeting: {} },
    });
  });

  test('reads what is granted later too', () => {
    const app = registryApp();
    const fn = readerIn(app, 'prod', { prompts: ['greeting'] });
    app.registry.grantRead(fn, { prompts: ['closing'] });
    expect(told(Stack.of(fn)).prompts).toEqual({ closing: {}, greeting: {} });
    Template.fromStack(Stack.of(fn)).resourceCountIs('AWS::IAM::Policy', 1);
  });

  test('of the sandbox reads the sandbox, where nothing is signed', () => {
    const fn = readerIn(registryApp({ sandbox: true }), 'sandbox', { prompts: ['greeting'] });
    expect(told(Stack.of(fn))).not.toHaveProperty('key');
    expect(JSON.stringify(Template.fromStack(Stack.of(fn)).toJSON())).not.toMatch(/Registry:ExportsOutput\w*PromptsBucket/);
  });

  test('may be a StandardLambda, or get the standard before or after', () => {
    const app = registryApp();
    const stack = stackOf(app.app, 'Services', 'prod');
    const [before, after] = ['Before', 'After'].map(id => functionIn(stack, id));
    before.with(new StandardLambdaMixin({ serviceName: 'before' }));
    const standard = new StandardLambda(stack, 'Standard', {
      serviceName: 'standard', code: Code.fromInline('exports.handler = 1'), handler: 'index.handler',
    });
    for (const fn of [before, after, standard]) app.registry.grantRead(fn, { prompts: ['greeting'] });
    after.with(new StandardLambdaMixin({ serviceName: 'after' }));
    for (const { Environment } of propertiesOf(Template.fromStack(stack), 'AWS::Lambda::Function')) {
      expect(Object.keys((Environment as { Variables: Json }).Variables))
        .toEqual(expect.arrayContaining(['PLUMBLINE_PROMPTS', 'PLUMBLINE_HANDLER']));
    }
  });

  test('that is a role alone gets the rights and nothing else', () => {
    const app = registryApp();
    const stack = stackOf(app.app, 'Tasks', 'prod');
    app.registry.grantRead(roleIn(stack, 'Task', 'ecs-tasks.amazonaws.com'), { prompts: ['greeting'] });
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 1);
  });

  test('that takes no policies is told what to add by hand', () => {
    const app = registryApp();
    const stack = stackOf(app.app, 'Tasks', 'prod');
    const role = Role.fromRoleArn(stack, 'Task', `arn:aws:iam::${ACCOUNT}:role/task`, { mutable: false });
    app.registry.grantRead(role, { prompts: ['greeting'] });
    app.app.synth();
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('ReadDeployedPrompts'));
  });
});

describe('a container', () => {
  const app = registryApp({ sandbox: true });
  const taskIn = (environment: string): FargateTaskDefinition =>
    new FargateTaskDefinition(stackOf(app.app, `Tasks-${environment}`, environment), 'Task');
  const containerIn = (task: FargateTaskDefinition, id: string) =>
    task.addContainer(id, { image: ContainerImage.fromRegistry('picks'), environment: { PLUMBLINE_SERVICE_NAME: id } });
  const task = taskIn('prod');
  const [picks, side, stranger] = ['picks', 'side', 'stranger'].map(id => containerIn(task, id));
  app.registry.grantReadToContainer(picks, { prompts: ['greeting'] });
  app.registry.grantReadToContainer(side, { prompts: ['closing'] });
  app.registry.grantReadToContainer(picks, { prompts: ['picks'] });
  const trial = taskIn('sandbox');
  app.registry.grantReadToContainer(containerIn(trial, 'picks'), { prompts: ['greeting'] });
  const fn = readerIn(app, 'prod', { prompts: ['closing'] });
  const variables = (of: FargateTaskDefinition): Record<string, Json> => {
    const [{ ContainerDefinitions }] = propertiesOf(Template.fromStack(Stack.of(of)), 'AWS::ECS::TaskDefinition') as
      { ContainerDefinitions: { Name: string; Environment: { Name: string; Value: unknown }[] }[] }[];
    return Object.fromEntries(ContainerDefinitions.map(({ Name, Environment }) =>
      [Name, Object.fromEntries(Environment.map(entry => [entry.Name, entry.Value]))]));
  };

  test('is told where its own prompts are, and what the runtime needs beside them', () => {
    const { PLUMBLINE_PROMPTS, ...others } = variables(task).picks;
    expect(others).toEqual({ PLUMBLINE_PRODUCT: 'MangaAssist', PLUMBLINE_ENVIRONMENT: 'prod', PLUMBLINE_SERVICE_NAME: 'picks' });
    expect(parsed(PLUMBLINE_PROMPTS)).toEqual({
      bucket: '<reference>',
      table: '<reference>',
      key: '<reference>',
      region: REGION,
      environment: 'prod',
      prompts: { greeting: {}, picks: {} },
    });
    expect(parsed(variables(task).side.PLUMBLINE_PROMPTS).prompts).toEqual({ closing: {} });
    expect(variables(task).stranger).toEqual({ PLUMBLINE_SERVICE_NAME: 'stranger' });
    expect(stranger.node.children).toEqual([]);
  });

  test('reads by the role of its task, which may read before the task starts', () => {
    const template = Template.fromStack(Stack.of(task));
    const policies = template.findResources('AWS::IAM::Policy');
    const [, reader] = [Template.fromStack(Stack.of(fn)), template].map(made =>
      propertiesOf(made, 'AWS::IAM::Policy').map(({ PolicyDocument }) => PolicyDocument as { Statement: { Sid: string }[] }));
    const sids = ['ReadDeployedPrompts', 'ReadPromptVersions', 'DecryptPromptVersions', 'DecryptDeployedPrompts', 'VerifyPrompts'];
    expect(reader.map(({ Statement }) => Statement.map(({ Sid }) => Sid))).toEqual([sids, sids]);
    const [{ DependsOn }] = Object.values(template.findResources('AWS::ECS::TaskDefinition')) as { DependsOn?: string[] }[];
    expect(DependsOn).toEqual(expect.arrayContaining(Object.keys(policies)));
    expect(Object.values(policies).map(({ Properties }) => (Properties as { Roles: unknown }).Roles))
      .toEqual(Array(2).fill([{ Ref: Stack.of(task).getLogicalId(task.taskRole.node.defaultChild as CfnRole) }]));
  });

  test('of the sandbox is told that it is one; one of no environment of the registry is refused', () => {
    const { PLUMBLINE_PROMPTS, PLUMBLINE_ENVIRONMENT } = variables(trial).picks;
    expect(parsed(PLUMBLINE_PROMPTS)).not.toHaveProperty('key');
    expect(PLUMBLINE_ENVIRONMENT).toBe('sandbox');
    const elsewhere = containerIn(taskIn('elsewhere'), 'picks');
    expect(() => app.registry.grantReadToContainer(elsewhere, { prompts: ['greeting'] }))
      .toThrow(/elsewhere[^]*dev, staging, prod, sandbox/);
  });

  test('is no place for copies, nor for more prompts than a task definition holds', () => {
    const own = registryApp();
    const many = new FargateTaskDefinition(stackOf(own.app, 'Many', 'prod'), 'Task');
    const container = containerIn(many, 'picks');
    expect(() => own.registry.grantReadToContainer(container, { prompts: ['greeting'], bundled: 'prompts.json' }))
      .toThrow(/none of this app/);
    own.registry.grantReadToContainer(container, { prompts: Array.from({ length: 2_000 }, (_, index) => `a-long-name-${index}`) });
    expect(() => own.app.synth()).toThrow(/no room for so many prompts in a task definition/);
  });
});

describe('copies of prompts', () => {
  let folder: string;
  beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'prompts-')); });
  afterAll(() => { rmSync(folder, { recursive: true }); });

  /** The hash is that of the canonical JSON of messages and model, worked out by another tool. */
  const EXPORTED = { id: 'greeting', version: '1.0.0', model: 'm', messages: [{ role: 'user', text: 'Hi' }] };
  const HASH = '5dfc4432bd39c43418dda38d471959b5b86996cce55211d70a2e3655f6ce94d8';
  const file = (): string => join(folder, 'prompts.json');
  const write = (content: unknown) => writeFileSync(file(), typeof content === 'string' ? content : JSON.stringify(content));
  const reading = () => readerIn(registryApp(), 'prod', { prompts: ['greeting'], bundled: file() });
  const WHOLE = { ...EXPORTED, template_hash: HASH };

  test('come in a layer, and the function knows their hashes', () => {
    write([{ ...WHOLE, id: 'closing' }, WHOLE]);
    const fn = reading();
    expect(told(Stack.of(fn)).prompts).toEqual({ greeting: { bundled: '/opt/plumbline-prompts/greeting.json', templateHash: HASH } });
    const [[, { Content }]] = Object.entries(Template.fromStack(Stack.of(fn)).findResources('AWS::Lambda::LayerVersion'))
      .map(([id, { Properties }]) => [id, Properties as { Content: { S3Key: string } }] as const);
    const layer = join(Stage.of(fn)!.synth().directory, `asset.${Content.S3Key.replace('.zip', '')}`);
    expect(readdirSync(join(layer, 'plumbline-prompts'))).toEqual(['greeting.json']);
    expect(JSON.parse(readFileSync(join(layer, 'plumbline-prompts', 'greeting.json'), 'utf8'))).toEqual(WHOLE);
  });

  test.each<[string, unknown, RegExp]>([
    ['changed after the export', [{ ...WHOLE, messages: [{ role: 'user', text: 'Ha' }] }], /changed after it was exported/],
    ['without a hash', [EXPORTED], /changed after it was exported/],
    ['that are no prompts', [{ id: 'greeting', template_hash: HASH }], /changed after it was exported/],
    ['of other prompts', [{ ...WHOLE, id: 'closing' }, null], /does not hold a prompt/],
    ['of two versions', [WHOLE, WHOLE], /several versions of a prompt/],
    ['that are no list', WHOLE, /no list/],
    ['that are no JSON', '[', /cannot be read[^]*prompts export/],
  ])('%s are refused', (_name, content, message) => {
    write(content);
    expect(reading).toThrow(message);
  });

  test('that are not there are refused', () => {
    const bundled = join(folder, 'missing.json');
    expect(() => readerIn(registryApp(), 'prod', { prompts: ['greeting'], bundled })).toThrow(/missing\.json/);
  });

  test('are for functions, and for code that need not be signed', () => {
    write([WHOLE]);
    const app = registryApp();
    const stack = stackOf(app.app, 'Tasks', 'prod');
    const reads = { prompts: ['greeting'], bundled: file() };
    expect(() => app.registry.grantRead(roleIn(stack, 'Task'), reads)).toThrow(/this is none of this app/);
    const fn = functionIn(stack);
    (fn.node.defaultChild as CfnFunction).codeSigningConfigArn = 'arn';
    expect(() => app.registry.grantRead(fn, reads)).toThrow(/signed code only/);
  });
});
