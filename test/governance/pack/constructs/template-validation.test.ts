import { readFileSync } from 'fs';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { Standards } from '../../../../src';

const { CDK_VALIDATION } = process.env;
afterEach(() => { process.env.CDK_VALIDATION = CDK_VALIDATION; });

interface Violation {
  readonly ruleName: string;
  readonly severity: string;
}

interface Report {
  readonly pluginReports: { readonly pluginName: string; readonly violations: Violation[] }[];
}

/** What PlumblineChecks report of an app without faults. The CDK's validation costs seconds: the app does without it by its own word. */
function reported(validation: string | undefined): Violation[] {
  if (validation === undefined) delete process.env.CDK_VALIDATION;
  else process.env.CDK_VALIDATION = validation;
  const app = new App({ builtinCloudFormationValidation: false });
  Standards.apply(app, { product: 'Shop', environment: 'dev' });
  new Stack(app, 'Stack');
  const { directory } = app.synth();
  const { pluginReports } = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8')) as Report;
  return pluginReports.filter(({ pluginName }) => pluginName === 'PlumblineChecks').flatMap(({ violations }) => violations);
}

test('--no-validation of the CLI, which an app sees as CDK_VALIDATION=false, is a warning in the report and stops nothing', () => {
  expect(reported('false').map(({ ruleName, severity }) => ({ ruleName, severity }))).toEqual([
    { ruleName: 'PlumblineChecks-TemplateValidationOff', severity: 'warning' },
  ]);
});

test.each([undefined, 'true'])('CDK_VALIDATION %s is nothing to tell', validation => expect(reported(validation)).toEqual([]));
