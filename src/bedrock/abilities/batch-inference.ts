import { BedrockBatchInference } from './bedrock-batch-inference';
import { checkLocation, readGrants, writeGrants } from './data-location';
import { checkedName, Reject } from '../models/model-checks';
import { ModelLocation } from '../../contract/model-reference';
import { bedrockArn, foundationModelArn } from '../models/model-location';
import { passRoleToBedrock } from '../role/pass-role';
import { PolicyGrant } from '../role/policy-grant';
import { BEDROCK_ROLE } from '../../contract/data';

const { batch, batchJobs } = BEDROCK_ROLE.statements;

/** Rejects models that cannot run in a batch, and folders that are none. */
export function checkBatchInference({ models, input, output }: BedrockBatchInference, reject: Reject): void {
  const allowed = 'foundation-model ids and ARNs of custom models, at least one';
  if (models.length === 0) reject('batchInference has no model', models, allowed, 'name the models that may run in a batch');
  for (const name of models) {
    const { kind } = checkedName(name, reject);
    if (kind !== 'foundation-model' && kind !== 'custom-model') {
      reject('a model cannot be granted for batch inference', name, allowed, 'name the foundation model itself');
    }
  }
  checkLocation(input, 'input', reject);
  checkLocation(output, 'output', reject);
}

/** The job actions on exactly these models. Bedrock makes up the id of a job. */
export function batchInferenceGrants({ models, input, output, serviceRole }: BedrockBatchInference, location: ModelLocation): PolicyGrant[] {
  const jobs = bedrockArn(location, 'model-invocation-job/*');
  const arns = models.map(model => (model.startsWith('arn:') ? model : foundationModelArn(model, location)));
  return [
    { ...batch, resources: [...arns, jobs] },
    { ...batchJobs, resources: [jobs] },
    passRoleToBedrock(serviceRole),
    ...writeGrants(input),
    ...readGrants(output),
  ];
}
