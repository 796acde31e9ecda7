import { Template } from 'aws-cdk-lib/assertions';
import { CfnMethod, CfnRestApi, ContentHandling, LambdaIntegration, MockIntegration } from 'aws-cdk-lib/aws-apigateway';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { stackWith } from './support/stack-with-api';
import { StandardRestApi, StandardRestApiProps } from '../../src/api';

const methodsOf = (props: StandardRestApiProps, change?: (api: StandardRestApi) => void) => {
  const { stack, api } = stackWith({ allowOrigins: ['https://shop.example'], ...props });
  api.root.addMethod('GET', new LambdaIntegration(Function.fromFunctionName(stack, 'Fn', 'fn')));
  change?.(api);
  const template = Template.fromStack(stack);
  return {
    methods: Object.values(template.findResources('AWS::ApiGateway::Method')).map(({ Properties }) => Properties),
    deployment: Object.keys(template.findResources('AWS::ApiGateway::Deployment'))[0],
  };
};

test.each<[string, StandardRestApiProps, ((api: StandardRestApi) => void) | undefined]>([
  ['by its props', { binaryMediaTypes: ['*/*'] }, undefined],
  ['for one type', { binaryMediaTypes: ['application/json'] }, undefined],
  ['by an escape hatch', {}, api => { (api.node.defaultChild as CfnRestApi).binaryMediaTypes = ['*/*']; }],
])('a preflight passes where the API reads binary data %s: no mock takes it', (_how, props, change) => {
  const { methods } = methodsOf(props, change);
  const mocks = methods.filter(({ Integration }) => Integration.Type === 'MOCK');
  expect(mocks.map(({ HttpMethod }) => HttpMethod)).toEqual(expect.arrayContaining(['OPTIONS', 'POST']));
  expect(mocks.filter(({ Integration }) => Integration.ContentHandling !== 'CONVERT_TO_TEXT')).toEqual([]);
  expect(methods.find(({ HttpMethod }) => HttpMethod === 'GET')!.Integration).not.toHaveProperty('ContentHandling');
});

test('a mock of the caller\'s keeps the handling that it names', () => {
  const { methods } = methodsOf({ binaryMediaTypes: ['*/*'] }, api => {
    api.root.addMethod('PUT', new MockIntegration({ contentHandling: ContentHandling.CONVERT_TO_BINARY }));
  });
  expect(methods.find(({ HttpMethod }) => HttpMethod === 'PUT')!.Integration.ContentHandling).toBe('CONVERT_TO_BINARY');
});

test('an API that reads text only says nothing of it', () => {
  expect(methodsOf({}).methods.filter(({ Integration }) => Integration.ContentHandling)).toEqual([]);
});

test('an API that is deployed already is deployed again when its mocks change', () => {
  const withoutHandling = methodsOf({ binaryMediaTypes: ['*/*'] }, api => {
    for (const method of api.methods) {
      const resource = method.node.defaultChild as CfnMethod;
      const integration = resource.integration as CfnMethod.IntegrationProperty;
      resource.integration = { ...integration, contentHandling: ContentHandling.CONVERT_TO_TEXT };
    }
  });
  expect(methodsOf({ binaryMediaTypes: ['*/*'] }).deployment).not.toBe(withoutHandling.deployment);
});
