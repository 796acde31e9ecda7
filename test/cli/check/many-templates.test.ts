import { performance } from 'perf_hooks';
import { TemplateCase, templates } from '../../governance/pack/support/written-templates';
import { Workplace } from '../support/command';
import { shortYaml } from '../support/short-yaml';

const CASES = [...templates('drifted'), ...templates('clean')];

let place: Workplace;
beforeAll(() => { place = new Workplace(); });
afterAll(() => place.remove());

/** Writes the templates of an app in one language; a nested one beside the template that deploys it. */
function write({ files }: TemplateCase, folder: string, toText: (content: unknown) => string): string {
  for (const { name, content } of files) place.write(`${folder}/${name}`, toText(withLocations(content, files)));
  return folder;
}

/** Where a template nests another one of the case, it names its file. */
function withLocations(content: unknown, files: TemplateCase['files']): unknown {
  const Resources: Record<string, { Type?: string; Properties?: Record<string, unknown> }> = { Topic: { Type: 'AWS::SNS::Topic' } };
  const copy = { Resources, ...structuredClone(content) as object };
  for (const { name, nestedIn } of files) {
    const parent = nestedIn && copy.Resources[nestedIn.id];
    if (parent && files.some(file => file.name === nestedIn.file && file.content === content)) {
      parent.Properties = { ...parent.Properties, TemplateURL: `./${name}` };
    }
  }
  return copy;
}

/** A template that is nested is read with the one that nests it. */
function parentsFirst({ files }: TemplateCase): string[] {
  return [...files.filter(({ nestedIn }) => !nestedIn), ...files.filter(({ nestedIn }) => nestedIn)].map(({ name }) => name);
}

async function idsIn(paths: string[]): Promise<{ ids: string[]; ms: number }> {
  const start = performance.now();
  const { code, out, told } = await place.run('check', ...paths, '--json');
  const ms = performance.now() - start;
  expect([told, code === 0 || code === 1]).toEqual(['', true]);
  return { ids: (JSON.parse(out) as { findings: { id: string }[] }).findings.map(({ id }) => id).sort(), ms };
}

test(`${CASES.length} apps in JSON, and in YAML with short intrinsics: the same is found, each in less than half a second`, async () => {
  expect(CASES.length).toBeGreaterThanOrEqual(200);
  const slow: string[] = [];
  const differing: string[] = [];
  for (const [index, found] of CASES.entries()) {
    const paths = (folder: string) => parentsFirst(found).map(name => `${folder}/${name}`);
    const json = write(found, `${index}/json`, content => JSON.stringify(content, null, 1));
    const short = write(found, `${index}/short`, shortYaml);
    const [one, other] = [await idsIn(paths(json)), await idsIn(paths(short))];
    if (JSON.stringify(one.ids) !== JSON.stringify(other.ids)) differing.push(`${found.name}: ${one.ids} | ${other.ids}`);
    if (Math.max(one.ms, other.ms) > 1000) slow.push(`${found.name}: ${one.ms}, ${other.ms} ms`);
  }
  expect(differing).toEqual([]);
  expect(slow).toEqual([]);
}, 300_000);

test('a template of 500 resources and 1 MB is checked in less than a second', async () => {
  const Resource = { 'Fn::Sub': 'arn:${AWS::Partition}:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0' };
  const PolicyDocument = { Statement: [{ Effect: 'Allow', Action: 'bedrock:InvokeModel', Resource }] };
  const Properties = { PolicyName: 'p', Description: 'x'.repeat(1_800), PolicyDocument };
  const policies = Array.from({ length: 500 }, (_, index) => [`Policy${index}`, { Type: 'AWS::IAM::Policy', Properties }]);
  const Resources: unknown = Object.fromEntries(policies);
  place.write('large.json', { Resources });
  expect(place.read('large.json').length).toBeGreaterThan(1_000_000);
  expect((await idsIn(['large.json'])).ms).toBeLessThan(1000);
});
