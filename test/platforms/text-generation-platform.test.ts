import { App, Stack, StackProps, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Checks, GenAiEndpoint, GenAiModel, Standards, TextGenerationPlatform, TextGenerationPlatformProps } from '../../src';
import { foundBy } from '../api/support/found-by';

const TOKYO: StackProps = { env: { account: '111122223333', region: 'ap-northeast-1' } };

function newStack(stackProps: StackProps = {}, checks = Checks.OFF): Stack {
  const stack = new Stack(new App(), 'Stack', stackProps);
  Standards.apply(stack, { product: 'Shop', environment: 'prod', checks });
  return stack;
}

function platformIn(stack: Stack, props: TextGenerationPlatformProps = {}): Template {
  new TextGenerationPlatform(stack, 'Text', { cloudWatchRole: true, ...props });
  return Template.fromStack(stack);
}

describe.each([['anywhere', {}], ['in a known Region', TOKYO]])('a platform %s', (_name, stackProps) => {
  const template = platformIn(newStack(stackProps));
  const methods = Object.values(template.findResources('AWS::ApiGateway::Method')).map(({ Properties }) => Properties);
  const method = (name: string) => methods.filter(({ HttpMethod }) => HttpMethod === name);

  test('has POST /summarize, and the preflight is a mock with 204 for its own pages only', () => {
    template.hasResourceProperties('AWS::ApiGateway::Resource', { PathPart: 'summarize' });
    expect(method('POST')).toMatchObject([{ Integration: { Type: 'AWS_PROXY' }, ApiKeyRequired: true }]);
    const [{ Integration }] = method('OPTIONS');
    expect(Integration).toMatchObject({ Type: 'MOCK', IntegrationResponses: [{ StatusCode: '204' }] });
    const parameters = Integration.IntegrationResponses[0].ResponseParameters;
    expect(JSON.stringify(parameters['method.response.header.Access-Control-Allow-Origin']))
      .toMatch(/"'https:\/\/",\{"Fn::GetAtt":\["TextWebsiteDistribution\w+","DomainName"\]\},"'"/);
  });

  test('calls Falcon, from private subnets, by the name of its endpoint', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ TEXT_ENDPOINT: Match.anyValue(), PLUMBLINE_ALLOW_ORIGIN: Match.anyValue() }) },
      VpcConfig: { SubnetIds: [{ Ref: Match.stringLikeRegexp('PrivateSubnet1') }, { Ref: Match.stringLikeRegexp('PrivateSubnet2') }] },
      TracingConfig: { Mode: 'Active' },
    });
    template.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      ProductionVariants: [Match.objectLike({ InstanceType: 'ml.g5.2xlarge' })],
    });
    template.hasResourceProperties('AWS::SageMaker::Model', { VpcConfig: Match.anyValue() });
  });

  test('lets holders of a key call 10 times a second and 10,000 times a day', () => {
    template.hasResourceProperties('AWS::ApiGateway::UsagePlan', {
      Throttle: { RateLimit: 10, BurstLimit: 20 }, Quota: { Limit: 10_000, Period: 'DAY' }, ApiStages: [Match.anyValue()],
    });
    template.resourceCountIs('AWS::ApiGateway::ApiKey', 1);
  });

  test('tells where it is', () => {
    const outputs = Object.keys(template.toJSON().Outputs);
    for (const name of ['ApiUrl', 'WebsiteUrl', 'DistributionDomain']) {
      expect(outputs.filter(one => one.startsWith(`Text${name}`))).toHaveLength(1);
    }
  });

  test('the pages may call this API and no other', () => {
    const [headers] = Object.values(template.findResources('AWS::CloudFront::ResponseHeadersPolicy'));
    const { SecurityHeadersConfig } = headers.Properties.ResponseHeadersPolicyConfig;
    expect(JSON.stringify(SecurityHeadersConfig.ContentSecurityPolicy))
      .toMatch(/connect-src 'self' https:\/\/",\{"Ref":"TextApi\w+"\},"\.execute-api\./);
    template.resourceCountIs('Custom::CDKBucketDeployment', 1);
  });

  test('every circle is cut: the template has an order', () => expect(orderOf(template)).toBe(true));
});

describe('with what is there already', () => {
  test('an endpoint and a VPC are used, and none is made', () => {
    const stack = newStack();
    const vpc = new Vpc(stack, 'Own', { maxAzs: 2 });
    const model = GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16');
    const endpoint = new GenAiEndpoint(stack, 'Falcon', { model });
    const template = platformIn(stack, { vpc, endpoint });
    template.resourceCountIs('AWS::EC2::VPC', 1);
    template.resourceCountIs('AWS::SageMaker::Endpoint', 1);
  });

  test('a user pool signs callers in, and there is no key', () => {
    const stack = newStack();
    const template = platformIn(stack, { userPool: new UserPool(stack, 'Users') });
    template.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'POST', AuthorizationType: 'COGNITO_USER_POOLS', ApiKeyRequired: false,
    });
    template.hasResourceProperties('AWS::ApiGateway::Method', { HttpMethod: 'OPTIONS', AuthorizationType: 'NONE' });
    template.resourceCountIs('AWS::ApiGateway::ApiKey', 0);
  });

  test('two platforms stand in one stack', () => {
    const stack = newStack();
    new TextGenerationPlatform(stack, 'One', { cloudWatchRole: true });
    expect(() => platformIn(stack, { cloudWatchRole: false })).not.toThrow();
  });
});

test('without standards above it an error says where to apply them', () => {
  expect(() => new TextGenerationPlatform(new Stack(new App(), 'Stack'), 'Text')).toThrow(/Standards\.apply/);
});

test.each([['anywhere', {}], ['in a known Region', TOKYO]])('the checks find only what the user must decide: %s', (_name, stackProps) => {
  const stack = newStack(stackProps, Checks.ERROR);
  Validations.of(stack).addPlugins(new AwsSolutionsChecks(stack));
  const userPool = UserPool.fromUserPoolId(stack, 'Users', 'ap-northeast-1_abcdefghi');
  new TextGenerationPlatform(stack, 'Text', { cloudWatchRole: true, userPool });
  expect(foundBy(stack)).toEqual(['AwsSolutions-APIG3', 'AwsSolutions-CFR1', 'AwsSolutions-CFR2']);
});

/** Whether each resource can be made after those that it names or depends on. */
function orderOf(template: Template): boolean {
  const { Resources } = template.toJSON() as { Resources: Record<string, { DependsOn?: string | string[] }> };
  const needs = new Map(Object.entries(Resources).map(([id, resource]) => {
    const text = JSON.stringify(resource);
    return [id, [...Object.keys(Resources).filter(other => other !== id && text.includes(`"${other}"`))]];
  }));
  for (let before = -1; before !== needs.size;) {
    before = needs.size;
    for (const [id, others] of needs) if (!others.some(other => needs.has(other))) needs.delete(id);
  }
  return needs.size === 0;
}
