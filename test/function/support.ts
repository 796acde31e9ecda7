import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Code, Function, FunctionProps, Runtime } from 'aws-cdk-lib/aws-lambda';
import { StandardLambda, StandardLambdaProps, Standards } from '../../src';

export const LAYER_HANDLER = '/opt/nodejs/plumbline/handler.handler';
export const MODEL = 'anthropic.claude-3-haiku-20240307-v1:0';
const CODE = Code.fromInline('exports.handler = async () => 1');

export function newStack(env?: { account: string; region: string }): Stack {
  const app = new App();
  Standards.apply(app, { product: 'MangaAssist', environment: 'prod', checks: false });
  return new Stack(app, 'Stack', { env });
}

export function standardLambda(stack: Stack, props: Partial<StandardLambdaProps> = {}, id = 'Chat'): StandardLambda {
  return new StandardLambda(stack, id, { serviceName: 'chat', code: CODE, handler: 'index.handler', ...props });
}

export function existingFunction(stack: Stack, props: Partial<FunctionProps> = {}): Function {
  return new Function(stack, 'Existing', { code: CODE, handler: 'index.handler', runtime: Runtime.NODEJS_22_X, ...props });
}

/** The ids of the standard's warnings about the constructs of a stack. */
export function warningsOf(stack: Stack): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue())
    .map(({ entry }) => /\[ack: cdk-plumbline:(\w+)\]/.exec(String(entry.data))?.[1])
    .filter(id => id !== undefined);
}

/** The text of a warning; empty when there is none of that id. */
export function warningText(stack: Stack, id: string): string {
  const found = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp(`cdk-plumbline:${id}\\]`));
  return found.map(({ entry }) => String(entry.data)).join('\n');
}
