import { Token } from 'aws-cdk-lib';
import { AbilityContext } from './ability';
import { BEDROCK_ROLE } from '../../contract/data';
import { PolicyGrant } from '../models/policy-grant';

/**
 * What a role may do at Bedrock's OpenAI-compatible endpoint (`bedrock-mantle`).
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_bedrock-mantle.html
 */
export interface BedrockOpenAiEndpoint {
  /**
   * The projects in which the role may create inference requests.
   *
   * @default ['default']
   */
  readonly projectIds?: string[];

  /**
   * Whether requests may carry a bearer token, as the OpenAI SDK sends them, and not only a signature.
   *
   * AWS defines the action without resources.
   *
   * @default false
   */
  readonly allowBearerToken?: boolean;
}

const DEFAULT_PROJECT = 'default';
const { openAiEndpoint, bearerToken } = BEDROCK_ROLE.statements;

/** Refuses projects that are none. */
export function requireOpenAiEndpoint(details: BedrockOpenAiEndpoint | undefined, { fault }: AbilityContext): void {
  const projectIds = details?.projectIds ?? [DEFAULT_PROJECT];
  const allowed = '"default" and ids such as "proj_abc123", at least one';
  if (projectIds.length === 0) {
    const fix = 'leave projectIds out for the default project';
    throw fault({ problem: 'openAiEndpoint has no project', given: projectIds, allowed, fix });
  }
  const wrong = projectIds.find(id => !Token.isUnresolved(id) && !/^(proj_[a-zA-Z0-9]+|default)$/.test(id));
  if (wrong !== undefined) {
    throw fault({ problem: 'a project id has an unknown form', given: wrong, allowed, fix: 'copy the id from the project' });
  }
}

/** Requests of the projects, in every Region where requests are made. */
export function openAiEndpointGrants(details: BedrockOpenAiEndpoint | undefined, { sources }: AbilityContext): PolicyGrant[] {
  const { projectIds = [DEFAULT_PROJECT], allowBearerToken } = details ?? {};
  const projects = sources.flatMap(({ partition, region, account }) =>
    projectIds.map(id => `arn:${partition}:bedrock-mantle:${region}:${account}:project/${id}`));
  return [
    { ...openAiEndpoint, resources: projects },
    ...allowBearerToken ? [{ ...bearerToken, resources: ['*'] }] : [],
  ];
}
