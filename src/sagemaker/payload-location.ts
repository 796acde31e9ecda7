import { Duration, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ENDPOINT_SETTINGS } from '../contract/data';
import { teachingError } from '../standards/teaching-error';

/** A place in S3 for the requests or answers of an endpoint. */
export interface PayloadLocation {
  /** The bucket, of the endpoint's own Region. */
  readonly bucket: IBucket;

  /**
   * Where in the bucket, without a slash at its ends, for example `falcon/answers`.
   *
   * @default - the whole bucket
   */
  readonly prefix?: string;

  /**
   * After how many whole days payloads are deleted, with all their versions. Only for a bucket that this app creates.
   *
   * @default - the bucket's own lifecycle rules decide
   */
  readonly expiration?: Duration;
}

const { maxPathCharacters } = ENDPOINT_SETTINGS.asynchronous;
/** `s3://`, the longest name of a bucket, and a slash. */
const CHARACTERS_BEFORE_PREFIX = 's3://'.length + 63 + '/'.length;
const MAX_PREFIX = maxPathCharacters - CHARACTERS_BEFORE_PREFIX;

/** The place as SageMaker takes it. */
export function payloadUri({ bucket, prefix }: PayloadLocation): string {
  return prefix === undefined ? `s3://${bucket.bucketName}` : `s3://${bucket.bucketName}/${prefix}`;
}

/** The objects in the place, as a policy names them. */
export function payloadObjects({ bucket, prefix }: PayloadLocation): string {
  return bucket.arnForObjects(keyPattern(prefix));
}

/** The keys in the place, as a policy names them. */
export function keyPattern(prefix: string | undefined): string {
  return prefix === undefined ? '*' : `${prefix}/*`;
}

/** Refuses a place that the endpoint could not use, or in which it could do more than was meant. */
export function requirePayloadLocation(scope: Construct, name: string, location: PayloadLocation | undefined): PayloadLocation {
  if (!location?.bucket) {
    throw teachingError(scope, {
      problem: `An asynchronous endpoint needs a place for its payloads: ${name}`,
      given: undefined,
      allowed: 'a bucket, and a prefix in it',
      fix: `Inference.asynchronous({ ${name}: { bucket: new s3.Bucket(this, 'Payloads'), prefix: '${name}' } })`,
    });
  }
  requirePrefix(scope, name, location.prefix);
  requireOwnRegion(scope, { name: `The bucket of ${name}`, region: location.bucket.env.region });
  return location;
}

/** SageMaker reads and writes buckets of its own Region only, and notifies topics of it. */
export function requireOwnRegion(scope: Construct, { name, region }: { name: string; region: string }): void {
  const own = Stack.of(scope).region;
  if (Token.compareStrings(own, region) !== TokenComparison.DIFFERENT) return;
  throw teachingError(scope, {
    problem: `${name} is in another Region than the endpoint, and SageMaker works in one`,
    given: region,
    allowed: own,
    fix: `give one in ${own}`,
  });
}

/** Deletes payloads when they expire. Two of one place make one rule. */
export function expirePayloads(scope: Construct, locations: readonly PayloadLocation[]): void {
  const done = new Set<string>();
  for (const { bucket, prefix, expiration } of locations) {
    if (!expiration) continue;
    const place = `${bucket.node.path} ${prefix ?? ''} ${expiration.toString()}`;
    if (done.has(place)) continue;
    done.add(place);
    requireOwnBucket(scope, bucket).addLifecycleRule({
      prefix: prefix === undefined ? undefined : `${prefix}/`,
      expiration: requireWholeDays(scope, expiration),
      noncurrentVersionExpiration: expiration,
      abortIncompleteMultipartUploadAfter: expiration,
    });
  }
}

function requirePrefix(scope: Construct, name: string, prefix: string | undefined): void {
  if (prefix === undefined || Token.isUnresolved(prefix)) return;
  const isFine = prefix.length > 0 && prefix.length <= MAX_PREFIX && !/^\/|\/$|\/\/|[*?\s]/.test(prefix);
  if (isFine) return;
  throw teachingError(scope, {
    problem: `This is no prefix for the payloads of ${name}`,
    given: prefix,
    allowed: `1 to ${MAX_PREFIX} characters without white space, "*" and "?", and without empty parts and a slash at the ends`,
    fix: `for example prefix: 'falcon/${name}', or none for the whole bucket`,
  });
}

function requireOwnBucket(scope: Construct, bucket: IBucket): Bucket {
  if (bucket instanceof Bucket) return bucket;
  throw teachingError(scope, {
    problem: 'Payloads can expire only in a bucket that this app creates: lifecycle rules belong to the bucket',
    given: bucket.node.path,
    allowed: 'expiration with a new s3.Bucket',
    fix: 'remove expiration, and add the lifecycle rule where the bucket is created',
  });
}

function requireWholeDays(scope: Construct, expiration: Duration): Duration {
  if (expiration.isUnresolved()) return expiration;
  const days = expiration.toDays({ integral: false });
  if (Number.isInteger(days) && days >= 1) return expiration;
  throw teachingError(scope, {
    problem: 'S3 deletes objects after whole days',
    given: expiration.toString(),
    allowed: 'a whole number of days, at least 1',
    fix: 'expiration: Duration.days(30)',
  });
}
