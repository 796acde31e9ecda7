import { AbilityContext } from './ability';
import { BedrockDataLocation, readGrants, requireFolder, writeGrants } from './data-location';
import { carriesOwner, saysOwner, tagGrant } from './job-owner';
import { BEDROCK_ROLE } from '../../contract/data';
import { isFoundationModelId } from '../../contract/model-reference';
import { bedrockArn, foundationModelArn } from '../models/model-location';
import { PolicyGrant } from '../models/policy-grant';

/** What a role that invokes models asynchronously works with. */
export interface BedrockAsyncInvoke {
  /** The models that may be invoked asynchronously, by foundation-model id. */
  readonly models: string[];

  /** Where the results go. Bedrock writes them with the role's own permissions, and the role may read them. */
  readonly output: BedrockDataLocation;
}

const { asyncInvoke, asyncInvocations } = BEDROCK_ROLE.statements;

/** Refuses models that are none, and a folder that is none. */
export function requireAsyncInvoke({ models, output }: BedrockAsyncInvoke, { fault }: AbilityContext): void {
  const allowed = 'foundation-model ids, at least one, no wildcard';
  if (models.length === 0) {
    throw fault({ problem: 'asyncInvoke has no model', given: models, allowed, fix: 'name the models that may be invoked asynchronously' });
  }
  const unknown = models.find(model => !isFoundationModelId(model));
  if (unknown !== undefined) {
    throw fault({
      problem: 'a model for asynchronous invocation is no foundation model',
      given: unknown,
      allowed,
      fix: 'name it by its id, for example "luma.ray-v2:0"',
    });
  }
  requireFolder(output, 'output', fault);
}

/**
 * StartAsyncInvoke is authorised by InvokeModel on the model and on the invocation. Bedrock makes up the id of an invocation, so
 * it is known by its owner's tag.
 */
export function asyncInvokeGrants({ models, output }: BedrockAsyncInvoke, context: AbilityContext): PolicyGrant[] {
  const { sources: [own] } = context;
  const invocations = bedrockArn(own, 'async-invoke/*');
  return [
    { ...asyncInvoke, resources: [...models.map(model => foundationModelArn(model, own)), invocations], conditions: saysOwner(context) },
    tagGrant([invocations], context),
    { ...asyncInvocations, resources: [invocations], conditions: carriesOwner(context) },
    ...writeGrants(output),
    ...readGrants(output),
  ];
}
