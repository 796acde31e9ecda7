import { MODEL_LIFECYCLE } from '../../src/contract/data';
import { tryModelAge, tryModelLifecycle } from '../../src/contract/model-lifecycle';
import { isFoundationModelId } from '../../src/contract/model-reference';
import { isRegion } from '../../src/contract/regions';

const models: [string, { legacy: string; endOfLife: string; successor?: string; regions?: readonly string[] }][] =
  Object.entries(MODEL_LIFECYCLE.models);

test.each(models)('%s is legacy before its end, under a name and in Regions that exist', (id, lifecycle) => {
  const { legacy, endOfLife, successor, regions = [] } = lifecycle;
  expect(isFoundationModelId(id)).toBe(true);
  expect(legacy < endOfLife).toBe(true);
  expect(new Date(legacy).toISOString().slice(0, 10)).toBe(legacy);
  expect(new Date(endOfLife).toISOString().slice(0, 10)).toBe(endOfLife);
  expect(successor === undefined || isFoundationModelId(successor)).toBe(true);
  expect(regions.filter(region => !isRegion(region))).toEqual([]);
});

test('no successor grows old itself', () => {
  expect(models.flatMap(([, { successor }]) => (successor && tryModelLifecycle(successor) ? [successor] : []))).toEqual([]);
});

test.each([
  ['2026-03-09', undefined],
  ['2026-03-10', 'legacy'],
  ['2026-09-09', 'legacy'],
  ['2026-09-10', 'ended'],
])('on %s a model with the dates 2026-03-10 and 2026-09-10 is %s', (day, age) => {
  expect(tryModelAge({ legacy: '2026-03-10', endOfLife: '2026-09-10' }, day)).toBe(age);
});

test('a model is found by its id with and without the size of its context, and no other by a part of its id', () => {
  expect(tryModelLifecycle('amazon.nova-premier-v1:0:mm')).toBe(MODEL_LIFECYCLE.models['amazon.nova-premier-v1:0']);
  expect(tryModelLifecycle('amazon.nova-premier-v1')).toBeUndefined();
  expect(tryModelLifecycle('amazon.nova-premier-v1:1')).toBeUndefined();
});
