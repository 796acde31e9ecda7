import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { Checks, Standards } from '../../src';

const FOUND = 'PlumblineChecks-BedrockNoWildcard[Action::bedrock:*]';
const statement = { Effect: 'Allow', Action: 'bedrock:*', Resource: 'arn:aws:s3:::x' };

let told: string[];
beforeEach(() => {
  told = [];
  for (const stream of ['log', 'error', 'warn'] as const) {
    jest.spyOn(console, stream).mockImplementation((...texts: unknown[]) => { told.push(texts.join(' ')); });
  }
});
afterEach(() => jest.restoreAllMocks());

function drifting(scope: IConstruct, id: string): Stack {
  const stack = new Stack(scope as App, id);
  new CfnRole(stack, 'Role', { assumeRolePolicyDocument: {}, policies: [{ policyName: 'P', policyDocument: { Statement: [statement] } }] });
  return stack;
}

const apply = (scope: IConstruct, checks?: Checks | boolean) => Standards.apply(scope, { product: 'P', environment: 'dev', checks });
const synth = (app: App) => () => app.synth();
const report = (): string => told.join('\n');

test('ERROR is the default, and stops', () => {
  const app = new App();
  apply(app);
  drifting(app, 'Stack');
  expect(synth(app)).toThrow();
});

test.each([[Checks.WARN, true], [Checks.OFF, false], [false, false]])('%s stops nothing', (checks, isTold) => {
  const app = new App();
  apply(app, checks);
  drifting(app, 'Stack');
  expect(synth(app)).not.toThrow();
  expect(report().includes(FOUND)).toBe(isTold);
});

describe('the nearest standards count', () => {
  const fails = (build: (app: App) => void): boolean => {
    const app = new App();
    build(app);
    try {
      app.synth();
      return false;
    } catch {
      return true;
    }
  };

  test.each<[name: string, build: (app: App) => void, isFailure: boolean]>([
    ['a stack that warns below an app that fails', app => { apply(app); apply(drifting(app, 'S'), Checks.WARN); }, false],
    ['a stack that is off below an app that fails', app => { apply(app); apply(drifting(app, 'S'), Checks.OFF); }, false],
    ['its sibling fails still', app => { apply(app); apply(drifting(app, 'S'), Checks.OFF); drifting(app, 'Sibling'); }, true],
    ['a stack that fails below an app that is off', app => { apply(app, Checks.OFF); apply(drifting(app, 'S'), Checks.ERROR); }, true],
    ['a stack without a level takes its app\'s', app => { apply(app, Checks.WARN); apply(drifting(app, 'S')); }, false],
    ['a stage that fails below an app that warns', app => {
      apply(app, Checks.WARN);
      const stage = new Stage(app, 'Prod');
      apply(stage, true);
      drifting(stage, 'S');
    }, true],
    ['standards on one stack leave its siblings alone', app => { apply(new Stack(app, 'Sound')); drifting(app, 'Sibling'); }, false],
  ])('%s', (_name, build, isFailure) => {
    expect(fails(build)).toBe(isFailure);
  });
});

describe('the baseline', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'plumbline-baseline-'));
    jest.spyOn(process, 'cwd').mockReturnValue(folder);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (template: string) => writeFileSync(join(folder, 'plumbline-baseline.json'),
    JSON.stringify({ version: 1, findings: [{ id: FOUND, template, resource: 'Role' }] }));

  test('what it knows warns, what it does not know stops', () => {
    const app = new App({ outdir: join(folder, 'one') });
    apply(app);
    drifting(app, 'Old');
    write('Old');
    expect(synth(app)).not.toThrow();
    expect(report()).toContain('Known in plumbline-baseline.json.');

    const changed = new App({ outdir: join(folder, 'two') });
    apply(changed);
    drifting(changed, 'Old');
    drifting(changed, 'New');
    expect(synth(changed)).toThrow();
  });
});
