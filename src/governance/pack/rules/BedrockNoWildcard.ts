import { Check } from './rule';
import { bedrockWildcards } from '../../../contract/iam/model-invocation';
import { allowStatements } from '../policies/statements';

export const BedrockNoWildcard: Check = (resource, app) => {
  const statements = allowStatements(resource, app);
  return statements && [...new Set(statements.flatMap(bedrockWildcards))].map(what => ({ what }));
};
