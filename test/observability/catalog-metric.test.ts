import { readFileSync } from 'fs';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { Unit } from 'aws-cdk-lib/aws-cloudwatch';
import * as fc from 'fast-check';
import { CatalogMetric, Standards } from '../../src';

interface Entry { id: string; constant: string; area: string; name: string; dimensions: string[]; rollups: string[][] }
const catalog: { metrics: Entry[] } = JSON.parse(readFileSync(join(__dirname, '../../contract/metric-catalog.json'), 'utf8'));

function scope(): Stack {
  const stack = new Stack(new App(), 'Stack');
  Standards.apply(stack, { product: 'MangaAssist', environment: 'prod', checks: false });
  return stack;
}

test.each(catalog.metrics)('$id has a constant of its own and keeps the catalogue\'s names', entry => {
  const metric = (CatalogMetric as unknown as Record<string, CatalogMetric>)[entry.constant];
  expect(metric.id).toBe(entry.id);
  expect(metric.namespace(scope())).toBe(`MangaAssist/${entry.area}`);
  expect(metric.metricName).toBe(entry.name);
});

test.each(catalog.metrics.flatMap(entry => [entry.dimensions, ...entry.rollups].map(set => ({ id: entry.id, set }))))(
  '$id can be read with the emitted dimension set $set', ({ id, set }) => {
    const metric = CatalogMetric.catalog().find(candidate => candidate.id === id)!;
    const dimensions = Object.fromEntries(set.filter(name => name !== 'environment').map(name => [name, 'x']));
    const { dimensions: read } = metric.metric(scope(), { dimensions });
    expect(Object.keys(read!).sort()).toEqual([...set].sort());
  });

test('a dimension set that nobody emits is an error that lists the emitted ones', () => {
  expect(() => CatalogMetric.BEDROCK_INVOCATION_COUNT.metric(scope(), { dimensions: { model: 'x' } }))
    .toThrow(/would never see data[^]*\[service_name, environment\], \[environment\]/);
});

test('counts are summed and times read at the 99th percentile unless told', () => {
  expect(CatalogMetric.ERROR_COUNT.metric(scope()).statistic).toBe('Sum');
  expect(CatalogMetric.LATENCY_END_TO_END_MS.metric(scope()).statistic).toBe('p99');
  expect(CatalogMetric.LATENCY_END_TO_END_MS.metric(scope(), { statistic: 'Average' }).statistic).toBe('Average');
});

test('a team\'s metric takes any name', () => {
  const metric = CatalogMetric.team('CoverClicks', { area: 'Shop', unit: Unit.COUNT });
  const read = metric.metric(scope(), { serviceName: 'shop' });
  expect([read.namespace, read.metricName, read.dimensions]).toEqual([
    'MangaAssist/Shop',
    'CoverClicks',
    { service_name: 'shop', environment: 'prod' },
  ]);
});

test('two metrics of teams have two ids, wherever area and name meet', () => {
  const idOf = ([area, name]: readonly [string, string]): string => CatalogMetric.team(name, { area }).id;
  expect(idOf(['CacheUser', 'Hits'])).not.toBe(idOf(['Cache', 'UserHits']));
  const text = fc.string({ unit: fc.constantFrom('A', 'b', '.', '-', '_', '/', '%', '2', 'f'), minLength: 1, maxLength: 5 });
  fc.assert(fc.property(fc.tuple(text, text), fc.tuple(text, text), (one, other) =>
    (idOf(one) === idOf(other)) === (one.join('\n') === other.join('\n'))), { numRuns: 5000 });
});

test('no metric of a team has the id of one of the catalogue', () => {
  const ids = CatalogMetric.catalog().map(metric => metric.id);
  for (const { area, metricName } of CatalogMetric.catalog()) expect(ids).not.toContain(CatalogMetric.team(metricName, { area }).id);
});
