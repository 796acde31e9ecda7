import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ApiDefinition, SpecRestApi } from 'aws-cdk-lib/aws-apigateway';
import { EnvelopeGatewayResponses, EnvelopeGatewayResponsesProps } from '../../src/api';
import { OPENAPI_EXTENSION } from '../../src/api/openapi-definition';

const responseOf = (own: object, props: Partial<EnvelopeGatewayResponsesProps> = {}) => {
  const stack = new Stack(new App(), 'Stack');
  const definition = { openapi: '3.0.1', info: { title: 'Api', version: '1' }, paths: { '/': { get: {} } } };
  const restApi = new SpecRestApi(stack, 'Api', {
    apiDefinition: ApiDefinition.fromInline({ ...definition, [OPENAPI_EXTENSION]: { DEFAULT_4XX: own, THROTTLED: own } }),
  });
  new EnvelopeGatewayResponses(stack, 'Envelope', { restApi, ...props });
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::ApiGateway::RestApi'));
  return Properties.Body[OPENAPI_EXTENSION].DEFAULT_4XX;
};

test.each(['text/html', 'application/xml', 'application/json'])('a %s template of an inline definition does not survive', type => {
  expect(responseOf({ statusCode: '418', responseTemplates: { [type]: '<h1>$context.error.message</h1>' } }))
    .toEqual({ responseParameters: {}, responseTemplates: { 'application/json': expect.stringMatching(/"code":"INVALID_REQUEST"/) } });
});

test('headers of an inline definition stay, save the type of the body and what the envelope says itself', () => {
  expect(responseOf({
    responseParameters: {
      'gatewayresponse.header.X-Frame-Options': "'DENY'",
      'gatewayresponse.header.content-type': "'text/html'",
      'gatewayresponse.header.access-control-allow-origin': "'https://evil.example'",
    },
  }, { allowOrigins: ['*'] }).responseParameters).toEqual({
    'gatewayresponse.header.X-Frame-Options': "'DENY'",
    'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
  });
});
