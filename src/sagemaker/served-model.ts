import { Token, Tokenization } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ModelConfig, ModelFit } from './model-config';
import { ServedModelOptions } from './model-options';
import { ServerContainer, serverContainer } from './server-container';
import { requireModelSize } from './stated-size';
import { ModelSize } from '../contract/gpu-fit/model-size';
import { teachingError } from '../standards/teaching-error';

/** The parts of a model's configuration that follow from its server. */
export type ServedParts = Pick<ModelConfig, 'image' | 'gpusVariable' | 'instanceTypes' | 'fit' | 'inferenceAmiVersion'>
  & { readonly environment: Record<string, string> };

/** A model under one of the known servers; `own` are the variables that say which one. */
export function servedModel(
  scope: Construct, options: ServedModelOptions,
  { known, own }: { known?: ModelSize; own: (container: ServerContainer) => Record<string, string> },
): ServedParts {
  const container = serverContainer(scope, options.server);
  const contextTokens = requireContext(scope, options.contextTokens);
  return {
    image: container.image,
    environment: { ...options.environment, ...own(container), ...contextVariables(container, contextTokens) },
    gpusVariable: container.variables.gpus,
    instanceTypes: [],
    fit: tryFit(options.size ? requireModelSize(scope, options.size) : known, container, contextTokens),
    inferenceAmiVersion: options.inferenceAmiVersion ?? container.inferenceAmiVersion,
  };
}

/** A context that only the deployment gives cannot be checked: the formula then takes the longest that the model was made for. */
function tryFit(size: ModelSize | undefined, { server }: ServerContainer, contextTokens: number | undefined): ModelFit | undefined {
  return size && { size, demand: { server, contextTokens: Token.isUnresolved(contextTokens) ? undefined : contextTokens } };
}

/** Text Generation Inference wants a limit of the prompt too, which is below that of the whole. */
function contextVariables({ variables }: ServerContainer, contextTokens: number | undefined): Record<string, string> {
  if (contextTokens === undefined) return {};
  if (Token.isUnresolved(contextTokens)) return { [variables.contextTokens]: Tokenization.stringifyNumber(contextTokens) };
  return {
    [variables.contextTokens]: String(contextTokens),
    ...(variables.inputTokens !== undefined && { [variables.inputTokens]: String(contextTokens - 1) }),
  };
}

function requireContext(scope: Construct, contextTokens: number | undefined): number | undefined {
  if (contextTokens === undefined || Token.isUnresolved(contextTokens)) return contextTokens;
  if (Number.isInteger(contextTokens) && contextTokens >= 2) return contextTokens;
  throw teachingError(scope, {
    problem: 'This is no length of a context',
    given: contextTokens,
    allowed: 'a whole number of tokens, at least 2: one of the prompt and one of the answer',
    fix: 'contextTokens: 4096',
  });
}
