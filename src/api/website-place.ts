import { Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { WEBSITE } from '../contract/data';
import { partitionOf } from '../contract/regions';
import { teachingError } from '../standards/teaching-error';
import { warn } from '../standards/warnings';

const PARTITIONS: readonly string[] = WEBSITE.partitions;
const WITHOUT_DEFAULT_DOMAIN: readonly string[] = WEBSITE.partitionsWithoutDefaultDomain;
const WITHOUT_LOG_BUCKETS: readonly string[] = WEBSITE.regionsWithoutLogBuckets;

interface WebsiteNames {
  readonly domainNames?: string[];
  readonly certificate?: unknown;
}

/** Whether a bucket of the stack's Region takes the access log of CloudFront; an error where CloudFront can make no such website. */
export function requireWebsitePlace(scope: Construct, names: WebsiteNames): boolean {
  requireNamesWithCertificate(scope, names);
  const { region } = Stack.of(scope);
  if (Token.isUnresolved(region)) return true;
  const { name: partition } = partitionOf(region);
  if (!PARTITIONS.includes(partition)) throw withoutCloudFront(scope, region, partition);
  if (WITHOUT_DEFAULT_DOMAIN.includes(partition) && !names.domainNames?.length) throw withoutDomain(scope, region);
  const takesLog = !WITHOUT_LOG_BUCKETS.includes(region);
  if (!takesLog) warnOfNoLog(scope, region);
  return takesLog;
}

function requireNamesWithCertificate(scope: Construct, { domainNames = [], certificate }: WebsiteNames): void {
  if ((domainNames.length > 0) === (certificate !== undefined)) return;
  const allowed = 'domainNames and their certificate, or neither';
  throw teachingError(scope, certificate ? {
    problem: 'The certificate is for names that the website does not have',
    given: 'certificate, and no domainNames',
    allowed,
    fix: 'give domainNames, or remove the certificate',
  } : {
    problem: 'CloudFront takes no domain name without a certificate',
    given: { domainNames },
    allowed,
    fix: 'give the certificate of these names, from us-east-1',
  });
}

function withoutCloudFront(scope: Construct, region: string, partition: string): Error {
  return teachingError(scope, {
    problem: `There is no CloudFront in the partition ${partition}`,
    given: region,
    allowed: `Regions of ${PARTITIONS.join(' and ')}`,
    fix: 'put the website into a stack of such a Region, or serve the pages another way',
  });
}

function withoutDomain(scope: Construct, region: string): Error {
  return teachingError(scope, {
    problem: 'CloudFront in China serves nothing under its own domain name',
    given: { region, domainNames: undefined },
    allowed: 'a domain name with an ICP registration, and its certificate',
    fix: 'give domainNames and certificate',
  });
}

function warnOfNoLog(scope: Construct, region: string): void {
  warn(scope, {
    id: 'websiteWithoutAccessLog',
    message: `CloudFront writes no access log to buckets of ${region}: there is none. Add a delivery of CloudWatch Logs in us-east-1, `
      + 'or put the website into another Region; then acknowledge this.',
  });
}
