import { Annotations, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { deepLearningContainer } from './deep-learning-container';
import { ModelConfig, ModelFit } from './model-config';
import { SAGEMAKER_MODELS } from '../contract/data';
import { tryModelSize } from '../contract/gpu-fit/model-size';
import { teachingError } from '../standards/teaching-error';

interface KnownModel {
  readonly version: string;
  readonly artifactPrefix: string;
  readonly image: { readonly repository: string; readonly tag: string };
  readonly regionsWithout: readonly string[];
  readonly instanceTypes: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const KNOWN_MODELS: Readonly<Record<string, KnownModel>> = SAGEMAKER_MODELS.models;

/** Whether the contract's table holds the model. */
export const isKnownJumpStartModel = (modelId: string): boolean => Object.hasOwn(KNOWN_MODELS, modelId);

/** A JumpStart model of the contract's table. */
export function jumpStartModel(scope: Construct, modelId: string, version: string): ModelConfig {
  const model = KNOWN_MODELS[modelId];
  const resolved = requireVersion(scope, modelId, { wanted: version, known: model.version });
  return {
    title: `${modelId} ${resolved}`,
    image: deepLearningContainer(scope, { ...model, title: modelId }),
    artifacts: {
      bucketName: SAGEMAKER_MODELS.artifactBucket.replace('{region}', Stack.of(scope).region),
      key: model.artifactPrefix,
      isArchive: false,
    },
    environment: model.environment,
    instanceTypes: model.instanceTypes,
    fit: tryFit(modelId, model.environment),
  };
}

/** The limits of the server stand in its environment. */
function tryFit(modelId: string, environment: Readonly<Record<string, string>>): ModelFit | undefined {
  const size = tryModelSize(modelId);
  if (!size) return undefined;
  if (!size.text) return { size, demand: { server: 'diffusers' } };
  const [inputTokens, contextTokens] = ['MAX_INPUT_LENGTH', 'MAX_TOTAL_TOKENS'].map(name => Number(environment[name]) || undefined);
  return { size, demand: { server: 'tgi', inputTokens, contextTokens } };
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
