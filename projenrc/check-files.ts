import { readdirSync } from 'fs';
import { basename, join } from 'path';
import { Project, TextFile } from 'projen';
import { contractData } from './contract-data';
import { filledText } from '../src/contract/filled-text';

const RULES = 'src/governance/pack/rules';

/** Re-exports the check of every rule that has one, so that the table of rules finds it by its name. */
export class CheckIndex extends TextFile {
  constructor(project: Project) {
    super(project, `${RULES}/index.ts`, { committed: true, readonly: true });
    this.addLine(`// ${this.marker}`);
    const checks = readdirSync(join(project.outdir, RULES)).filter(file => /^[A-Z].*\.ts$/.test(file)).sort();
    for (const file of checks) this.addLine(`export * from './${basename(file, '.ts')}';`);
  }
}

const INTRODUCTION = `
# PlumblineChecks

The rules of the standard, as a cdk-nag pack. \`Standards.apply\` registers it; the nearest standards above a construct say whether
a finding stops the synthesis (\`Checks.ERROR\`, the default), warns (\`WARN\`) or is not looked for (\`OFF\`). What an app had before
can stand in [a baseline](command.md). Acknowledge a finding by its id, at the construct it is about or above it, with a reason that
a reviewer would accept:

\`\`\`ts
Validations.of(legacyFunction).acknowledge({
  id: 'PlumblineChecks-FunctionUsesRuntimeLayer', reason: 'Replaced by the chat service in May.',
});
\`\`\`

In Python:

\`\`\`python
Validations.of(legacy_function).acknowledge(Acknowledgment(
    id="PlumblineChecks-FunctionUsesRuntimeLayer", reason="Replaced by the chat service in May.",
))
\`\`\`

[How to test the checks, and who may acknowledge what](operating.md).

A finding of \`BedrockNoWildcard\` names the wildcard, so that one acknowledgement does not cover the next:
\`PlumblineChecks-BedrockNoWildcard[Action::bedrock:Get*]\`.

The rules read templates as a person would who follows every reference: parameters with their defaults and allowed values,
mappings, conditions with both branches, imports and outputs within the app, nested stacks, \`Fn::Join\`, \`Fn::Sub\`, \`Fn::Split\`,
\`Fn::Select\`, and policy documents that stand as JSON text. What is known only at deployment (a parameter without a value, a
dynamic reference, an attribute of a custom resource) is not found.

Warnings are told and stop nothing. An acknowledgement that hides nothing, or whose id no rule has, is one of them.

The texts below are those of contract/checks.json: \`npx projen\` writes this page.`;

/** The page of the rules. */
export class ChecksPage extends TextFile {
  constructor(project: Project) {
    super(project, 'docs/checks.md', { committed: true, readonly: true });
    const contract = contractData(project.outdir);
    this.addLine(`<!-- ${this.marker} -->`);
    this.addLine(INTRODUCTION.trimStart());
    for (const { name, info, explanation, incidents } of contract.CHECKS.rules) {
      const prevented = incidents.map(incident => contract.CHECKS.incidents[incident]).join(' ');
      this.addLine(`\n## ${name}\n\n${filledText(info, contract)}\n\n**Why.** ${explanation}\n\n**Prevents.** ${prevented}`);
    }
    this.addLine('');
  }
}
