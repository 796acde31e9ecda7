import { App, Stack } from 'aws-cdk-lib';
import { constructTemplates } from '../../../../src/governance/pack/constructs/construct-templates';
import { Check } from '../../../../src/governance/pack/rules/rule';
import { AppModel } from '../../../../src/governance/pack/template/app-model';

/** What a rule says of an app: what it found, that all is well, or that it has nothing to look at. */
export type Verdict = 'compliant' | 'not applicable' | string[];

export interface RuleCase {
  readonly name: string;
  /** Everything that the app holds. */
  readonly build: (stack: Stack) => unknown;
  /** The paths of what is found, or what it found there, each without the path of the stack. */
  readonly verdict: Verdict;
}

/**
 * Runs a rule's check over each case: before synthesis, when references still are references, and after it, when they are
 * exports and imports.
 */
export function testRule(check: Check, cases: RuleCase[], states = ['before synthesis', 'after synthesis']): void {
  describe.each(states)('%s', state => {
    test.each(cases.map(({ name, ...rest }) => [name, rest] as const))('%s', (_name, { build, verdict }) => {
      const app = new App({ context: { 'aws:cdk:enable-path-metadata': false } });
      const stack = new Stack(app, 'Stack');
      build(stack);
      if (state === 'after synthesis') withoutDefaultValidation(() => app.synth());
      expect(verdictOf(check, app)).toEqual(verdict);
    });
  });
}

function verdictOf(check: Check, app: App): Verdict {
  const { templates, constructOf } = constructTemplates(app);
  const model = new AppModel(templates);
  const results = templates.flatMap(template => template.resources)
    .map(resource => ({ path: constructOf(resource).node.path.replace(/^Stack\//, ''), findings: check(resource, model) }));
  const found = results.flatMap(({ path, findings }) => (findings ?? []).map(({ what }) => what ?? path));
  if (found.length > 0) return [...new Set(found)].sort();
  return results.some(({ findings }) => findings !== undefined) ? 'compliant' : 'not applicable';
}

/** The CDK's own template checks are not what is tested here, and take most of the time. */
function withoutDefaultValidation(action: () => void): void {
  const before = process.env.CDK_VALIDATION;
  process.env.CDK_VALIDATION = 'false';
  try {
    action();
  } finally {
    if (before === undefined) delete process.env.CDK_VALIDATION;
    else process.env.CDK_VALIDATION = before;
  }
}
