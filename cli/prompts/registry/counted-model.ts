import { tryModelReference } from '../../../src/contract/model-reference';
import { CouldNotRun } from '../../system/could-not-run';

/**
 * The id by which CountTokens knows a model: it refuses a system-defined inference profile, and counts for the model that the profile
 * routes to. A name of no known form stays as it is: AWS says what is wrong with it.
 */
export function countedModel(name: string): string {
  const model = tryModelReference(name);
  if (!model) return name;
  const counted = model.kind === 'foundation-model' ? model.id : model.model;
  if (counted !== undefined) return counted;
  throw new CouldNotRun(`CountTokens counts for foundation models and system-defined inference profiles; ${name} is ${KINDS[model.kind]}, `
    + 'and nothing tells its tokens. Publish with --no-token-count: a tech_lead has to approve it too.');
}

const KINDS: Readonly<Record<string, string>> = {
  'application-profile': 'an application inference profile',
  'provisioned-model': 'a provisioned model',
  'custom-model': 'a custom model',
  'custom-model-deployment': 'the deployment of a custom model',
  'imported-model': 'an imported model',
  'marketplace-endpoint': 'an endpoint of the marketplace',
  'prompt': 'a prompt of Prompt Management',
};
