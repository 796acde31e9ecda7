import { Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ModelArtifacts } from './model-config';
import { ModelFilesOptions } from './model-options';
import { requireOwnRegion } from './payload-location';
import { teachingError } from '../standards/teaching-error';

/** Model files of a user as SageMaker takes them; an error for a place that it would not, or that could widen the endpoint's role. */
export function requireModelFiles(scope: Construct, files: ModelFilesOptions | undefined): ModelArtifacts {
  if (!files?.bucket) throw withoutPlace(scope, files);
  const { bucket, prefix, archive, encryptionKey } = files;
  requireOwnRegion(scope, { name: 'The bucket of the model files', region: bucket.env.region });
  if ((prefix === undefined) === (archive === undefined)) throw withoutPlace(scope, { prefix, archive });
  const key = prefix ?? archive!;
  requireKey(scope, key, archive !== undefined);
  return { bucketName: bucket.bucketName, key, isArchive: archive !== undefined, encryptionKey: encryptionKey ?? bucket.encryptionKey };
}

function withoutPlace(scope: Construct, given: unknown): Error {
  return teachingError(scope, {
    problem: 'It has to be clear where the model files are: uncompressed under a prefix, or in one archive',
    given,
    allowed: 'a bucket, and either prefix or archive',
    fix: 'files: { bucket, prefix: \'models/mistral/\' }',
  });
}

function requireKey(scope: Construct, key: string, isArchive: boolean): void {
  if (Token.isUnresolved(key)) return;
  const isFine = !/^\/|\/\/|[*?\s]/.test(key) && (isArchive ? /[^/]\.tar\.gz$/.test(key) : /[^/]\/$/.test(key));
  if (isFine) return;
  throw teachingError(scope, {
    problem: isArchive ? 'SageMaker takes this for no archive' : 'This is no prefix of one model\'s files',
    given: key,
    allowed: `${isArchive ? 'a key that ends with ".tar.gz"' : 'a prefix that ends with one slash'}, `
      + 'without white space, "*", "?", empty parts and a slash in front',
    fix: isArchive ? 'archive: \'models/mistral.tar.gz\'' : 'prefix: \'models/mistral/\'',
  });
}
