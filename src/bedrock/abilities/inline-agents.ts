import { Token } from 'aws-cdk-lib';
import { AbilityContext } from './ability';
import { BEDROCK_ROLE } from '../../contract/data';
import { PolicyGrant } from '../models/policy-grant';

/** Refuses agent names that could match others. */
export function requireInlineAgents(names: readonly string[] | undefined, { fault }: AbilityContext): void {
  if (names?.length === 0) {
    throw fault({
      problem: 'inlineAgentNames names no agent',
      given: names,
      allowed: 'at least one name; without inlineAgentNames, any name',
      fix: 'name the agents, or leave inlineAgentNames out',
    });
  }
  const wrong = names?.find(name => !Token.isUnresolved(name) && !/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(name));
  if (wrong !== undefined) {
    throw fault({
      problem: 'an inline agent has a name that Bedrock does not take',
      given: wrong,
      allowed: 'letters, digits, "_" and "-", at most 100',
      fix: 'name the agent as the request does',
    });
  }
}

/** AWS defines the action without resources: only the agent's name can bind it. */
export function inlineAgentGrants(names: readonly string[] | undefined): PolicyGrant[] {
  return [{
    ...BEDROCK_ROLE.statements.inlineAgents,
    resources: ['*'],
    ...(names && { conditions: { StringEquals: { 'bedrock:InlineAgentName': [...names] } } }),
  }];
}
