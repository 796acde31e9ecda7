import { App, Stack, StackProps, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Checks, ImageGenerationPlatform, ImageGenerationPlatformProps, Standards, TextGenerationPlatform } from '../../src';
import { foundBy } from '../api/support/found-by';

const TOKYO: StackProps = { env: { account: '111122223333', region: 'ap-northeast-1' } };

function newStack(stackProps: StackProps = {}, checks = Checks.OFF): Stack {
  const stack = new Stack(new App(), 'Stack', stackProps);
  Standards.apply(stack, { product: 'Shop', environment: 'prod', checks });
  return stack;
}

function platformIn(stack: Stack, props: ImageGenerationPlatformProps = {}): Template {
  new ImageGenerationPlatform(stack, 'Image', { cloudWatchRole: true, ...props });
  return Template.fromStack(stack);
}

describe.each([['anywhere', {}], ['in a known Region', TOKYO]])('a platform %s', (_name, stackProps) => {
  const template = platformIn(newStack(stackProps));
  const propertiesOf = (type: string) => Object.values(template.findResources(type)).map(({ Properties }) => Properties);
  const functionWith = (variable: string) =>
    propertiesOf('AWS::Lambda::Function').filter(({ Environment }) => Environment?.Variables?.[variable] !== undefined);

  test('takes jobs by POST /images, and tells their state by GET /images/{jobId}', () => {
    expect(propertiesOf('AWS::ApiGateway::Resource').map(({ PathPart }) => PathPart).sort()).toEqual(['images', '{jobId}']);
    expect(propertiesOf('AWS::ApiGateway::Method').map(({ HttpMethod }) => HttpMethod).sort())
      .toEqual(['GET', 'OPTIONS', 'OPTIONS', 'OPTIONS', 'POST']);
    const [preflight] = propertiesOf('AWS::ApiGateway::Method').filter(({ HttpMethod }) => HttpMethod === 'OPTIONS');
    const [{ ResponseParameters, StatusCode }] = preflight.Integration.IntegrationResponses;
    expect(StatusCode).toBe('204');
    expect(ResponseParameters['method.response.header.Access-Control-Allow-Headers']).toContain('idempotency-key');
  });

  test('a job waits in an encrypted queue, three times at most, and then sets off an alarm', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true, VisibilityTimeout: 1200, RedrivePolicy: { maxReceiveCount: 3, deadLetterTargetArn: Match.anyValue() },
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { BatchSize: 1, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'Shop-ImageJobs-DeadLetters', Threshold: 0, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching',
    });
  });

  test('the state of jobs is kept for their time, and can be restored', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'expiration', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  test('pictures go after 30 days, and are seen through CloudFront only', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 30 })] },
      LoggingConfiguration: Match.objectLike({ LogFilePrefix: 'pictures/' }),
    });
    const [{ DistributionConfig }] = propertiesOf('AWS::CloudFront::Distribution');
    expect(DistributionConfig.CacheBehaviors).toMatchObject([{ PathPattern: '/generated_images/*', ViewerProtocolPolicy: 'https-only' }]);
    for (const { PublicAccessBlockConfiguration } of propertiesOf('AWS::S3::Bucket')) {
      expect(Object.values(PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
    }
  });

  test('each function is told what it needs', () => {
    expect(functionWith('IMAGE_BASE_URL').map(({ Environment }) => Object.keys(Environment.Variables))).toEqual([
      expect.arrayContaining(['IMAGE_BASE_URL', 'JOB_QUEUE_URL', 'JOB_TABLE', 'PLUMBLINE_ALLOW_ORIGIN']),
    ]);
    expect(functionWith('IMAGE_ENDPOINT').map(({ Environment }) => Object.keys(Environment.Variables))).toEqual([
      expect.arrayContaining(['IMAGE_BUCKET', 'IMAGE_ENDPOINT', 'JOB_QUEUE_URL', 'JOB_TABLE']),
    ]);
  });

  test('reaches SageMaker, SQS, S3 and DynamoDB without a NAT', () => {
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    expect(propertiesOf('AWS::EC2::VPCEndpoint').map(({ VpcEndpointType }) => VpcEndpointType).sort())
      .toEqual(['Gateway', 'Gateway', 'Interface', 'Interface']);
  });

  test('tells where it is', () => {
    const outputs = Object.keys(template.toJSON().Outputs);
    for (const name of ['ApiUrl', 'WebsiteUrl', 'DistributionDomain']) {
      expect(outputs.filter(one => one.startsWith(`Image${name}`))).toHaveLength(1);
    }
  });
});

test('both platforms stand in one stack', () => {
  const stack = newStack();
  new TextGenerationPlatform(stack, 'Text', { cloudWatchRole: true });
  expect(() => platformIn(stack, { cloudWatchRole: false })).not.toThrow();
});

test.each([['anywhere', {}], ['in a known Region', TOKYO]])('the checks find only what the user must decide: %s', (_name, stackProps) => {
  const stack = newStack(stackProps, Checks.ERROR);
  Validations.of(stack).addPlugins(new AwsSolutionsChecks(stack));
  const userPool = UserPool.fromUserPoolId(stack, 'Users', 'ap-northeast-1_abcdefghi');
  new ImageGenerationPlatform(stack, 'Image', { cloudWatchRole: true, userPool });
  expect(foundBy(stack)).toEqual(['AwsSolutions-APIG3', 'AwsSolutions-CFR1', 'AwsSolutions-CFR2']);
});
