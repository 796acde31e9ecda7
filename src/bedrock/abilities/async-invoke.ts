import { AbilityContext } from './ability';
import { BedrockDataLocation, readGrants, requireFolder, writeGrants } from './data-location';
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
      fix: 'name it by its id, for example "amazon.nova-reel-v1:0"',
    });
  }
  requireFolder(output, 'output', fault);
}

/** StartAsyncInvoke is authorised by InvokeModel on the model and on the invocation, whose id Bedrock makes up. */
export function asyncInvokeGrants({ models, output }: BedrockAsyncInvoke, { sources: [own] }: AbilityContext): PolicyGrant[] {
  const invocations = bedrockArn(own, 'async-invoke/*');
  return [
    { ...asyncInvoke, resources: [...models.map(model => foundationModelArn(model, own)), invocations] },
    { ...asyncInvocations, resources: [invocations] },
    ...writeGrants(output),
    ...readGrants(output),
  ];
}
