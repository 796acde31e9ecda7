import { AbilityContext } from './ability';
import { BEDROCK_ROLE } from '../../contract/data';
import { isEmbeddingModel, ModelKind, ModelReference } from '../../contract/model-reference';
import { InferenceProfileRouting, routedModel } from '../models/inference-profile-routing';
import { foundationModelArn } from '../models/model-location';
import { PolicyGrant } from '../models/policy-grant';

const COUNTED: readonly ModelKind[] = ['foundation-model', 'geographic-profile', 'global-profile'];

/** CountTokens knows foundation models only: of a profile, the model that it routes to, in the Region of the request. */
export function countTokensGrant(
  models: readonly ModelReference[], routing: readonly InferenceProfileRouting[], { sources, fault }: AbilityContext,
): PolicyGrant {
  const resources = models.flatMap(model => {
    const routed = routedModel(model, routing);
    if (!COUNTED.includes(routed.kind) || isEmbeddingModel(routed)) return [];
    const regions = model.location ? [model.location] : sources;
    return regions.map(source => foundationModelArn(routed.model ?? routed.id, source));
  });
  if (resources.length === 0) {
    throw fault({
      problem: 'allowCountTokens is set, and none of the models can have its tokens counted',
      given: models.map(({ name }) => name),
      allowed: 'foundation models and inference profiles that generate',
      fix: 'name such a model in allowedModels, or remove allowCountTokens',
    });
  }
  return { ...BEDROCK_ROLE.statements.countTokens, resources: [...new Set(resources)] };
}
