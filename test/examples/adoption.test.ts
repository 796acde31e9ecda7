import { readFileSync, writeFileSync } from 'fs';
import { join, relative } from 'path';
import { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { changesBetween, TemplateChanges, WrittenTemplate } from './support/template-changes';
import { table } from '../../build-tools/table';
import { templatesBelow } from '../../build-tools/testing/apps';
import { BookshopPipeline } from '../../examples/adoption/bookshop-pipeline';
import { Step } from '../../examples/adoption/step';
import { Workplace } from '../cli/support/command';
import { AlarmTemplate } from '../support/cloudwatch/alarms';
import { findUnemitted } from '../support/cloudwatch/emitted-metrics';
import { metricsReadBy } from '../support/cloudwatch/read-metrics';

interface Report {
  readonly findings: { readonly severity: string; readonly rule: string }[];
  readonly known: unknown[];
  readonly mended: unknown[];
}

/** The shop as it is synthesised at a step, and what the check says of it. */
interface Shop {
  readonly app: App;
  readonly templates: Map<string, WrittenTemplate>;
  readonly found: Report;
}

const GUIDE = join(__dirname, '..', '..', 'docs', 'adoption.md');
const STEPS = [Step.PLAIN, Step.STANDARDS, Step.WARNED, Step.LAYER, Step.ENVELOPE, Step.DONE];
const FIGURES = /(<!-- figures: begin -->\n)[^]*?(\n<!-- figures: end -->)/;
const NOTHING: TemplateChanges = { added: [], changed: [], removed: [], replaced: [] };
const BASELINE = 'plumbline-baseline.json';

/** A new revision of a task definition is how every change of a task is deployed. */
const REVISED = /^AWS::ECS::TaskDefinition /;

const place = new Workplace();
const shops = new Map<Step, Shop>();
const started = process.cwd();

beforeAll(async () => {
  process.chdir(place.path);
  jest.spyOn(console, 'error').mockImplementation();
  for (const step of STEPS) shops.set(step, await shopAt(step));
}, 300_000);

afterAll(() => {
  process.chdir(started);
  place.remove();
});

/** As the team does it: the baseline is written when the checks begin to warn, and what was mended leaves it at every step. */
async function shopAt(step: Step): Promise<Shop> {
  const outdir = join(place.path, Step[step]);
  const app = new App({ outdir, analyticsReporting: false });
  new BookshopPipeline(app, 'BookshopPipeline', step);
  app.synth();
  if (step === Step.WARNED) await place.run('check', Step[step], '--write-baseline');
  const found = JSON.parse((await place.run('check', Step[step], '--json')).out) as Report;
  if (step > Step.WARNED) await place.run('check', Step[step], '--prune-baseline');
  const read = (file: string): WrittenTemplate => JSON.parse(readFileSync(file, 'utf8')) as WrittenTemplate;
  return { app, found, templates: new Map(templatesBelow(outdir).map(file => [relative(outdir, file), read(file)])) };
}

/** What the step changes in all stacks together. */
function changesOf(step: Step): TemplateChanges {
  const [before, after] = [shops.get(step - 1)!.templates, shops.get(step)!.templates];
  expect([...after.keys()]).toEqual([...before.keys()]);
  const all = [...after].map(([name, template]) => changesBetween(before.get(name)!, template));
  return {
    added: all.flatMap(({ added }) => added),
    changed: all.flatMap(({ changed }) => changed),
    removed: all.flatMap(({ removed }) => removed),
    replaced: all.flatMap(({ replaced }) => replaced),
  };
}

const resourcesOf = ({ templates }: Shop): string[] =>
  [...templates.values()].flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type));

test('the plain shop has what real ones have, and nothing of the library', () => {
  const plain = shops.get(Step.PLAIN)!;
  const types = resourcesOf(plain);
  for (const type of [
    'AWS::Lambda::Function', 'AWS::Lambda::Url', 'AWS::ApiGatewayV2::Api', 'AWS::ECS::TaskDefinition', 'AWS::StepFunctions::StateMachine',
    'AWS::DynamoDB::GlobalTable', 'AWS::CloudFormation::Stack', 'Custom::CrossRegionExportWriter', 'AWS::CodePipeline::Pipeline',
  ]) expect(types).toContain(type);
  expect(types).not.toContain('AWS::Lambda::LayerVersion');
  expect(JSON.stringify([...plain.templates.values()])).not.toMatch(/plumbline/i);
});

test.each([Step.STANDARDS, Step.WARNED])('step %d changes no template', step => {
  expect(changesOf(step)).toEqual(NOTHING);
});

test.each(STEPS.slice(1))('step %d replaces and removes no function, role, table, API or anything else that lasts', step => {
  const { removed, replaced } = changesOf(step);
  expect(replaced.filter(name => !REVISED.test(name))).toEqual([]);
  expect(removed.filter(name => !name.startsWith('AWS::IAM::Policy '))).toEqual([]);
});

test('the comparison is awake', () => {
  const resource = (Type: string, Properties = {}) => ({ Resources: { It: { Type, Properties } } });
  expect(changesBetween(resource('AWS::Lambda::Function'), resource('AWS::Lambda::Function', { FunctionName: 'other' })).replaced)
    .toEqual(['AWS::Lambda::Function It: FunctionName']);
  expect(changesBetween(resource('AWS::IAM::Role', { Path: '/' }), resource('AWS::IAM::Role', { Path: '/service/' })).replaced)
    .toEqual(['AWS::IAM::Role It: Path']);
  expect(changesBetween(resource('AWS::SQS::Queue'), { Resources: {} }).removed).toEqual(['AWS::SQS::Queue It']);
});

test('when the checks begin to warn, the baseline knows all that is there', () => {
  const { findings, known } = shops.get(Step.WARNED)!.found;
  expect(findings).toEqual([]);
  expect(known).toHaveLength(shops.get(Step.PLAIN)!.found.findings.length);
});

test('no step brings a new finding', () => {
  for (const step of STEPS.filter(later => later > Step.WARNED)) expect(shops.get(step)!.found.findings).toEqual([]);
});

test('at the end nothing is found, and the baseline is empty', () => {
  expect(shops.get(Step.DONE)!.found).toMatchObject({ findings: [], known: [] });
  expect(JSON.parse(place.read(BASELINE))).toEqual({ version: 1, findings: [] });
});

test('AwsSolutions finds nothing that the plain shop did not have', () => {
  const foundIn = ({ app }: Shop): string[] => new AwsSolutionsChecks().validateScope(app).violations
    .flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`));
  const before = new Set(foundIn(shops.get(Step.PLAIN)!));
  expect(before.size).toBeGreaterThan(10);
  // The CDK's LambdaInvoke lets a state machine invoke every version of a function.
  const versions = /^AwsSolutions-IAM5\[Resource::<\w+Writer\w+>:\*\] .*\/Digest\/Machine\//;
  expect(foundIn(shops.get(Step.DONE)!).filter(found => !before.has(found) && !versions.test(found))).toEqual([]);
});

test('no alarm of any step reads what nobody emits', () => {
  for (const { templates } of shops.values()) {
    expect(findUnemitted([...templates.values()] as AlarmTemplate[], 'Bookshop', ['dev', 'staging', 'prod'])).toEqual([]);
  }
  const atTheEnd = [...shops.get(Step.DONE)!.templates.values()] as AlarmTemplate[];
  expect(atTheEnd.flatMap(metricsReadBy).length).toBeGreaterThan(30);
});

test('docs/adoption.md shows these figures; PLUMBLINE_UPDATE_DOCS=1 writes them', () => {
  const rows = STEPS.map(step => {
    const { findings, known } = shops.get(step)!.found;
    const { added, changed, removed, replaced } = step === Step.PLAIN ? NOTHING : changesOf(step);
    const lost = replaced.filter(name => !REVISED.test(name));
    return [`\`${Step[step]}\``, findings.length, known.length, added.length, changed.length, removed.length, lost.length];
  });
  const figures = table(['step', 'findings', 'in the baseline', 'resources added', 'changed', 'removed', 'replaced'], rows);
  const text = readFileSync(GUIDE, 'utf8');
  const current = text.replace(FIGURES, (_match, begin: string, end: string) => `${begin}${figures}${end}`);
  expect(text).toMatch(FIGURES);
  if (process.env.PLUMBLINE_UPDATE_DOCS) writeFileSync(GUIDE, current);
  else expect(text).toBe(current);
});
