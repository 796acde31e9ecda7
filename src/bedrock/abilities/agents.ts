import { AbilityContext } from './ability';
import { requireArns } from './resource-arns';
import { BEDROCK_ROLE } from '../../contract/data';
import { PolicyGrant } from '../models/policy-grant';

/**
 * The agents that a role may invoke. An agent runs its model with its own role.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/security_iam_id-based-policy-examples-agent.html
 */
export interface BedrockAgents {
  /** The aliases of the agents, by ARN: `attrAgentAliasArn` of a `CfnAgentAlias`. */
  readonly agentAliasArns: string[];
}

const RESOURCES = { prop: 'agentAliasArns', form: /^agent-alias\/[0-9A-Za-z]{10}\/[0-9A-Za-z]{10}$/, shown: 'agent-alias/<agent>/<alias>' };

export function requireAgents({ agentAliasArns }: BedrockAgents, context: AbilityContext): void {
  requireArns(agentAliasArns, RESOURCES, context);
}

export function agentGrants({ agentAliasArns }: BedrockAgents): PolicyGrant[] {
  return [{ ...BEDROCK_ROLE.statements.agents, resources: agentAliasArns }];
}
