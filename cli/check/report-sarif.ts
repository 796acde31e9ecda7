import { Log, Result } from 'sarif';
import { CheckFinding } from './find';
import { CheckResult } from './result';
import { CHECK_RULES } from '../../src/governance/pack/check-rules';
import { sarifFingerprint, sarifLocation, sarifLog, sarifRule } from '../system/sarif';

/** The report of a check: what the baseline knows is told as suppressed. */
export function sarifReport({ findings, known, baselineFile }: CheckResult, version: string): Log {
  return sarifLog({
    version,
    rules: CHECK_RULES.map(({ name, info, explanation, incident }) =>
      sarifRule({ id: name, text: info, explanation, help: `Prevents: ${incident}`, page: 'docs/checks.md' })),
    results: [
      ...findings.map(result),
      ...known.map((finding): Result => ({
        ...result(finding), suppressions: [{ kind: 'external', status: 'accepted', justification: `Known in ${baselineFile}.` }],
      })),
    ],
  });
}

function result({ rule, severity, message, id, file, line, resource, template, path }: CheckFinding): Result {
  return {
    ruleId: rule,
    ruleIndex: CHECK_RULES.findIndex(({ name }) => name === rule),
    level: severity,
    message: { text: `${id}: ${message}` },
    locations: [{
      ...sarifLocation({ file, line }),
      logicalLocations: [{ name: resource, fullyQualifiedName: path ?? `${template}/${resource}`, kind: 'resource' }],
    }],
    partialFingerprints: sarifFingerprint(template, resource, id),
  };
}
