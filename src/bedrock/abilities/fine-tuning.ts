import { BedrockFineTuning } from './bedrock-fine-tuning';
import { checkLocation, readGrants } from './data-location';
import { Reject } from '../models/model-checks';
import { ModelLocation } from '../../contract/model-reference';
import { bedrockArn, foundationModelArn } from '../models/model-location';
import { isFoundationModelId } from '../../contract/model-reference';
import { passRoleToBedrock } from '../role/pass-role';
import { PolicyGrant } from '../role/policy-grant';
import { BEDROCK_ROLE } from '../../contract/data';

const { customize, customizationJobs } = BEDROCK_ROLE.statements;

/** Rejects base models that cannot be customised, folders that are none, and production without a reason. */
export function checkFineTuning(fineTuning: BedrockFineTuning, environment: string | undefined, reject: Reject): void {
  const { baseModels, trainingData, output, productionReason } = fineTuning;
  const allowed = 'foundation-model ids, at least one, no wildcard';
  if (baseModels.length === 0) reject('fineTuning has no base model', baseModels, allowed, 'name the models that may be customised');
  const unknown = baseModels.find(model => !isFoundationModelId(model));
  if (unknown !== undefined) reject('a base model is no foundation model', unknown, allowed, 'name the base model by its id, for example "amazon.nova-lite-v1:0:300k"');
  checkLocation(trainingData, 'training data', reject);
  checkLocation(output, 'output', reject);
  if (/^prod(uction)?$/i.test(environment ?? '') && !productionReason?.trim()) {
    reject('models are not customised in production', environment, 'fine-tuning in other environments, or in production with a reason',
      'remove allowFineTuning from this environment, or say why in fineTuning.productionReason');
  }
}

/**
 * The job actions on exactly these base models. Bedrock makes up the last part of the id of a job and of the model that
 * comes out of it; both begin with the base model.
 */
export function fineTuningGrants({ baseModels, trainingData, output, customizationRole }: BedrockFineTuning, location: ModelLocation): PolicyGrant[] {
  return [
    {
      ...customize,
      resources: baseModels.flatMap(model => [foundationModelArn(model, location), bedrockArn(location, `custom-model/${model}/*`)]),
    },
    { ...customizationJobs, resources: baseModels.map(model => bedrockArn(location, `model-customization-job/${model}/*`)) },
    passRoleToBedrock(customizationRole),
    ...readGrants(trainingData),
    ...readGrants(output),
  ];
}
