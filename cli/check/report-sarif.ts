import { Log, ReportingDescriptor, Result } from 'sarif';
import { CheckFinding } from './find';
import { CheckResult } from './result';
import { CHECK_RULES } from '../../src/governance/pack/check-rules';

const HOME = 'https://github.com/cdk-plumbline/cdk-plumbline';

/**
 * The report that code hosts and editors read.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifReport({ findings, known, baselineFile }: CheckResult, version: string): Log {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: { driver: { name: 'Plumbline', version, informationUri: HOME, rules: CHECK_RULES.map(descriptor) } },
      columnKind: 'utf16CodeUnits',
      originalUriBaseIds: { ROOT: { description: { text: 'Where the command was run.' } } },
      results: [
        ...findings.map(result),
        ...known.map((finding): Result => ({
          ...result(finding), suppressions: [{ kind: 'external', status: 'accepted', justification: `Known in ${baselineFile}.` }],
        })),
      ],
    }],
  };
}

type Rule = typeof CHECK_RULES[number];

function descriptor({ name, info, explanation, incident }: Rule): ReportingDescriptor {
  return {
    id: name,
    name,
    shortDescription: { text: info },
    fullDescription: { text: explanation },
    help: { text: `Prevents: ${incident}` },
    helpUri: `${HOME}/blob/main/docs/checks.md`,
  };
}

function result({ rule, severity, message, id, file, line, resource, template, path }: CheckFinding): Result {
  return {
    ruleId: rule,
    ruleIndex: CHECK_RULES.findIndex(({ name }) => name === rule),
    level: severity,
    message: { text: `${id}: ${message}` },
    locations: [{
      physicalLocation: { artifactLocation: { uri: encodeURI(file), uriBaseId: 'ROOT' }, region: { startLine: line } },
      logicalLocations: [{ name: resource, fullyQualifiedName: path ?? `${template}/${resource}`, kind: 'resource' }],
    }],
    partialFingerprints: { 'plumblineFinding/v1': [template, resource, id].join('|') },
  };
}
