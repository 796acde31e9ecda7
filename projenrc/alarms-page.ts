import { Project, TextFile } from 'projen';
import { contractData, type Contract } from './contract-data';
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

const WITHOUT_INSTANCES = `
## Capacity, quota or fault

An endpoint without instances, or with too few, is told apart by its own words. Ask for those of its last creation or update, and for those
of its scaling (\`AllTraffic\` or another variant; \`inference-component/…\` with scaleToZero):

\`\`\`bash
aws sagemaker describe-endpoint --endpoint-name "$NAME" --query '[EndpointStatus, FailureReason]'
aws application-autoscaling describe-scaling-activities --service-namespace sagemaker \\
  --resource-id "endpoint/$NAME/variant/AllTraffic" --max-items 5 --query 'ScalingActivities[].[StartTime, StatusCode, StatusMessage]'
\`\`\`

| kind | the words hold | what to do |
|---|---|---|`;

/** How to tell a lack of instances from a fault, by the marks that the watcher of a notebook looks for too. */
function withoutInstances({ kinds, faultAdvice }: Contract['ENDPOINT_SETTINGS']['failures']): string {
  const rows = [...kinds.map(({ kind, marks, advice }) => [kind, marks.map(mark => `\`${mark}\``).join(', '), advice]),
    ['fault', 'none of these', faultAdvice]];
  return [WITHOUT_INSTANCES.trimStart(), ...rows.map(row => `| ${row.join(' | ')} |`)].join('\n');
}

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
    this.addLine(`\n${withoutInstances(contract.ENDPOINT_SETTINGS.failures)}`);
    this.addLine('');
  }
}
