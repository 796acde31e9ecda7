import { CACHE_POINTS } from '../../src/contract/data';
import { tryModelReference } from '../../src/contract/model-reference';
import { findWrongCachePoints, PlacedCachePoint, placedCachePoints } from '../../src/contract/prompts/cache-points';
import { PromptContent } from '../../src/contract/prompts/prompt-content';

const { maxPoints, seconds, defaultTtl, models } = CACHE_POINTS;

interface CachingModel {
  readonly places: readonly string[];
  readonly ttls: readonly string[];
}

/** Why a model would refuse a prompt's cache points; nothing when it takes them. */
export function findRefusedCachePoints(content: PromptContent): string[] {
  const wrong = findWrongCachePoints(content);
  if (wrong.length > 0) return wrong;
  const points = placedCachePoints(content);
  if (points.length === 0) return [];
  return [
    ...points.length > maxPoints ? [`there are ${points.length}, and a request takes ${maxPoints}`] : [],
    ...findUnknownTtls(points),
    ...findRefusedByModel(content.model, points),
  ];
}

function findUnknownTtls(points: readonly PlacedCachePoint[]): string[] {
  const unknown = points.filter(({ ttl = defaultTtl }) => !Object.hasOwn(seconds, ttl));
  if (unknown.length > 0) {
    return unknown.map(({ ttl }) => `the ttl ${JSON.stringify(ttl)} is none. Allowed are ${Object.keys(seconds).join(' and ')}`);
  }
  const lengths = points.map(({ ttl = defaultTtl }) => seconds[ttl as keyof typeof seconds]);
  const isLonger = lengths.some((length, index) => index > 0 && length > lengths[index - 1]);
  return isLonger ? ['a longer ttl stands after a shorter one. A model reads tools, system and messages in this order; give the earlier ' +
    'cache points the longer ttl'] : [];
}

function findRefusedByModel(name: string, points: readonly PlacedCachePoint[]): string[] {
  const id = tryFoundationModel(name);
  if (id === undefined) return [];
  const model: CachingModel | undefined = models.find(({ pattern }) => new RegExp(pattern).test(id));
  if (!model) return [`the model ${id} takes none. Leave cachePoints out, or take one of Claude or Nova that caches`];
  return points.flatMap(({ place, ttl = defaultTtl }) => [
    ...model.places.includes(place) ? [] : [`the model ${id} takes none after ${place}, only after ${model.places.join(' and ')}`],
    ...model.ttls.includes(ttl) ? [] : [`the model ${id} takes no ttl of ${ttl}, only ${model.ttls.join(' and ')}`],
  ]);
}

/** Nothing here tells which model is behind a profile of one's own, a provisioned or a custom one: Bedrock says what it does not take. */
function tryFoundationModel(name: string): string | undefined {
  const model = tryModelReference(name);
  if (!model) return undefined;
  return model.kind === 'foundation-model' ? model.id : model.model;
}
