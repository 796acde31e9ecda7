import { App, Stack, StackProps, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Source } from 'aws-cdk-lib/aws-s3-deployment';
import { AwsSolutionsChecks } from 'cdk-nag';
import { foundBy } from './support/found-by';
import { StandardWebsite, StandardWebsiteProps } from '../../src/api';

const CERTIFICATE = 'arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012';

function websiteIn(stackProps: StackProps = {}, props: StandardWebsiteProps = {}): { stack: Stack; website: StandardWebsite } {
  const stack = new Stack(new App(), 'Stack', stackProps);
  return { stack, website: new StandardWebsite(stack, 'Website', props) };
}

const inRegion = (region: string): StackProps => ({ env: { account: '111122223333', region } });
const distributionOf = (stack: Stack) =>
  Object.values(Template.fromStack(stack).findResources('AWS::CloudFront::Distribution'))[0].Properties.DistributionConfig;

describe('the distribution', () => {
  const { stack } = websiteIn();
  const distribution = distributionOf(stack);
  const template = Template.fromStack(stack);

  test('speaks HTTPS only, HTTP/2 and HTTP/3, and compresses', () => {
    expect(distribution).toMatchObject({
      HttpVersion: 'http2and3',
      DefaultRootObject: 'index.html',
      DefaultCacheBehavior: { ViewerProtocolPolicy: 'https-only', Compress: true, AllowedMethods: ['GET', 'HEAD', 'OPTIONS'] },
    });
  });

  test('answers what is not there with the index page', () => {
    expect(distribution.CustomErrorResponses).toEqual([403, 404].map(ErrorCode =>
      ({ ErrorCode, ResponseCode: 200, ResponsePagePath: '/index.html', ErrorCachingMinTTL: 10 })));
  });

  test('reads the bucket by origin access control, and nobody else does', () => {
    const { S3OriginConfig, OriginAccessControlId } = distribution.Origins[0];
    expect(S3OriginConfig).toEqual({ OriginAccessIdentity: '' });
    expect(OriginAccessControlId).toBeDefined();
    template.allResourcesProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true,
      },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({
          Action: 's3:GetObject',
          Principal: { Service: 'cloudfront.amazonaws.com' },
          Condition: { StringEquals: { 'AWS:SourceArn': Match.anyValue() } },
        })]),
      },
    });
  });

  test('logs its requests, and the bucket its own', () => {
    expect(distribution.Logging).toMatchObject({ Prefix: 'distribution/' });
    template.hasResourceProperties('AWS::S3::Bucket', { LoggingConfiguration: { LogFilePrefix: 'bucket/' } });
    template.hasResourceProperties('AWS::S3::Bucket', { LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 90 })] } });
  });

  test('sends every security header', () => {
    template.hasResourceProperties('AWS::CloudFront::ResponseHeadersPolicy', {
      ResponseHeadersPolicyConfig: {
        SecurityHeadersConfig: {
          StrictTransportSecurity: { AccessControlMaxAgeSec: 2 * 365 * 24 * 3600, IncludeSubdomains: true, Preload: true, Override: true },
          FrameOptions: { FrameOption: 'DENY', Override: true },
          ContentTypeOptions: { Override: true },
          XSSProtection: { Protection: true, ModeBlock: true, Override: true },
          ReferrerPolicy: { ReferrerPolicy: 'strict-origin-when-cross-origin', Override: true },
          ContentSecurityPolicy: {
            Override: true,
            ContentSecurityPolicy: Match.stringLikeRegexp("^default-src 'none'; script-src 'self'; "),
          },
        },
      },
    });
  });

  test('has names that hold the Region, so that a second Region can have the same stack', () => {
    const propertiesOf = (type: string) => Object.values(template.findResources(type)).map(({ Properties }) => Properties);
    const names = [
      ...propertiesOf('AWS::CloudFront::ResponseHeadersPolicy').map(one => one.ResponseHeadersPolicyConfig.Name),
      ...propertiesOf('AWS::CloudFront::OriginAccessControl').map(one => one.OriginAccessControlConfig.Name),
    ];
    expect(names).toHaveLength(2);
    for (const name of names) expect(JSON.stringify(name)).toContain('AWS::Region');
  });
});

describe('the pages', () => {
  const api = 'https://abc.execute-api.eu-west-1.amazonaws.com';

  test('may call the API that is named, and nothing else', () => {
    const { stack } = websiteIn({}, { connectSources: [api] });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudFront::ResponseHeadersPolicy', {
      ResponseHeadersPolicyConfig: {
        SecurityHeadersConfig: { ContentSecurityPolicy: { ContentSecurityPolicy: Match.stringLikeRegexp(`connect-src 'self' ${api};`) } },
      },
    });
  });

  test('and their configuration are copied by one deployment, which tells CloudFront', () => {
    const { stack } = websiteIn({}, { sources: [Source.data('index.html', '<h1>Hi</h1>')], configuration: { api } });
    const template = Template.fromStack(stack);
    template.resourceCountIs('Custom::CDKBucketDeployment', 1);
    template.hasResourceProperties('Custom::CDKBucketDeployment', {
      SourceBucketNames: [Match.anyValue(), Match.anyValue()], Prune: true, DistributionPaths: ['/*'], DistributionId: Match.anyValue(),
    });
  });

  test('are not copied when there are none', () => {
    Template.fromStack(websiteIn().stack).resourceCountIs('Custom::CDKBucketDeployment', 0);
  });

  test('share the distribution with another bucket, under the same rules', () => {
    const { stack, website } = websiteIn();
    website.addBucket('/generated_images/*', new Bucket(stack, 'Images'));
    const [behavior] = distributionOf(stack).CacheBehaviors;
    expect(behavior).toMatchObject({ PathPattern: '/generated_images/*', ViewerProtocolPolicy: 'https-only', Compress: true });
    expect(behavior.ResponseHeadersPolicyId).toBeDefined();
    Template.fromStack(stack).resourceCountIs('AWS::CloudFront::OriginAccessControl', 1);
  });
});

describe('names and places', () => {
  const inApp = (stack: Stack) => Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE);

  test('its address is the first domain name', () => {
    const stack = new Stack(new App(), 'Stack');
    const website = new StandardWebsite(stack, 'Website', { domainNames: ['www.example.com', 'example.com'], certificate: inApp(stack) });
    expect(website.url).toBe('https://www.example.com');
    expect(distributionOf(stack)).toMatchObject({
      Aliases: ['www.example.com', 'example.com'],
      ViewerCertificate: { AcmCertificateArn: CERTIFICATE },
    });
  });

  test('domain names and certificate come together', () => {
    expect(() => websiteIn({}, { domainNames: ['www.example.com'] })).toThrow(/no domain name without a certificate/);
    const stack = new Stack(new App(), 'Stack');
    expect(() => new StandardWebsite(stack, 'Website', { certificate: inApp(stack) })).toThrow(/for names that the website does not have/);
  });

  test.each(['us-gov-west-1', 'us-iso-east-1', 'eusc-de-east-1'])('there is none in %s', region => {
    expect(() => websiteIn(inRegion(region))).toThrow(/no CloudFront in the partition/);
  });

  test('in China it needs a domain name', () => {
    expect(() => websiteIn(inRegion('cn-north-1'))).toThrow(/nothing under its own domain name/);
  });

  test('where buckets take no log of CloudFront, a warning says so', () => {
    const { stack } = websiteIn(inRegion('eu-south-1'));
    expect(distributionOf(stack).Logging).toBeUndefined();
    Annotations.fromStack(stack).hasWarning('/Stack/Website', Match.stringLikeRegexp('no access log to buckets of eu-south-1'));
    const other = websiteIn(inRegion('eu-west-1'));
    Annotations.fromStack(other.stack).hasNoWarning('*', Match.anyValue());
  });
});

test.each([
  ['anywhere', {}],
  ['in a known place', inRegion('eu-west-1')],
])('AwsSolutions finds only what the user must decide: %s', (_name, stackProps) => {
  const { stack } = websiteIn(stackProps, { sources: [Source.data('index.html', '<h1>Hi</h1>')], configuration: { one: 1 } });
  Validations.of(stack).addPlugins(new AwsSolutionsChecks(stack));
  expect(foundBy(stack)).toEqual(['AwsSolutions-CFR1', 'AwsSolutions-CFR2']);
});
