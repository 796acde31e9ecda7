import { PolicyValidationPluginReport, PolicyViolation } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Acknowledgement, Acknowledgements } from './acknowledgements';
import { BaselineEntry } from '../../../contract/baseline';
import { CHECKS } from '../../../contract/data';
import { CheckRule } from '../rules/rule';

/** Not the id of the acknowledgement: the CDK would let that acknowledge itself. */
const UNUSED = 'PlumblineChecks-UnusedAcknowledgement';
const SWITCHED_OFF = 'PlumblineChecks-TemplateValidationOff';

/** What a rule found in a construct. An acknowledgement names its id. */
export interface ConstructFinding extends BaselineEntry {
  readonly rule: CheckRule;
  readonly construct: IConstruct;
  readonly info?: string;
  readonly isWarning?: boolean;
  /** What else is worth knowing of it. */
  readonly note?: string;
}

/** What is left of findings, and as what, by who says so. */
export type Levels = (findings: readonly ConstructFinding[]) => readonly ConstructFinding[];

/**
 * The report of the findings that nobody acknowledged, and of the acknowledgements that nobody needs.
 *
 * The incident that a rule prevents is told with its first finding only.
 */
export function violationsOf(
  findings: readonly ConstructFinding[], acknowledgements: Acknowledgements, verbose = false, levelled: Levels = all => all,
): PolicyValidationPluginReport {
  const open = levelled(findings).filter(({ id, construct }) => !acknowledgements.hides(id, construct));
  const told = new Set<CheckRule>();
  const violations = open.map(finding => {
    const { rule } = finding;
    const prevents = told.has(rule) ? [] : [`Prevents: ${rule.incident}`];
    told.add(rule);
    return violationOf(finding, [...(verbose ? [rule.explanation] : []), ...prevents]);
  });
  const unused = acknowledgements.findUnused(findings).map(found => unusedViolation(found, acknowledgements.isMistyped(found)));
  return { success: open.every(({ isWarning }) => isWarning), violations: [...violations, ...unused] };
}

/** What the CDK was told not to check: the CLI's `--no-validation` reaches an app as this environment variable. */
export function switchedOffViolations(app: IConstruct): PolicyViolation[] {
  if (process.env.CDK_VALIDATION !== 'false') return [];
  return [{
    ruleName: SWITCHED_OFF,
    description: CHECKS.advice.templateValidationOff,
    severity: 'warning',
    violatingResources: [{ constructPath: app.node.path, locations: [] }],
  }];
}

function violationOf({ id, rule, construct, info, isWarning, note }: ConstructFinding, further: string[]): PolicyViolation {
  return {
    ruleName: id,
    description: [info ?? rule.info, ...note ? [note] : [], ...further].join(' '),
    severity: isWarning ? 'warning' : 'error',
    ruleMetadata: { explanation: rule.explanation, prevents: rule.incident },
    violatingResources: [{ constructPath: construct.node.path, locations: ['Properties'] }],
  };
}

function unusedViolation({ construct, id }: Acknowledgement, isMistyped: boolean): PolicyViolation {
  return {
    ruleName: UNUSED,
    description: `The acknowledgement of ${id} hides nothing: ` + (isMistyped
      ? 'no rule of PlumblineChecks has that name. Name a finding as the report does.'
      : 'nothing at or below this construct is found by that id. Remove it, or name a finding as the report does.'),
    severity: 'warning',
    violatingResources: [{ constructPath: construct.node.path, locations: [] }],
  };
}
