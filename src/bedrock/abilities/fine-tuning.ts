import { Token } from 'aws-cdk-lib';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { AbilityContext } from './ability';
import { BedrockDataLocation, readGrants, requireFolder } from './data-location';
import { carriesOwner, saysOwner, tagGrant } from './job-owner';
import { passRoleToBedrock } from './pass-role';
import { BEDROCK_ROLE } from '../../contract/data';
import { isFoundationModelId } from '../../contract/model-reference';
import { bedrockArn, foundationModelArn } from '../models/model-location';
import { PolicyGrant } from '../models/policy-grant';

/** What a role that customises models works with. */
export interface BedrockFineTuning {
  /** The foundation models that may be customised, by id. */
  readonly baseModels: string[];

  /** Where the training data is. The role may read it. */
  readonly trainingData: BedrockDataLocation;

  /** Where Bedrock writes metrics and logs of the job. The role may read it. */
  readonly output: BedrockDataLocation;

  /** The role that Bedrock assumes for the job. It is passed to Bedrock and to nobody else. */
  readonly customizationRole: IRole;

  /**
   * Why models are customised in production.
   *
   * @default - none: refused in the production environment, as `Standards` know it, and in one that is known only at deployment
   */
  readonly productionReason?: string;
}

const { customize, customizationJobs } = BEDROCK_ROLE.statements;

/** Refuses base models that cannot be customised, folders that are none, and production without a reason. */
export function requireFineTuning(details: BedrockFineTuning, { environment, isProduction, fault }: AbilityContext): void {
  const { baseModels, trainingData, output, productionReason } = details;
  const allowed = 'foundation-model ids, at least one, no wildcard';
  if (baseModels.length === 0) {
    throw fault({ problem: 'fineTuning has no base model', given: baseModels, allowed, fix: 'name the models that may be customised' });
  }
  const unknown = baseModels.find(model => !isFoundationModelId(model));
  if (unknown !== undefined) {
    throw fault({
      problem: 'a base model is no foundation model',
      given: unknown,
      allowed,
      fix: 'name the base model by its id, for example "amazon.nova-lite-v1:0:300k"',
    });
  }
  requireFolder(trainingData, 'training data', fault);
  requireFolder(output, 'output', fault);
  if (productionReason?.trim()) return;
  if (Token.isUnresolved(environment)) {
    throw fault({
      problem: 'models are not customised in production, and nobody can tell at synth whether this is production',
      given: environment,
      allowed: 'fine-tuning below Standards with a literal environment, or with a reason',
      fix: 'write the environment out, for example "dev", or say why in fineTuning.productionReason',
    });
  }
  if (isProduction) {
    throw fault({
      problem: 'models are not customised in production',
      given: environment,
      allowed: 'fine-tuning in other environments, or in production with a reason',
      fix: 'remove allowFineTuning from this environment, or say why in fineTuning.productionReason',
    });
  }
}

/**
 * The job actions on exactly these base models. Bedrock makes up the last part of the id of a job and of the model that
 * comes out of it; both begin with the base model, and are known by their owner's tag.
 */
export function fineTuningGrants(details: BedrockFineTuning, context: AbilityContext): PolicyGrant[] {
  const { baseModels, trainingData, output, customizationRole } = details;
  const { sources: [own] } = context;
  const foundationModels = baseModels.map(model => foundationModelArn(model, own));
  const jobs = baseModels.map(model => bedrockArn(own, `model-customization-job/${model}/*`));
  const customModels = baseModels.map(model => bedrockArn(own, `custom-model/${model}/*`));
  return [
    { ...customize, resources: [...foundationModels, ...customModels], conditions: saysOwner(context) },
    tagGrant([...jobs, ...customModels], context),
    { ...customizationJobs, resources: jobs, conditions: carriesOwner(context) },
    passRoleToBedrock(customizationRole),
    ...readGrants(trainingData),
    ...readGrants(output),
  ];
}
