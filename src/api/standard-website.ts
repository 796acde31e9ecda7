import { Duration } from 'aws-cdk-lib';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods, CachePolicy, Distribution, HttpVersion, IDistribution, IOrigin, PriceClass, ResponseHeadersPolicy, S3OriginAccessControl,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, ISource, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { nameInAllRegions } from './name-in-all-regions';
import { websiteBucket, websiteLogBucket } from './website-buckets';
import { acknowledgeDefaultCertificate, acknowledgePageDeployment } from './website-findings';
import { securityHeaders } from './website-headers';
import { requireWebsitePlace } from './website-place';
import { WEBSITE } from '../contract/data';

/** What CloudFront takes as the name of an origin access control. */
const MOST_NAME_CHARACTERS = 64;
const NEVER_KEPT = [CacheControl.fromString('no-cache')];

/** Properties of `StandardWebsite`. */
export interface StandardWebsiteProps {
  /**
   * The pages, for example `[Source.asset('./pages')]`; `index.html` is shown first. What is no longer among them is removed.
   *
   * @default - none: deploy them yourself into `bucket`
   */
  readonly sources?: ISource[];

  /**
   * What the pages read from `config.json`, such as the address of an API: values may be known at deployment only. Everybody can read it.
   *
   * @default - no such file
   */
  readonly configuration?: { [key: string]: any };

  /**
   * Where the pages may send requests beside their own address, as sources of the header Content-Security-Policy: for example
   * `https://abc.execute-api.eu-west-1.amazonaws.com`.
   *
   * @default - nowhere else
   * @see https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Security-Policy/connect-src
   */
  readonly connectSources?: string[];

  /**
   * Names of the website beside that of the distribution; each needs a record in DNS. In China one is needed.
   *
   * @default - none
   */
  readonly domainNames?: string[];

  /**
   * The certificate of `domainNames`, in us-east-1.
   *
   * @default - that of CloudFront, for the distribution's own name
   */
  readonly certificate?: ICertificate;

  /**
   * ARN of a web ACL of scope CLOUDFRONT, which lies in us-east-1.
   *
   * @default - none
   */
  readonly webAclId?: string;

  /**
   * From which places on earth CloudFront answers.
   *
   * @default PriceClass.PRICE_CLASS_ALL
   */
  readonly priceClass?: PriceClass;
}

/**
 * A website as the standard wants it: pages in a private bucket that only CloudFront can read (origin access control), HTTPS only,
 * HTTP/2 and HTTP/3, compressed, access logs of both.
 *
 * Every answer carries the security headers: Strict-Transport-Security for two years, X-Frame-Options DENY, X-Content-Type-Options
 * nosniff, X-XSS-Protection, Referrer-Policy, and a Content-Security-Policy that runs and loads what the website itself holds: no
 * script and no style within a page.
 *
 * What is not there (403 and 404) is answered with `index.html` and status 200, so that a page can have addresses of its own.
 *
 * Buckets stay when the stack goes. The pages are copied by the CDK's own function for that.
 *
 * Errors: a Region whose partition has no CloudFront; in China no domain name; domain names without a certificate, or the other way round.
 * Warnings, acknowledged by `Annotations.of(website).acknowledgeWarning('cdk-plumbline:…')`: `websiteWithoutAccessLog` in Regions whose
 * buckets take no log of CloudFront.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
 */
export class StandardWebsite extends Construct {
  /** Where the pages are. */
  public readonly bucket: IBucket;
  /** Where the access logs are: of the pages, and of the distribution where CloudFront can. */
  public readonly logBucket: Bucket;
  /** The distribution: what a record in DNS leads to. */
  public readonly distribution: IDistribution;
  /** The headers of every answer. */
  public readonly responseHeadersPolicy: ResponseHeadersPolicy;
  /** The address, with the first of the domain names, or with the name of the distribution. */
  public readonly url: string;
  private readonly cloudFront: Distribution;
  private readonly accessControl: S3OriginAccessControl;

  constructor(scope: Construct, id: string, props: StandardWebsiteProps = {}) {
    super(scope, id);
    const takesLog = requireWebsitePlace(this, props);
    const logs = websiteLogBucket(this, 'Logs', takesLog);
    const bucket = websiteBucket(this, 'Pages', { logs, logPrefix: WEBSITE.logPrefixes.bucket });
    this.responseHeadersPolicy = securityHeaders(this, 'Headers', props.connectSources ?? []);
    this.accessControl = new S3OriginAccessControl(this, 'AccessControl', {
      originAccessControlName: nameInAllRegions(this, MOST_NAME_CHARACTERS),
    });
    this.cloudFront = this.createDistribution(bucket, takesLog ? logs : undefined, props);
    this.bucket = bucket;
    this.logBucket = logs;
    this.distribution = this.cloudFront;
    this.url = `https://${props.domainNames?.[0] ?? this.cloudFront.distributionDomainName}`;
    if (!props.certificate) acknowledgeDefaultCertificate(this.cloudFront);
    this.deployPages(bucket, props);
  }

  /**
   * Serves the objects of `bucket` that match `pathPattern`, for example `/generated_images/*`, under the same rules as the pages: only
   * CloudFront can read them. Give the bucket no public access; a key of KMS has to let CloudFront decrypt.
   *
   * What is not there is answered with `index.html` too: CloudFront knows an error by its status, whatever the path.
   */
  public addBucket(pathPattern: string, bucket: IBucket): void {
    this.addOrigin(pathPattern, this.originOf(bucket));
  }

  /**
   * Serves what matches `pathPattern`, for example `/images/*`, from another origin, under the same rules as the pages.
   *
   * Its 403 and 404 are answered with `index.html` too.
   */
  public addOrigin(pathPattern: string, origin: IOrigin): void {
    this.cloudFront.addBehavior(pathPattern, origin, this.behavior());
  }

  private createDistribution(pages: Bucket, logBucket: Bucket | undefined, props: StandardWebsiteProps): Distribution {
    return new Distribution(this, 'Distribution', {
      comment: this.node.path.slice(0, 128),
      defaultRootObject: WEBSITE.indexPage,
      defaultBehavior: { origin: this.originOf(pages), ...this.behavior() },
      errorResponses: WEBSITE.errorStatuses.map(httpStatus => ({
        httpStatus,
        responseHttpStatus: 200,
        responsePagePath: `/${WEBSITE.indexPage}`,
        ttl: Duration.seconds(WEBSITE.errorTtlSeconds),
      })),
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: props.priceClass ?? PriceClass.PRICE_CLASS_ALL,
      domainNames: props.domainNames,
      certificate: props.certificate,
      webAclId: props.webAclId,
      ...logBucket && { enableLogging: true, logBucket, logFilePrefix: WEBSITE.logPrefixes.distribution },
    });
  }

  private originOf(bucket: IBucket): IOrigin {
    return S3BucketOrigin.withOriginAccessControl(bucket, { originAccessControl: this.accessControl });
  }

  private behavior() {
    return {
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      responseHeadersPolicy: this.responseHeadersPolicy,
      compress: true,
    };
  }

  /** In one deployment: two of them would remove each other's files. Browsers ask again each time, CloudFront is told what is new. */
  private deployPages(bucket: Bucket, { sources = [], configuration }: StandardWebsiteProps): void {
    const all = configuration ? [...sources, Source.jsonData(WEBSITE.configurationFile, configuration)] : sources;
    if (all.length === 0) return;
    const deployment = new BucketDeployment(this, 'Deployment', {
      sources: all,
      destinationBucket: bucket,
      distribution: this.cloudFront,
      distributionPaths: ['/*'],
      cacheControl: NEVER_KEPT,
      memoryLimit: WEBSITE.deploymentMemoryMb,
    });
    acknowledgePageDeployment(deployment);
  }
}
