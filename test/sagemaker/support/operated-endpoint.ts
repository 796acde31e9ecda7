import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { falcon, VIRGINIA } from './endpoint-stack';
import { GenAiEndpoint, GenAiEndpointProps, Inference } from '../../../src/sagemaker';

export type Props = Partial<GenAiEndpointProps>;

export const asynchronous = (stack: Stack): Inference =>
  Inference.asynchronous({ output: { bucket: Bucket.fromBucketName(stack, 'Bucket', 'payloads'), prefix: 'answers' } });
export const component = (): Inference => Inference.realtime({ scaleToZero: true });

export function endpointOf(props: (stack: Stack) => Props, stackProps = VIRGINIA): { stack: Stack; endpoint: GenAiEndpoint } {
  const stack = new Stack(new App(), 'Stack', stackProps);
  return { stack, endpoint: new GenAiEndpoint(stack, 'Falcon', { model: falcon(), ...props(stack) }) };
}

export const templateWith = (props: (stack: Stack) => Props): Template => Template.fromStack(endpointOf(props).stack);
export const refusal = (props: (stack: Stack) => Props): string => {
  try {
    templateWith(props);
    return 'nothing was refused';
  } catch (fault) {
    return (fault as Error).message;
  }
};
export const only = (template: Template, type: string) => {
  const [[id, resource], ...others] = Object.entries(template.findResources(type));
  expect(others).toEqual([]);
  return { id, ...resource as { Properties: any; DependsOn?: string[] } };
};
