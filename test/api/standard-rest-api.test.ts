import { App, Aspects, Stack, StackProps, Stage, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { EndpointType, LambdaIntegration, LogGroupLogDestination, MethodLoggingLevel, MockIntegration } from 'aws-cdk-lib/aws-apigateway';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { foundBy } from './support/found-by';
import { stackWith } from './support/stack-with-api';
import { StandardRestApi, StandardRestApiProps } from '../../src/api';
import { GATEWAY_RESPONSES } from '../../src/contract/data';

const templateOf = (props: StandardRestApiProps = {}): Template => Template.fromStack(stackWith(props).stack);

describe('defaults', () => {
  const template = templateOf();

  test('API Gateway answers with envelopes of every type', () => {
    template.resourceCountIs('AWS::ApiGateway::GatewayResponse', Object.keys(GATEWAY_RESPONSES.responses).length);
  });

  test('tracing, metrics, error logging without data, and throttling are on', () => {
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      TracingEnabled: true,
      MethodSettings: [{
        HttpMethod: '*',
        ResourcePath: '/*',
        DataTraceEnabled: false,
        LoggingLevel: 'ERROR',
        MetricsEnabled: true,
        ThrottlingRateLimit: 100,
        ThrottlingBurstLimit: 200,
      }],
    });
  });

  test('the access log goes to a log group of its own that expires', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
    const [logGroup] = Object.keys(template.findResources('AWS::Logs::LogGroup'));
    const [stage] = Object.values(template.findResources('AWS::ApiGateway::Stage'));
    expect(JSON.stringify(stage.Properties.AccessLogSetting.DestinationArn)).toContain(`:log-group:",{"Ref":"${logGroup}"}]]`);
  });

  test('the access log is one JSON object with both request ids and no text of the caller', () => {
    const [stage] = Object.values(template.findResources('AWS::ApiGateway::Stage'));
    const format = JSON.parse(stage.Properties.AccessLogSetting.Format);
    expect(format).toMatchObject({
      requestId: '$context.requestId',
      extendedRequestId: '$context.extendedRequestId',
      status: '$context.status',
    });
    const callersText = [
      '$context.path',
      '$context.identity.userAgent',
      '$context.error.message',
      '$context.error.messageString',
      '$context.identity.user',
    ];
    expect(Object.values(format).filter(value => callersText.includes(value as string))).toEqual([]);
  });

  test('every method validates body and parameters', () => {
    const [validator] = Object.keys(template.findResources('AWS::ApiGateway::RequestValidator', {
      Properties: { ValidateRequestBody: true, ValidateRequestParameters: true },
    }));
    template.allResourcesProperties('AWS::ApiGateway::Method', { RequestValidatorId: { Ref: validator } });
  });

  test('no role and no account setting is made', () => {
    template.resourceCountIs('AWS::IAM::Role', 0);
    template.resourceCountIs('AWS::ApiGateway::Account', 0);
  });

  test('no page of another origin may call the API', () => {
    template.resourcePropertiesCountIs('AWS::ApiGateway::Method', { HttpMethod: 'OPTIONS' }, 0);
    expect(JSON.stringify(template.toJSON())).not.toContain('Access-Control-Allow-Origin');
  });
});

describe('methods', () => {
  test('added later, in any place and form, validate too; a validator of their own stays', () => {
    const { stack, api } = stackWith();
    const own = api.addRequestValidator('BodyOnly', { validateRequestBody: true });
    api.root.addMethod('PUT', new MockIntegration(), { requestValidator: own });
    api.root.addProxy({ defaultIntegration: new MockIntegration() });
    const methods = Object.values(Template.fromStack(stack).findResources('AWS::ApiGateway::Method')).map(({ Properties }) => Properties);
    const validatorOf = (verb: string) => methods.find(method => method.HttpMethod === verb)!.RequestValidatorId.Ref;
    expect(methods.every(method => method.RequestValidatorId)).toBe(true);
    expect(validatorOf('PUT')).toMatch(/BodyOnly/);
    expect(validatorOf('ANY')).toMatch(/RequestValidator/);
    expect(validatorOf('ANY')).toBe(validatorOf('POST'));
  });

  test('are deployed after their validator', () => {
    const { stack } = stackWith();
    expect(() => Template.fromStack(stack)).not.toThrow();
    const [deployment] = Object.values(Template.fromStack(stack).findResources('AWS::ApiGateway::Deployment'));
    expect(deployment.DependsOn).toEqual(expect.arrayContaining([expect.stringContaining('chatPOST')]));
  });
});

describe('CORS', () => {
  test('each resource answers the preflight with 204, and errors carry the same origin', () => {
    const template = templateOf({ allowOrigins: ['https://www.example.com'] });
    template.resourcePropertiesCountIs('AWS::ApiGateway::Method', { HttpMethod: 'OPTIONS', RequestValidatorId: Match.absent() }, 2);
    template.allResourcesProperties('AWS::ApiGateway::GatewayResponse', {
      ResponseParameters: Match.objectLike({ 'gatewayresponse.header.Access-Control-Allow-Origin': "'https://www.example.com'" }),
    });
    template.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'OPTIONS',
      Integration: { Type: 'MOCK', IntegrationResponses: [Match.objectLike({ StatusCode: '204' })] },
    });
  });

  test('options of the CDK are passed on', () => {
    templateOf({ defaultCorsPreflightOptions: { allowOrigins: ['*'], allowMethods: ['POST'] } })
      .allResourcesProperties('AWS::ApiGateway::GatewayResponse', {
        ResponseParameters: { 'gatewayresponse.header.Access-Control-Allow-Origin': "'*'" },
      });
  });

  test.each(['https://*.x', 'javascript://x', 'https://user@shop.example', 'https://shop.example/'])('refuses %s, which no browser sends', origin => {
    expect(() => stackWith({ allowOrigins: [origin] })).toThrow(/A browser would never send this origin/);
    expect(() => stackWith({ defaultCorsPreflightOptions: { allowOrigins: [origin] } })).toThrow(/A browser would never send this origin/);
  });

  test('told twice is an error', () => {
    expect(() => stackWith({ allowOrigins: ['https://a.example'], defaultCorsPreflightOptions: { allowOrigins: ['*'] } }))
      .toThrow(/Api was told twice which origins may call it/);
  });
});

describe('what the caller sets', () => {
  test('wins over the defaults of the stage', () => {
    templateOf({
      deployOptions: { stageName: 'v1', throttlingRateLimit: 5, loggingLevel: MethodLoggingLevel.OFF, tracingEnabled: false },
    }).hasResourceProperties('AWS::ApiGateway::Stage', {
      StageName: 'v1',
      TracingEnabled: false,
      MethodSettings: [Match.objectLike({ ThrottlingRateLimit: 5, ThrottlingBurstLimit: 200, LoggingLevel: 'OFF' })],
    });
  });

  test('an access log destination of their own replaces the log group, and keeps the format', () => {
    const stack = new Stack(new App(), 'Stack');
    const mine = new LogGroup(stack, 'Mine', { retention: RetentionDays.ONE_DAY });
    const api = new StandardRestApi(stack, 'Api', { deployOptions: { accessLogDestination: new LogGroupLogDestination(mine) } });
    api.root.addMethod('GET');
    expect(api.accessLog).toBeUndefined();
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Logs::LogGroup', 1);
    template.hasResourceProperties('AWS::ApiGateway::Stage', { AccessLogSetting: { Format: Match.stringLikeRegexp('extendedRequestId') } });
  });

  test('endpoint types and domain settings pass through', () => {
    templateOf({ endpointTypes: [EndpointType.REGIONAL], disableExecuteApiEndpoint: true }).hasResourceProperties(
      'AWS::ApiGateway::RestApi',
      { EndpointConfiguration: { Types: ['REGIONAL'] }, DisableExecuteApiEndpoint: true },
    );
  });

  test('no deployment means no stage and no access log', () => {
    const { stack, api } = stackWith({ deploy: false });
    expect(api.accessLog).toBeUndefined();
    Template.fromStack(stack).resourceCountIs('AWS::ApiGateway::Stage', 0);
    Template.fromStack(stack).resourceCountIs('AWS::ApiGateway::GatewayResponse', Object.keys(GATEWAY_RESPONSES.responses).length);
  });

  test('retention of the access log', () => {
    templateOf({ accessLogRetention: RetentionDays.ONE_YEAR }).hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
  });
});

describe('cloudWatchRole: true', () => {
  test('sets the account with a role that holds no managed policy, kept when the stack goes', () => {
    const template = templateOf({ cloudWatchRole: true });
    template.hasResource('AWS::IAM::Role', { Properties: { ManagedPolicyArns: Match.absent() }, DeletionPolicy: 'Retain' });
    template.hasResource('AWS::ApiGateway::Account', {
      Properties: { CloudWatchRoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('CloudWatchRole'), 'Arn'] } },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('WriteLogs')]),
      DeletionPolicy: 'Retain',
    });
  });

  test('lets the role write to log groups of this account and Region only, and list them', () => {
    templateOf({ cloudWatchRole: true }).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Resource: {
              'Fn::Join': [
                '',
                ['arn:', { Ref: 'AWS::Partition' }, ':logs:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':log-group:*'],
              ],
            },
          }),
          Match.objectLike({ Action: 'logs:DescribeLogGroups', Resource: '*' }),
        ],
      },
    });
  });

  test('makes the stage wait for it', () => {
    templateOf({ cloudWatchRole: true }).hasResource('AWS::ApiGateway::Stage', {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('ApiAccount')]),
    });
  });
});

describe('AwsSolutions', () => {
  const DECIDED_BY_THE_USER = ['AwsSolutions-APIG3', 'AwsSolutions-APIG4', 'AwsSolutions-COG4'];
  const AMAZON: StackProps = {};
  const CHINA: StackProps = { env: { account: '111122223333', region: 'cn-north-1' } };

  test.each([
    ['without env', AMAZON, {}],
    ['without env, with the account role', AMAZON, { cloudWatchRole: true }],
    ['in China', CHINA, { cloudWatchRole: true }],
    ['with CORS', AMAZON, { allowOrigins: ['https://www.example.com'] }],
  ])('finds only what the user must decide: %s', (_name, stackProps, props) => {
    const { stack } = stackWith(props, stackProps);
    Validations.of(stack).addPlugins(new AwsSolutionsChecks(stack));
    expect(foundBy(stack)).toEqual(DECIDED_BY_THE_USER);
  });
});

test('it is deployed in any Region and partition', () => {
  const app = new App();
  for (const region of ['us-east-1', 'cn-north-1', 'us-gov-west-1', 'ap-northeast-1']) {
    const stack = new Stack(new Stage(app, region, { env: { account: '111122223333', region } }), 'Stack');
    new StandardRestApi(stack, 'Api', { cloudWatchRole: true }).root.addMethod('GET', new LambdaIntegration(
      new Function(stack, 'F', { code: Code.fromInline('//'), handler: 'index.handler', runtime: Runtime.NODEJS_22_X }),
    ));
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toMatch(/arn:aws:/);
  }
});

test('an aspect of the caller still sees its methods', () => {
  const { stack, api } = stackWith({ cloudWatchRole: false });
  const seen: string[] = [];
  Aspects.of(api).add({ visit: node => { seen.push(node.node.path); } });
  Template.fromStack(stack);
  expect(seen).toContain('Stack/Api/Default/chat/POST/Resource');
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});
