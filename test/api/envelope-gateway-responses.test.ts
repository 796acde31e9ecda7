import { readFileSync } from 'fs';
import { join } from 'path';
import Ajv from 'ajv';
import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  ApiDefinition, Cors, Deployment, MockIntegration, ResponseType, RestApi, RestApiMode, SpecRestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import * as fc from 'fast-check';
import { bodies, variablesOf } from './support/gateway-substitution';
import { EnvelopeGatewayResponses, EnvelopeGatewayResponsesProps } from '../../src/api';
import { ERROR_CODES, GATEWAY_RESPONSES } from '../../src/contract/data';

const envelopeSchema = JSON.parse(readFileSync(join(__dirname, '..', '..', 'contract', 'envelope.schema.json'), 'utf8'));
const conforms = new Ajv().compile(envelopeSchema);

const RESPONSE_TYPES = Object.values(ResponseType).filter(value => value instanceof ResponseType).map(type => type.responseType);

type GatewayResponse = {
  Properties: {
    ResponseType: string;
    StatusCode?: string;
    ResponseParameters?: Record<string, unknown>;
    ResponseTemplates: Record<string, string>;
  };
};

/** The envelope with a variable of API Gateway as its message. */
function withMessage(message: string): string {
  const error = `{"code":"INTERNAL_ERROR","message":${message},"retryable":false,"support_ref":"x"}`;
  return `{"status":"error","request_id":"$context.requestId","data":null,"error":${error}}`;
}

function stackWithApi(): { stack: Stack; api: RestApi } {
  const stack = new Stack(new App(), 'Stack');
  const api = new RestApi(stack, 'Api');
  api.root.addMethod('GET', new MockIntegration());
  return { stack, api };
}

function responsesOf(stack: Stack): Record<string, GatewayResponse['Properties']> {
  const resources = Template.fromStack(stack).findResources('AWS::ApiGateway::GatewayResponse') as Record<string, GatewayResponse>;
  return Object.fromEntries(Object.values(resources).map(({ Properties }) => [Properties.ResponseType, Properties]));
}

function responsesWith(props: Partial<EnvelopeGatewayResponsesProps>): Record<string, GatewayResponse['Properties']> {
  const { stack, api } = stackWithApi();
  new EnvelopeGatewayResponses(stack, 'Envelope', { restApi: api, ...props });
  return responsesOf(stack);
}

function headersWith(props: Partial<EnvelopeGatewayResponsesProps>): Record<string, unknown> {
  return responsesWith(props).DEFAULT_4XX.ResponseParameters ?? {};
}

/** How the OpenAPI extension writes what the resources say. */
function openApiFormOf(responses: Record<string, GatewayResponse['Properties']>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(responses).map(([type, { StatusCode, ResponseParameters, ResponseTemplates }]) => [type, {
    ...(StatusCode ? { statusCode: StatusCode } : {}),
    responseParameters: ResponseParameters,
    responseTemplates: ResponseTemplates,
  }]));
}

const parses = (body: string): boolean => {
  try {
    return conforms(JSON.parse(body));
  } catch {
    return false;
  }
};

describe('coverage', () => {
  test('the contract knows every response type of the CDK, and no other', () => {
    expect(Object.keys(GATEWAY_RESPONSES.responses).sort()).toEqual([...RESPONSE_TYPES].sort());
  });

  test('each response type has one gateway response, with the status and code of the contract', () => {
    const { stack, api } = stackWithApi();
    new EnvelopeGatewayResponses(stack, 'Envelope', { restApi: api });

    const responses = responsesOf(stack);

    expect(Object.keys(responses).sort()).toEqual([...RESPONSE_TYPES].sort());
    for (const [type, contract] of Object.entries<{ code: keyof typeof ERROR_CODES.codes; statusCode?: number }>(
      GATEWAY_RESPONSES.responses,
    )) {
      const { code, message, retryable } = JSON.parse(responses[type].ResponseTemplates['application/json']).error;
      expect({ type, status: responses[type].StatusCode, code, message, retryable }).toEqual({
        type,
        status: contract.statusCode?.toString(),
        code: contract.code,
        message: ERROR_CODES.codes[contract.code].message,
        retryable: ERROR_CODES.codes[contract.code].retryable,
      });
    }
  });

  test('everything it creates is inside it', () => {
    const { stack, api } = stackWithApi();
    const before = stack.node.findAll().length;
    const envelope = new EnvelopeGatewayResponses(stack, 'Envelope', { restApi: api });
    expect(stack.node.findAll().length - before).toBe(envelope.node.findAll().length);
  });
});

describe('bodies after substitution', () => {
  const { stack, api } = stackWithApi();
  new EnvelopeGatewayResponses(stack, 'Envelope', { restApi: api });
  const templates = Object.entries(responsesOf(stack)).map(([type, { ResponseTemplates }]) => [
    type,
    ResponseTemplates['application/json'],
  ]);

  test.each(templates)('%s is an envelope whatever API Gateway fills in', (_type, template) => {
    expect(variablesOf(template)).toEqual(['$context.requestId', '$context.extendedRequestId']);
    fc.assert(fc.property(bodies(template), parses), { numRuns: 200 });
  });

  test.each([
    ['"$context.error.message"', withMessage('"$context.error.message"')],
    ['$context.error.messageString', withMessage('$context.error.messageString')],
    ['$context.error.validationErrorString', withMessage('"$context.error.validationErrorString"')],
  ])('a template that holds %s does not pass this test', (_variable, template) => {
    expect(fc.check(fc.property(bodies(template), parses), { numRuns: 200 }).failed).toBe(true);
  });

  test('a variable whose grammar nobody looked up does not pass this test', () => {
    expect(() => bodies('{"request_id":"$context.identity.userAgent"}')).toThrow('No grammar is known for $context.identity.userAgent');
  });
});

describe('CORS headers', () => {
  test('are left out when neither the API nor the caller names an origin', () => {
    expect(headersWith({})).toEqual({});
    expect(headersWith({ allowOrigins: [] })).toEqual({});
  });

  test('name a single origin and vary by it', () => {
    expect(headersWith({ allowOrigins: ['https://www.example.com'] })).toEqual({
      'gatewayresponse.header.Access-Control-Allow-Origin': "'https://www.example.com'",
      'gatewayresponse.header.Vary': "'Origin'",
    });
  });

  test('allow credentials for a single origin when asked to', () => {
    expect(headersWith({ allowOrigins: ['https://www.example.com'], allowCredentials: true }))
      .toHaveProperty(['gatewayresponse.header.Access-Control-Allow-Credentials'], "'true'");
  });

  test.each([[['*']], [['https://a.example', 'https://b.example']]])('let every page read the answer for %j', allowOrigins => {
    expect(headersWith({ allowOrigins })).toEqual({ 'gatewayresponse.header.Access-Control-Allow-Origin': "'*'" });
  });

  test('never combine * with credentials, which browsers refuse', () => {
    expect(headersWith({ allowOrigins: ['*'], allowCredentials: true })).toEqual({
      'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
    });
  });

  test('name the first of several origins with credentials, and warn of the others', () => {
    const { stack, api } = stackWithApi();
    new EnvelopeGatewayResponses(stack, 'Envelope', {
      restApi: api, allowOrigins: ['https://a.example', 'https://b.example'], allowCredentials: true,
    });
    expect(responsesOf(stack).THROTTLED.ResponseParameters).toMatchObject({
      'gatewayresponse.header.Access-Control-Allow-Origin': "'https://a.example'",
      'gatewayresponse.header.Access-Control-Allow-Credentials': "'true'",
    });
    Annotations.fromStack(stack).hasWarning('/Stack/Envelope', Match.stringLikeRegexp('Pages of https://b.example'));
  });

  test("follow the API's own preflight", () => {
    const stack = new Stack(new App(), 'Stack');
    const api = new RestApi(stack, 'Api', {
      defaultCorsPreflightOptions: { allowOrigins: ['https://www.example.com'], allowCredentials: true, exposeHeaders: ['X-One', 'X-Two'] },
    });
    api.root.addMethod('GET');
    new EnvelopeGatewayResponses(api, 'Envelope', { restApi: api });
    expect(responsesOf(stack).UNAUTHORIZED.ResponseParameters).toEqual({
      'gatewayresponse.header.Access-Control-Allow-Origin': "'https://www.example.com'",
      'gatewayresponse.header.Vary': "'Origin'",
      'gatewayresponse.header.Access-Control-Allow-Credentials': "'true'",
      'gatewayresponse.header.Access-Control-Expose-Headers': "'X-One,X-Two'",
    });
  });

  test('take an origin that is known only at deployment', () => {
    const { stack, api } = stackWithApi();
    const origin = new CfnParameter(stack, 'Origin').valueAsString;
    new EnvelopeGatewayResponses(stack, 'Envelope', { restApi: api, allowOrigins: [origin] });
    expect(responsesOf(stack).DEFAULT_5XX.ResponseParameters).toHaveProperty(
      ['gatewayresponse.header.Access-Control-Allow-Origin'], { 'Fn::Join': ['', ["'", { Ref: 'Origin' }, "'"]] },
    );
  });

  test.each([
    'https://www.example.com/', 'www.example.com', 'https://www.example.com/app', "https://a'b", 'https://a b', '', 'https://*.x', 'javascript://x',
  ])(
    'refuse %j, which no browser sends',
    origin => {
      expect(() => headersWith({ allowOrigins: [origin] })).toThrow(/\[Stack\/Envelope\] A browser would never send this origin/);
    },
  );

  test('an origin with a path is mended in the message', () => {
    expect(() => headersWith({ allowOrigins: ['https://www.example.com/app/'] })).toThrow('fix:     write "https://www.example.com"');
    expect(() => headersWith({ allowOrigins: ['www.example.com'] })).toThrow('fix:     write "https://www.example.com"');
  });
});

describe('deployment', () => {
  const deploymentOf = (origins: string[]) => {
    const { stack, api } = stackWithApi();
    new EnvelopeGatewayResponses(stack, 'Envelope', { restApi: api, allowOrigins: origins });
    const [entry] = Object.entries(Template.fromStack(stack).findResources('AWS::ApiGateway::Deployment'));
    return { logicalId: entry[0], dependsOn: entry[1].DependsOn as string[] };
  };

  test('waits for all of them', () => {
    expect(deploymentOf([]).dependsOn.filter(id => id.startsWith('Envelope'))).toHaveLength(RESPONSE_TYPES.length);
  });

  test('happens again when they change', () => {
    expect(deploymentOf(['https://a.example']).logicalId).not.toBe(deploymentOf(['https://b.example']).logicalId);
    expect(deploymentOf(['https://a.example']).logicalId).toBe(deploymentOf(['https://a.example']).logicalId);
  });

  test('of the caller can be made to wait and to happen again', () => {
    const own = (origins: string[]) => {
      const stack = new Stack(new App(), 'Stack');
      const api = new RestApi(stack, 'Api', { deploy: false });
      api.root.addMethod('GET');
      const envelope = new EnvelopeGatewayResponses(stack, 'Envelope', { restApi: api, allowOrigins: origins });
      envelope.addToDeployment(new Deployment(stack, 'Deployment', { api }));
      const [[logicalId, { DependsOn }]] = Object.entries(Template.fromStack(stack).findResources('AWS::ApiGateway::Deployment'));
      return { logicalId, count: (DependsOn as string[]).filter(id => id.startsWith('Envelope')).length };
    };
    expect(own([]).count).toBe(RESPONSE_TYPES.length);
    expect(own([]).logicalId).not.toBe(own(['*']).logicalId);
  });

  test('in another stack is refused, because the stacks would wait for each other', () => {
    const { stack, api } = stackWithApi();
    const other = new Stack(stack.node.root, 'Other');
    expect(() => new EnvelopeGatewayResponses(other, 'Envelope', { restApi: api }))
      .toThrow(/\[Other\/Envelope\][^]*allowed: Stack[^]*create EnvelopeGatewayResponses with the API as its scope/);
  });
});

describe('kinds of API', () => {
  test.each([
    ['by id', (stack: Stack) => RestApi.fromRestApiId(stack, 'Api', 'abc123')],
    ['by attributes', (stack: Stack) => RestApi.fromRestApiAttributes(stack, 'Api', { restApiId: 'abc123', rootResourceId: 'root' })],
  ])('an API imported %s gets every response', (_how, imported) => {
    const stack = new Stack(new App(), 'Stack');
    new EnvelopeGatewayResponses(stack, 'Envelope', { restApi: imported(stack) });
    Template.fromStack(stack).resourceCountIs('AWS::ApiGateway::GatewayResponse', RESPONSE_TYPES.length);
    Template.fromStack(stack).allResourcesProperties('AWS::ApiGateway::GatewayResponse', { RestApiId: 'abc123' });
  });

  test('an inline OpenAPI definition carries them itself, because its next import removes the others', () => {
    const stack = new Stack(new App(), 'Stack');
    const api = new SpecRestApi(stack, 'Api', {
      apiDefinition: ApiDefinition.fromInline({ openapi: '3.0.1', info: { title: 'Api', version: '1' }, paths: { '/': { get: {} } } }),
    });
    new EnvelopeGatewayResponses(stack, 'Envelope', { restApi: api, allowOrigins: ['*'] });

    const template = Template.fromStack(stack);
    const [restApi] = Object.values(template.findResources('AWS::ApiGateway::RestApi'));

    template.resourceCountIs('AWS::ApiGateway::GatewayResponse', 0);
    expect(restApi.Properties.Body.openapi).toBe('3.0.1');
    expect(restApi.Properties.Body['x-amazon-apigateway-gateway-responses']).toEqual(openApiFormOf(responsesWith({ allowOrigins: ['*'] })));
  });

  const specInS3 = (mode?: RestApiMode) => {
    const stack = new Stack(new App(), 'Stack');
    const restApi = new SpecRestApi(stack, 'Api', {
      apiDefinition: ApiDefinition.fromBucket(Bucket.fromBucketName(stack, 'Specs', 'specs'), 'api.json'),
      mode,
    });
    new EnvelopeGatewayResponses(stack, 'Envelope', { restApi });
    return Template.fromStack(stack);
  };

  test.each([undefined, RestApiMode.OVERWRITE])('a definition in S3 with mode %s is refused: its imports would remove them', mode => {
    expect(() => specInS3(mode)).toThrow(/would remove the gateway responses again[^]*RestApiMode\.MERGE/);
  });

  test('a definition in S3 that is merged is accepted, without a warning of the CDK', () => {
    const printed = jest.spyOn(console, 'error').mockImplementation();
    specInS3(RestApiMode.MERGE).resourceCountIs('AWS::ApiGateway::GatewayResponse', RESPONSE_TYPES.length);
    expect(printed.mock.calls.flat().join()).not.toContain('W3660');
    printed.mockRestore();
  });
});

test('another gateway response of the same API is an error that names it', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const api = new RestApi(stack, 'Api', { defaultCorsPreflightOptions: { allowOrigins: Cors.ALL_ORIGINS } });
  api.root.addMethod('GET');
  new EnvelopeGatewayResponses(api, 'Envelope', { restApi: api });
  api.addGatewayResponse('Mine', { type: ResponseType.THROTTLED });
  expect(() => app.synth()).toThrow(/Stack\/Api\/Mine\/Resource \(THROTTLED\)/);
});

test('gateway responses of another API in the stack are left alone', () => {
  const { stack, api } = stackWithApi();
  const other = new RestApi(stack, 'Other');
  other.root.addMethod('GET');
  other.addGatewayResponse('Mine', { type: ResponseType.THROTTLED });
  new EnvelopeGatewayResponses(stack, 'Envelope', { restApi: api });
  expect(() => Template.fromStack(stack)).not.toThrow();
});
