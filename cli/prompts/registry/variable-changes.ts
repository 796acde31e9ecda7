import { variablesOf } from '../../../src/contract/prompts/filled-prompt';
import { PublishedVersion } from '../../../src/contract/prompts/statements';

type WithVariables = Pick<PublishedVersion, 'messages' | 'variables'>;

/** What callers of one version have to change before the other serves them, as sentences without their full stops. */
export function variableChanges(before: WithVariables, now: WithVariables): string[] {
  const removed = Object.keys(before.variables).filter(name => !Object.hasOwn(now.variables, name));
  const added = neededBy(now).filter(name => !Object.hasOwn(before.variables, name));
  const shorter = Object.entries(now.variables)
    .filter(([name, { maxLength }]) => Object.hasOwn(before.variables, name) && maxLength < before.variables[name].maxLength);
  const renamed = removed.length === 1 && added.length === 1;
  return [
    ...renamed ? [`the variable ${removed[0]} is gone and ${added[0]} is new, as if it was renamed: `
      + 'getPrompt refuses callers that use the old name'] : [],
    ...renamed || removed.length === 0 ? [] : [`it has no variable ${removed.join(', ')} any more: getPrompt refuses callers that pass it`],
    ...renamed || added.length === 0 ? [] : [`it needs a value for ${added.join(', ')}: getPrompt refuses callers that pass none`],
    ...shorter.map(([name, { maxLength }]) => `${name} may have ${maxLength} characters, and had ${before.variables[name].maxLength}: `
      + 'longer values end with CONTEXT_TOO_LARGE'),
  ];
}

/** Who does not use a variable need not be given it. */
function neededBy({ messages }: WithVariables): string[] {
  return [...new Set(messages.flatMap(({ text }) => variablesOf(text)))];
}
