import { type HubDocument, resolvedModel } from './document';
import { hubCalls } from './hub-calls';
import { hubContentOf } from './version';
import { logger } from '../../node';
import { customResource } from '../custom-resource/custom-resource';

const IMAGE = /^(\d{12})\.dkr\.ecr\.[^./]+\.[^/]+\/([^:@]+)[:@].+$/;
const ARTIFACT = /^s3:\/\/([^/]+)\/(.+)$/;

/** Custom resource: a model of JumpStart as its public hub describes it. It makes nothing, so nothing is to be deleted. */
export const handler = customResource(async event => {
  if (event.RequestType === 'Delete') return undefined;
  const { modelId, version, instanceType, acceptEula, dnsSuffix } = event.ResourceProperties as Record<string, string>;
  const content = await hubContentOf(hubCalls(dnsSuffix), modelId, version);
  const document = JSON.parse(content.HubContentDocument) as HubDocument;
  requireAcceptedEula(document, modelId, acceptEula === 'true');
  const model = resolvedModel(document, instanceType);
  const [, account, repository] = requireMatch(IMAGE, model.image, 'image');
  const [, bucket, key] = requireMatch(ARTIFACT, model.artifact, 'artifact');
  requireCache(bucket, key);
  logger.info('jump_start_model_resolved', { model_id: modelId, version: content.HubContentVersion });
  const isArchive = key.endsWith('.tar.gz');
  return {
    Version: content.HubContentVersion,
    Image: model.image,
    ImageAccount: account,
    Repository: repository,
    Bucket: bucket,
    Key: key,
    S3DataType: isArchive ? 'S3Object' : 'S3Prefix',
    CompressionType: isArchive ? 'Gzip' : 'None',
    Environment: model.environment,
    InstanceType: model.instanceType,
    InferenceAmiVersion: model.inferenceAmiVersion,
  };
});

function requireAcceptedEula({ HostingEulaUri: eula, GatedBucket: isGated }: HubDocument, modelId: string, isAccepted: boolean): void {
  if (isAccepted || !(eula || isGated)) return;
  throw new Error(`${modelId} has a licence that you have to accept. Given: acceptEula false. `
    + `The licence: ${eula ?? 'on the model\'s page'}. To mend it, read the licence, and if you accept it: `
    + 'GenAiModel.jumpStart(id, version, { acceptEula: true }).');
}

function requireMatch(pattern: RegExp, value: string, name: string): RegExpExecArray {
  const match = pattern.exec(value);
  if (match) return match;
  throw new Error(`The ${name} of the model has an address that is not understood: ${value}`);
}

/** The endpoint's role is made of these: what is read from outside may not widen it. */
function requireCache(bucket: string, key: string): void {
  const region = process.env.AWS_REGION;
  const isCache = [`jumpstart-cache-prod-${region}`, `jumpstart-private-cache-prod-${region}`].includes(bucket);
  if (isCache && !/[*?]|^\/|\/\//.test(key)) return;
  throw new Error(`The files of the model do not lie in a bucket of JumpStart in this Region: s3://${bucket}/${key}`);
}
