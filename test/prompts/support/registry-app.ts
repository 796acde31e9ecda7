import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { PromptReads, PromptRegistry, PromptRegistryProps } from '../../../src/prompts';
import { Standards } from '../../../src/standards';

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';
export const ENVIRONMENTS = ['dev', 'staging', 'prod'];

export interface RegistryApp {
  readonly app: App;
  readonly stack: Stack;
  readonly registry: PromptRegistry;
  readonly pipeline: Role;
  readonly template: () => Template;
}

/** A registry in a stack of its own, with one role of a pipeline. */
export function registryApp(props: Partial<PromptRegistryProps> = {}, checks = false): RegistryApp {
  const app = new App();
  const stack = stackOf(app, 'Registry', 'prod', checks);
  const pipeline = roleIn(stack, 'Pipeline');
  const registry = new PromptRegistry(stack, 'Prompts', { environments: ENVIRONMENTS, pipelineRoles: [pipeline], ...props });
  return { app, stack, registry, pipeline, template: () => Template.fromStack(stack) };
}

export function stackOf(app: App, id: string, environment: string, checks = false): Stack {
  const stack = new Stack(app, id, { env: { account: ACCOUNT, region: REGION } });
  Standards.apply(stack, { product: 'MangaAssist', environment, checks });
  return stack;
}

export function roleIn(stack: Stack, id: string, service = 'codebuild.amazonaws.com'): Role {
  return new Role(stack, id, { assumedBy: new ServicePrincipal(service) });
}

/** A function in a stack of an environment, which reads prompts. */
export function readerIn({ app, registry }: RegistryApp, environment: string, reads: PromptReads, id = 'Service'): Function {
  const stack = (app.node.tryFindChild(`${id}-${environment}`) as Stack | undefined) ?? stackOf(app, `${id}-${environment}`, environment);
  const fn = functionIn(stack);
  registry.grantRead(fn, reads);
  return fn;
}

export function functionIn(stack: Stack, id = 'Chat'): Function {
  return new Function(stack, id, { code: Code.fromInline('exports.handler = 1'), handler: 'index.handler', runtime: Runtime.NODEJS_22_X });
}
