import { Project, TextFile } from 'projen';
import { contractData } from './contract-data';
import { filledText } from '../src/contract/filled-text';

const INTRODUCTION = `
# Alarms

The description of every alarm of the library ends with the incident that it stands for and a link to its runbook. Without a page of
your own the link leads here. With one, at the app, a stage or a stack:

\`\`\`ts
Standards.apply(app, { product: 'MangaAssist', environment: 'prod', runbookUrl: 'https://wiki.example.com/runbooks/{kind}' });
\`\`\`

\`{kind}\` becomes one of the headings below; a link without it gets the heading in lower case behind a \`#\`.

The texts below are those of contract/alarms.json: \`npx projen\` writes this page.`;

/** The page of the kinds of alarms: what the runbook links lead to by default. */
export class AlarmsPage extends TextFile {
  constructor(project: Project) {
    super(project, 'docs/alarms.md', { committed: true, readonly: true });
    const contract = contractData(project.outdir);
    this.addLine(`<!-- ${this.marker} -->`);
    this.addLine(INTRODUCTION.trimStart());
    for (const [kind, { rings, incident, steps }] of Object.entries(contract.ALARMS.kinds)) {
      this.addLine(`\n## ${kind}\n\n${filledText(rings, contract)}\n\n**Incident.** ${filledText(incident, contract)}\n`);
      steps.forEach((step, index) => this.addLine(`${index + 1}. ${filledText(step, contract)}`));
    }
    this.addLine('');
  }
}
