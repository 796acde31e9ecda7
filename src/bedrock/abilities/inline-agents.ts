import { Token } from 'aws-cdk-lib';
import { Reject } from '../models/model-checks';
import { PolicyGrant } from '../role/policy-grant';
import { BEDROCK_ROLE } from '../../contract/data';

/** Rejects agent names that could match others. */
export function checkInlineAgents(names: readonly string[] | undefined, reject: Reject): void {
  if (names?.length === 0) {
    reject('inlineAgentNames names no agent', names, 'at least one name; without inlineAgentNames, any name', 'name the agents, or leave inlineAgentNames out');
  }
  const wrong = names?.find(name => !Token.isUnresolved(name) && !/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(name));
  if (wrong !== undefined) {
    reject('an inline agent has a name that Bedrock does not take', wrong, 'letters, digits, "_" and "-", at most 100', 'name the agent as the request does');
  }
}

/** AWS defines the action without resources: only the agent's name can bind it. */
export function inlineAgentGrant(names?: readonly string[]): PolicyGrant {
  return {
    ...BEDROCK_ROLE.statements.inlineAgents,
    resources: ['*'],
    ...(names && { conditions: { StringEquals: { 'bedrock:InlineAgentName': [...names] } } }),
  };
}
