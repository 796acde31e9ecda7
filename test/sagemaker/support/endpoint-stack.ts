import { App, Stack, StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { GenAiEndpoint, GenAiEndpointProps, GenAiModel } from '../../../src/sagemaker';

export const FALCON = 'huggingface-llm-falcon-7b-instruct-bf16';
export const STABLE_DIFFUSION = 'model-txt2img-stabilityai-stable-diffusion-v2';
export const VIRGINIA: StackProps = { env: { account: '111122223333', region: 'us-east-1' } };

export const falcon = (): GenAiModel => GenAiModel.jumpStart(FALCON, '4.6.16');

export function stackWith(
  props: Partial<GenAiEndpointProps> = {},
  stackProps: StackProps = VIRGINIA,
): { stack: Stack; endpoint: GenAiEndpoint } {
  const stack = new Stack(new App(), 'Stack', stackProps);
  return { stack, endpoint: new GenAiEndpoint(stack, 'Falcon', { model: falcon(), ...props }) };
}

export const templateOf = (props: Partial<GenAiEndpointProps> = {}, stackProps: StackProps = VIRGINIA): Template =>
  Template.fromStack(stackWith(props, stackProps).stack);

export interface Statement { Sid: string; Action: string | string[]; Resource: unknown; Condition?: unknown }

export function statementsOf(template: Template): Record<string, Statement> {
  const [policy] = Object.values(template.findResources('AWS::IAM::Policy'));
  return Object.fromEntries((policy.Properties.PolicyDocument.Statement as Statement[]).map(statement => [statement.Sid, statement]));
}
