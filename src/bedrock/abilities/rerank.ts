import { AbilityContext } from './ability';
import { BEDROCK_ROLE } from '../../contract/data';
import { isFoundationModelId, tryModelReference, tryUnguardableWork } from '../../contract/model-reference';
import { foundationModelArn } from '../models/model-location';
import { PolicyGrant } from '../models/policy-grant';

/**
 * What a role that sorts documents by their relevance works with.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/rerank-prereq.html
 */
export interface BedrockRerank {
  /** The models that rerank, by foundation-model id, for example `cohere.rerank-v3-5:0`. */
  readonly models: string[];
}

const { rerank, rerankModels } = BEDROCK_ROLE.statements;

/** Refuses models that do not rerank. */
export function requireRerank({ models }: BedrockRerank, { fault }: AbilityContext): void {
  const allowed = 'ids of foundation models that rerank, at least one, no wildcard';
  const fix = 'name such a model, for example "cohere.rerank-v3-5:0"';
  if (models.length === 0) throw fault({ problem: 'rerank has no model', given: models, allowed, fix });
  const wrong = models.find(model => !isFoundationModelId(model) || tryUnguardableWork(tryModelReference(model)!) !== 'reranking');
  if (wrong !== undefined) throw fault({ problem: 'a model of rerank does not rerank', given: wrong, allowed, fix });
}

/** AWS defines Rerank without resources, and asks for InvokeModel on the model beside it: that one binds it. */
export function rerankGrants({ models }: BedrockRerank, { sources }: AbilityContext): PolicyGrant[] {
  return [
    { ...rerank, resources: ['*'] },
    { ...rerankModels, resources: sources.flatMap(source => models.map(model => foundationModelArn(model, source))) },
  ];
}
