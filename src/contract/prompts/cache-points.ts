import { isObject } from './canonical-json';
import { CachePoint, PromptContent } from './prompt-content';

/** A cache point at its place: after the tools, or after the message of this index. */
export interface PlacedCachePoint {
  readonly place: 'tools' | 'system' | 'messages';
  /** -1 for the tools, which a model reads first. */
  readonly index: number;
  readonly ttl?: string;
}

const MEMBERS = ['after', 'ttl'];

/**
 * What is wrong with the cache points of a prompt, whoever wrote them: nothing, when a request can be made of them. Whether the model
 * takes them is another question.
 */
export function findWrongCachePoints(content: PromptContent): string[] {
  const given: unknown = content.cachePoints ?? undefined;
  if (given === undefined) return [];
  if (!Array.isArray(given) || given.length === 0) return ['cachePoints has to be a list, such as [{ after: system }]'];
  return given.flatMap((point: unknown, at) => {
    const fault = faultOf(point, content) ?? (isTwice(given as CachePoint[], at, content) ? 'stands where another one stands' : undefined);
    return fault === undefined ? [] : [`cache point ${at + 1} ${fault}`];
  });
}

/** The cache points in the order in which a model reads them. They have to be right: see `findWrongCachePoints`. */
export function placedCachePoints(content: PromptContent): PlacedCachePoint[] {
  return (content.cachePoints ?? []).map(point => {
    const index = indexOf(point, content);
    const place = index < 0 ? 'tools' as const : content.messages[index].role === 'system' ? 'system' as const : 'messages' as const;
    return { place, index, ...point.ttl !== undefined && { ttl: point.ttl } };
  }).sort((one, other) => ORDER.indexOf(one.place) - ORDER.indexOf(other.place) || one.index - other.index);
}

const ORDER = ['tools', 'system', 'messages'];

function faultOf(point: unknown, content: PromptContent): string | undefined {
  if (!isObject(point) || Object.keys(point).some(name => !MEMBERS.includes(name))) return 'is not { after } or { after, ttl }';
  const { after, ttl } = point;
  if (ttl !== undefined && typeof ttl !== 'string') return 'has a ttl that is no text';
  if (after === 'tools') return hasTools(content) ? undefined : 'stands after tools, and the prompt has none';
  const { messages } = content;
  if (after === 'system') return messages.some(isSystem) ? undefined : 'stands after system, and the prompt has no such message';
  if (!Number.isSafeInteger(after)) return 'has to stand after tools, after system or after the number of a message';
  const isThere = (after as number) >= 1 && (after as number) <= messages.length;
  return isThere ? undefined : `stands after message ${String(after)}, and the prompt has ${messages.length}`;
}

function isTwice(points: readonly CachePoint[], at: number, content: PromptContent): boolean {
  const index = indexOf(points[at], content);
  return points.slice(0, at).some(other => faultOf(other, content) === undefined && indexOf(other, content) === index);
}

function indexOf({ after }: CachePoint, { messages }: PromptContent): number {
  if (after === 'tools') return -1;
  return after === 'system' ? messages.map(isSystem).lastIndexOf(true) : after - 1;
}

function hasTools({ tools }: PromptContent): boolean {
  const list = isObject(tools) ? tools.tools : tools;
  return Array.isArray(list) && list.length > 0;
}

function isSystem({ role }: { readonly role: string }): boolean {
  return role === 'system';
}
