import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import fc from 'fast-check';
import { applied, Dashboard, generatedDashboards, inverse, MAPS, NAMES } from './support/generated-dashboards';
import { Workplace } from '../support/command';

const FOLDER = join(__dirname, 'dashboards');
const FIXTURES = readdirSync(FOLDER).filter(file => /^\d/.test(file));
const fixture = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');
const MAP = fixture('map.json');

let place: Workplace;
beforeEach(() => { place = new Workplace(); });
afterEach(() => place.remove());

async function migrate(text: string, map: unknown = MAP, ...options: string[]) {
  place.write('d.json', text);
  place.write('map.json', map);
  return place.run('metrics', 'migrate-dashboard', 'd.json', '--map', 'map.json', ...options);
}

const invertedMap = inverse(JSON.parse(MAP) as typeof NAMES.map);
/** The same document as other editors, systems and programs would have written it. */
const SPELLINGS: Record<string, (text: string, file: string) => string> = {
  'as it is': text => text,
  'with the line ends of Windows and a byte-order mark': text => `\ufeff${text.replaceAll('\n', '\r\n')}`,
  'without a line end at its end': text => text.trimEnd(),
  'with tabs': (text, file) => (file.endsWith('.yaml') ? text : text.replace(/^ +/gm, found => '\t'.repeat(found.length))),
};

describe.each(FIXTURES)('%s', file => {
  test('changes in these places and no others', async () => {
    const { out } = await migrate(fixture(file), MAP, '--diff');
    const expected = readFileSync(join(FOLDER, 'expected', `${file}.diff`), 'utf8');
    expect(`${out}\n`).toBe(expected);
  });

  test.each(Object.keys(SPELLINGS))('%s: a second run changes nothing, and the inverse map leads back to the byte', async name => {
    const text = SPELLINGS[name](fixture(file), file);
    const once = await migrate(text);
    expect(once.told).not.toContain('Keep the old file');
    expect((await migrate(once.out)).out).toBe(once.out);
    expect((await migrate(once.out, invertedMap)).out).toBe(text);
  });
});

test('every dashboard but the one that cannot be read changes', () => {
  expect(FIXTURES.length).toBeGreaterThanOrEqual(12);
  const empty = FIXTURES.filter(file => readFileSync(join(FOLDER, 'expected', `${file}.diff`), 'utf8').trim() === '');
  expect(empty).toEqual(['06-search-left.json']);
});

describe('generated dashboards', () => {
  const expand = (text: string): unknown => applied(JSON.parse(text) as Dashboard, []);

  test('only names change, a second run changes nothing, and the way back is the same text or is said to be none', async () => {
    await fc.assert(fc.asyncProperty(generatedDashboards('any'), fc.constantFrom(...MAPS), async (dashboard, map) => {
      const text = JSON.stringify(dashboard, null, 1);
      const once = await migrate(text, map);
      expect(expand(once.out)).toEqual(applied(dashboard, map));
      expect((await migrate(once.out, map)).out).toBe(once.out);
      const back = (await migrate(once.out, inverse(map))).out;
      expect(once.told.includes('Keep the old file')).toBe(back !== text);
    }), { numRuns: 80 });
  });

  test.each(['shorthand', 'written out'] as const)('with rows that are all %s the inverse map leads back to the byte', async style => {
    await fc.assert(fc.asyncProperty(generatedDashboards(style), fc.constantFrom(...MAPS), async (dashboard, map) => {
      const text = JSON.stringify(dashboard);
      const once = await migrate(text, map);
      expect((await migrate(once.out, inverse(map))).out).toBe(text);
    }), { numRuns: 60 });
  });
});

describe('what it leaves', () => {
  test('is told with line, place and reason, and ends with 1', async () => {
    const { code, told } = await migrate(fixture('06-search-left.json'));
    expect(code).toBe(1);
    expect(told.split('\n').slice(2)).toEqual([
      expect.stringMatching(/^ {2}line 4: widgets\[0\]\.properties\.metrics\[0\]: the search names no metric/),
      expect.stringMatching(/line 5: .*Write one search for each namespace/),
      expect.stringMatching(/line 6: .*Chatbot QueueDepth\. Write one search/),
      expect.stringMatching(/line 7: .*the search names no namespace/),
      expect.stringMatching(/line 8: .*several namespaces/),
      expect.stringMatching(/line 9: .*the search names no metric/),
      expect.stringMatching(/line 10: .*a cell is no text/),
      expect.stringMatching(/line 11: .*"\.\.\." has no row above/),
      expect.stringMatching(/line 13: .*"\." has nothing above/),
    ]);
  });

  test('holds texts for people apart, and what a custom widget is given', async () => {
    const { code, told } = await migrate(fixture('08-explorer-custom-log-text.json'));
    expect(code).toBe(1);
    expect(told).toContain('line 4: widgets[1].properties.params.namespace: "Chatbot" stands where no name of a metric is known to stand');
    expect(told.slice(told.indexOf('texts for people'))).toMatch(/widgets\[3\]\.properties\.markdown: the text speaks of "Chatbot"/);
    expect(told).not.toMatch(/endpoint|alarms\[/);
  });

  const template = (Type: string, Properties: object) => JSON.stringify({ Resources: { R: { Type, Properties } } });
  test.each([
    ['a parameter', 'CloudWatch::Alarm', { Namespace: { Ref: 'N' }, MetricName: 'BedrockCalls' }, /R\.Properties: \$\{…\} BedrockCalls/],
    ['a text with parameters', 'CloudWatch::Alarm', { Namespace: { 'Fn::Sub': '${P}/x' }, MetricName: 'BedrockCalls' }, /\$\{P\}\/x/],
    ['a filter that emits', 'Logs::MetricFilter',
      { MetricTransformations: [{ MetricNamespace: 'Chatbot', MetricName: 'BedrockCalls' }] }, /the filter emits Chatbot BedrockCalls/],
    ['a stream', 'CloudWatch::MetricStream', { IncludeFilters: [{ Namespace: 'Chatbot' }] }, /the stream filters by Chatbot/],
    ['a body from elsewhere', 'CloudWatch::Dashboard', { DashboardBody: { 'Fn::ImportValue': 'x' } }, /DashboardBody: the body is no text/],
    ['a body that is no JSON', 'CloudWatch::Dashboard', { DashboardBody: '{"widgets":[}' }, /the body is no JSON: expected/],
    ['another query', 'CloudWatch::Alarm', { Metrics: [{ Expression: 'SELECT x.y FROM Chatbot' }] }, /a query that cannot be read/],
  ])('tells of %s', async (_name, type, properties, told) => {
    const text = template(`AWS::${type}`, properties);
    expect(await migrate(text)).toEqual({ code: 1, out: text, told: expect.stringMatching(told) });
  });

  test('says nothing of what is none of its names', async () => {
    const text = template('AWS::CloudWatch::Alarm', { Namespace: { Ref: 'N' }, MetricName: 'Errors' });
    expect(await migrate(text)).toEqual({ code: 0, out: text, told: 'd.json: 0 names changed' });
  });
});

describe('both branches of a condition', () => {
  test('and a body as a record change', async () => {
    const body = (name: string) => ({ widgets: [{ properties: { metrics: [['Chatbot', name]] } }] });
    const DashboardBody = { 'Fn::If': ['C', JSON.stringify(body('BedrockCalls')), { 'Fn::ToJsonString': body('latency_ms') }] };
    const text = JSON.stringify({ Resources: { D: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardBody } } } });
    const { out } = await migrate(text);
    expect(out).toBe(text.replace('Chatbot\\",\\"BedrockCalls', 'MangaAssist/Bedrock\\",\\"InvocationCount')
      .replace('Chatbot","latency_ms', 'MangaAssist/Latency","EndToEndMs'));
  });
});

describe('the command', () => {
  const dashboard = JSON.stringify({ widgets: [{ properties: { metrics: [['Chatbot', 'BedrockCalls']] } }] });

  test('writes a file, its own one too, and keeps standard output free', async () => {
    const { code, out, told } = await migrate(dashboard, MAP, '--out', 'd.json');
    expect([code, out]).toEqual([0, '']);
    expect(place.read('d.json')).toContain('InvocationCount');
    expect(told).toContain('widgets[0].properties.metrics[0]: BedrockCalls → InvocationCount');
  });

  test('reports as JSON', async () => {
    const { out, told } = await migrate(dashboard, MAP, '--json');
    expect(JSON.parse(out)).toEqual({
      changes: [
        { path: 'widgets[0].properties.metrics[0]', line: 1, column: 41, from: 'Chatbot', to: 'MangaAssist/Bedrock' },
        { path: 'widgets[0].properties.metrics[0]', line: 1, column: 51, from: 'BedrockCalls', to: 'InvocationCount' },
      ],
      left: [],
      text: dashboard.replace('Chatbot', 'MangaAssist/Bedrock').replace('BedrockCalls', 'InvocationCount'),
    });
    expect(told).toBe('');
  });

  test.each([
    ['a file that is not there', ['absent.json', '--map', 'map.json'], /absent\.json does not exist/],
    ['a map that is not there', ['d.json', '--map', 'absent.json'], /absent\.json does not exist/],
    ['no map', ['d.json'], /--map/],
  ])('ends with 2 for %s', async (_name, args, told) => {
    place.write('d.json', dashboard);
    place.write('map.json', MAP);
    expect(await place.run('metrics', 'migrate-dashboard', ...args)).toEqual({ code: 2, out: '', told: expect.stringMatching(told) });
  });

  test.each([
    ['broken JSON', '{"widgets": [1,]}', /d\.json is no JSON: line 1, column 16: expected a value/],
    ['another document', '{"a": 1}', /d\.json is none of these: the body of a dashboard/],
    ['nothing', '', /d\.json is none of these/],
    ['JSON nested without end', '['.repeat(200_000), /nested too deep/],
  ])('ends with 2 for %s', async (_name, text, told) => {
    expect(await migrate(text)).toEqual({ code: 2, out: '', told: expect.stringMatching(told) });
  });
});

describe('a map', () => {
  const metric = (name: string, namespace = 'N') => ({ namespace, name });
  const entries = (...pairs: [string, string][]) => pairs.map(([from, to]) => ({ from: metric(from), to: metric(to) }));
  const dashboard = JSON.stringify({ widgets: [{ properties: { metrics: [['N', 'a'], ['N', 'b']] } }] });

  test.each([
    ['a chain', entries(['a', 'b'], ['b', 'c']), /N a becomes N b, which itself becomes N c\. .*Name the last one at once: N a to N c/],
    ['a swap', entries(['a', 'b'], ['b', 'a']), /Two names cannot be swapped/],
    ['two new names', entries(['a', 'b'], ['a', 'c']), /entry 1 renames N a to N c, and an earlier one to N b/],
    ['no list', {}, /map\.json is no map of metrics\. A map is \[/],
    ['no name', [{ from: { namespace: 'N' }, to: metric('b') }], /entry 0 has nothing for from\.name/],
    ['a name that CloudWatch does not take', entries(['a', 'é']), /entry 0 has "é" for to\.name/],
    ['a namespace with a colon in front', [{ from: metric('a'), to: metric('b', ':N') }], /entry 0 has ":N" for to\.namespace/],
    ['no JSON', '[', /map\.json is no JSON/],
  ])('with %s is refused', async (_name, map, told) => {
    expect(await migrate(dashboard, map)).toEqual({ code: 2, out: '', told: expect.stringMatching(told) });
  });

  test('takes the same entry twice, one that changes nothing, and further keys', async () => {
    const map = [...entries(['a', 'x'], ['a', 'x'], ['b', 'b']), { ...entries(['c', 'y'])[0], note: 'by hand' }];
    expect(await migrate(dashboard, map)).toMatchObject({ code: 0, out: dashboard.replace('"a"', '"x"') });
  });

  test('that makes two metrics one works, and says that no map leads back', async () => {
    const { out, told } = await migrate(dashboard, entries(['a', 'x'], ['b', 'x']));
    expect(out).toBe(dashboard.replace('"a"', '"x"').replace('"b"', '"x"'));
    expect(told).toContain('Keep the old file: no map leads back: N a and N b become N x.');
  });

  test('whose new name is in the document already says so', async () => {
    const { told } = await migrate(dashboard, entries(['a', 'b']));
    expect(told).toContain('Keep the old file: the inverse map would not give the same text: line 1');
  });
});
