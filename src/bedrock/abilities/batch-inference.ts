import { IRole } from 'aws-cdk-lib/aws-iam';
import { AbilityContext } from './ability';
import { BedrockDataLocation, readGrants, requireFolder, writeGrants } from './data-location';
import { carriesOwner, saysOwner, tagGrant } from './job-owner';
import { passRoleToBedrock } from './pass-role';
import { BEDROCK_ROLE } from '../../contract/data';
import { requireModelName } from '../models/allowed-models';
import { bedrockArn, foundationModelArn } from '../models/model-location';
import { PolicyGrant } from '../models/policy-grant';

/** What a role that starts batch inference works with. */
export interface BedrockBatchInference {
  /** The models that may run in a batch: foundation-model ids and ARNs of custom models. */
  readonly models: string[];

  /** Where the prompts are. The role may write them. */
  readonly input: BedrockDataLocation;

  /** Where Bedrock writes the answers. The role may read them. */
  readonly output: BedrockDataLocation;

  /** The role that Bedrock assumes for the job. It is passed to Bedrock and to nobody else. */
  readonly serviceRole: IRole;
}

const { batch, batchJobs } = BEDROCK_ROLE.statements;

/** Refuses models that cannot run in a batch, and folders that are none. */
export function requireBatchInference({ models, input, output }: BedrockBatchInference, { fault }: AbilityContext): void {
  const allowed = 'foundation-model ids and ARNs of custom models, at least one';
  if (models.length === 0) {
    throw fault({ problem: 'batchInference has no model', given: models, allowed, fix: 'name the models that may run in a batch' });
  }
  for (const name of models) {
    const { kind } = requireModelName(name, fault);
    if (kind !== 'foundation-model' && kind !== 'custom-model') {
      const fix = 'name the foundation model itself';
      throw fault({ problem: 'a model cannot be granted for batch inference', given: name, allowed, fix });
    }
  }
  requireFolder(input, 'input', fault);
  requireFolder(output, 'output', fault);
}

/** The job actions on exactly these models. Bedrock makes up the id of a job, so a job is known by its owner's tag. */
export function batchInferenceGrants(details: BedrockBatchInference, context: AbilityContext): PolicyGrant[] {
  const { models, input, output, serviceRole } = details;
  const { sources: [own] } = context;
  const jobs = bedrockArn(own, 'model-invocation-job/*');
  const arns = models.map(model => (model.startsWith('arn:') ? model : foundationModelArn(model, own)));
  return [
    { ...batch, resources: [...arns, jobs], conditions: saysOwner(context) },
    tagGrant([jobs], context),
    { ...batchJobs, resources: [jobs], conditions: carriesOwner(context) },
    passRoleToBedrock(serviceRole),
    ...writeGrants(input),
    ...readGrants(output),
  ];
}
