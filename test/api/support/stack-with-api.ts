import { App, Stack, StackProps } from 'aws-cdk-lib';
import { MockIntegration } from 'aws-cdk-lib/aws-apigateway';
import { StandardRestApi, StandardRestApiProps } from '../../../src/api';

/** A stack with a StandardRestApi that takes POST /chat. */
export function stackWith(props: StandardRestApiProps = {}, stackProps: StackProps = {}): { stack: Stack; api: StandardRestApi } {
  const stack = new Stack(new App(), 'Stack', stackProps);
  const api = new StandardRestApi(stack, 'Api', props);
  api.root.addResource('chat').addMethod('POST', new MockIntegration());
  return { stack, api };
}
