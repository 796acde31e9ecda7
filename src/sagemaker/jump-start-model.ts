import { Annotations, ArnFormat, Stack, Token } from 'aws-cdk-lib';
import { Fact, FactName } from 'aws-cdk-lib/region-info';
import { Construct } from 'constructs';
import { ModelConfig, ModelImage } from './model-config';
import { SAGEMAKER_MODELS } from '../contract/data';
import { teachingError } from '../standards/teaching-error';

interface KnownModel {
  readonly version: string;
  readonly artifactPrefix: string;
  readonly image: { readonly repository: string; readonly tag: string };
  readonly instanceTypes: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const KNOWN_MODELS: Readonly<Record<string, KnownModel>> = SAGEMAKER_MODELS.models;

/** A JumpStart model of the contract's table. */
export function jumpStartModel(scope: Construct, modelId: string, version: string): ModelConfig {
  const model = knownModelOf(scope, modelId);
  const resolved = requireVersion(scope, modelId, { wanted: version, known: model.version });
  return {
    title: `${modelId} ${resolved}`,
    image: deepLearningContainer(scope, model.image),
    artifacts: {
      bucketName: SAGEMAKER_MODELS.artifactBucket.replace('{region}', Stack.of(scope).region),
      keyPrefix: model.artifactPrefix,
    },
    environment: model.environment,
    instanceTypes: model.instanceTypes,
  };
}

function knownModelOf(scope: Construct, modelId: string): KnownModel {
  if (Object.hasOwn(KNOWN_MODELS, modelId)) return KNOWN_MODELS[modelId];
  const ids = Object.keys(KNOWN_MODELS);
  throw teachingError(scope, {
    problem: 'The JumpStart model is not in the table of known models',
    given: modelId,
    allowed: ids.join(', '),
    fix: `for example GenAiModel.jumpStart('${ids[0]}', '${KNOWN_MODELS[ids[0]].version}')`,
  });
}

function requireVersion(scope: Construct, modelId: string, { wanted, known }: { wanted: string; known: string }): string {
  if (wanted === known) return known;
  if (!matches(wanted, known)) {
    throw teachingError(scope, {
      problem: `No known version of ${modelId} is meant by this one`,
      given: wanted,
      allowed: `"${known}", or a pattern that means it, such as "${known.replace(/\d+$/, '*')}"`,
      fix: `GenAiModel.jumpStart('${modelId}', '${known}')`,
    });
  }
  Annotations.of(scope).addInfo(`${modelId}: version "${wanted}" is ${known}, the newest known one`);
  return known;
}

/** Whether a pattern such as `4.6.*`, `4.*` or `*` means the version. */
function matches(pattern: string, version: string): boolean {
  if (!/^(\d+\.){0,2}\*$/.test(pattern)) return false;
  return version.startsWith(pattern.slice(0, -1));
}

/** AWS keeps these images in an account of its own, which is not the same in every Region. */
function deepLearningContainer(scope: Construct, { repository, tag }: KnownModel['image']): ModelImage {
  const stack = Stack.of(scope);
  const account = containerAccount(scope, stack);
  return {
    uri: `${account}.dkr.ecr.${stack.region}.${stack.urlSuffix}/${repository}:${tag}`,
    repositoryArn: stack.formatArn({
      service: 'ecr', account, resource: 'repository', resourceName: repository, arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    }),
  };
}

/** In a stack without a Region the account comes from a mapping in the template. */
function containerAccount(scope: Construct, stack: Stack): string {
  const { region } = stack;
  const fact = FactName.DLC_REPOSITORY_ACCOUNT;
  if (Token.isUnresolved(region) || Fact.find(region, fact)) return stack.regionalFact(fact);
  throw teachingError(scope, {
    problem: 'The CDK does not know which account holds the deep learning containers of this Region',
    given: region,
    allowed: Fact.regions.filter(known => Fact.find(known, fact)).join(', '),
    fix: 'deploy to one of these, or register the account: ' +
      `Fact.register({ region: '${region}', name: FactName.DLC_REPOSITORY_ACCOUNT, value: '…' })`,
  });
}
