import { writeFileSync } from 'fs';
import { join } from 'path';
import { CHECK_RULES } from '../../../../src/governance/pack/check-rules';
import { CheckRule } from '../../../../src/governance/pack/rule';

export const PAGE = join(__dirname, '..', '..', '..', '..', 'docs', 'checks.md');

/** The page of the rules, made of the table that runs them. */
export function checksPage(): string {
  return [
    '# PlumblineChecks',
    '',
    'The rules of the standard, as a cdk-nag pack. `Standards.apply` registers it, unless `checks` is false. A finding stops the',
    'synthesis; acknowledge it by its id, at the construct it is about or above it, with a reason that a reviewer would accept:',
    '',
    '```ts',
    "Validations.of(legacyFunction).acknowledge({ id: 'PlumblineChecks-FunctionUsesRuntimeLayer', reason: 'Replaced by the chat service in May.' });",
    '```',
    '',
    'A finding of `BedrockNoWildcard` names the wildcard, so that one acknowledgement does not cover the next:',
    '`PlumblineChecks-BedrockNoWildcard[Action::bedrock:Get*]`.',
    '',
    'This page is made from the rules themselves: `npx tsx test/governance/support/checks-page.ts` writes it.',
    '',
    ...CHECK_RULES.flatMap(section),
  ].join('\n');
}

function section({ name, info, explanation, incident }: CheckRule): string[] {
  return [`## ${name}`, '', info, '', `**Why.** ${explanation}`, '', `**Prevents.** ${incident}`, ''];
}

if (require.main === module) writeFileSync(PAGE, checksPage());
