import { Token } from 'aws-cdk-lib';
import { BedrockOpenAiEndpoint } from './bedrock-open-ai-endpoint';
import { Reject } from '../models/model-checks';
import { ModelLocation } from '../../contract/model-reference';

import { PolicyGrant } from '../role/policy-grant';
import { BEDROCK_ROLE } from '../../contract/data';

const DEFAULT_PROJECT = 'default';
const { openAiEndpoint, bearerToken } = BEDROCK_ROLE.statements;

/** Rejects projects that are none. */
export function checkOpenAiEndpoint({ projectIds }: BedrockOpenAiEndpoint, reject: Reject): void {
  const allowed = '"default" and ids such as "proj_abc123", at least one';
  if (projectIds?.length === 0) reject('openAiEndpoint has no project', projectIds, allowed, 'leave projectIds out for the default project');
  const wrong = projectIds?.find(id => !Token.isUnresolved(id) && !/^(proj_[a-zA-Z0-9]+|default)$/.test(id));
  if (wrong !== undefined) reject('a project id has an unknown form', wrong, allowed, 'copy the id from the project');
}

export function openAiEndpointGrants({ projectIds, allowBearerToken }: BedrockOpenAiEndpoint, sources: readonly ModelLocation[]): PolicyGrant[] {
  const projects = sources.flatMap(({ partition, region, account }) =>
    (projectIds ?? [DEFAULT_PROJECT]).map(id => `arn:${partition}:bedrock-mantle:${region}:${account}:project/${id}`));
  return [
    { ...openAiEndpoint, resources: projects },
    ...allowBearerToken ? [{ ...bearerToken, resources: ['*'] }] : [],
  ];
}
