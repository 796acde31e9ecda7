import { BedrockAsyncInvoke } from './bedrock-async-invoke';
import { checkLocation, readGrants, writeGrants } from './data-location';
import { Reject } from '../models/model-checks';
import { ModelLocation } from '../../contract/model-reference';
import { bedrockArn, foundationModelArn } from '../models/model-location';
import { isFoundationModelId } from '../../contract/model-reference';
import { PolicyGrant } from '../role/policy-grant';
import { BEDROCK_ROLE } from '../../contract/data';

const { asyncInvoke, asyncInvocations } = BEDROCK_ROLE.statements;

/** Rejects models that are none, and a folder that is none. */
export function checkAsyncInvoke({ models, output }: BedrockAsyncInvoke, reject: Reject): void {
  const allowed = 'foundation-model ids, at least one, no wildcard';
  if (models.length === 0) reject('asyncInvoke has no model', models, allowed, 'name the models that may be invoked asynchronously');
  const unknown = models.find(model => !isFoundationModelId(model));
  if (unknown !== undefined) reject('a model for asynchronous invocation is no foundation model', unknown, allowed, 'name it by its id, for example "amazon.nova-reel-v1:0"');
  checkLocation(output, 'output', reject);
}

/** StartAsyncInvoke is authorised by InvokeModel on the model and on the invocation, whose id Bedrock makes up. */
export function asyncInvokeGrants({ models, output }: BedrockAsyncInvoke, location: ModelLocation): PolicyGrant[] {
  const invocations = bedrockArn(location, 'async-invoke/*');
  return [
    { ...asyncInvoke, resources: [...models.map(model => foundationModelArn(model, location)), invocations] },
    { ...asyncInvocations, resources: [invocations] },
    ...writeGrants(output),
    ...readGrants(output),
  ];
}
