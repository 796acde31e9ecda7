import { MODEL_LIFECYCLE } from './data';

/** When a model grows old; each date is a day, as in `2026-09-10`. */
export interface ModelLifecycle {
  /** From this day on AWS asks its users to move on. */
  readonly legacy?: string;
  /** From this day on requests fail. */
  readonly endOfLife?: string;
  readonly successor?: string;
  /** Where the dates hold; in every Region without it. */
  readonly regions?: readonly string[];
}

/** What a day makes of a model that grows old. */
export type ModelAge = 'legacy' | 'ended';

/** The dates of a foundation model, in the contract's table; undefined for one that is not in it. */
export function tryModelLifecycle(id: string): ModelLifecycle | undefined {
  const models: Readonly<Record<string, ModelLifecycle>> = MODEL_LIFECYCLE.models;
  return models[withoutContextSize(id)];
}

/** What a model is on a day; undefined while it is active. */
export function tryModelAge({ legacy, endOfLife }: ModelLifecycle, day: string): ModelAge | undefined {
  if (endOfLife !== undefined && endOfLife <= day) return 'ended';
  return legacy !== undefined && legacy <= day ? 'legacy' : undefined;
}

/** `amazon.nova-lite-v1:0:300k` is `amazon.nova-lite-v1:0` with another context size. */
function withoutContextSize(id: string): string {
  return id.replace(/(:[0-9]+):[a-z0-9]+$/, '$1');
}
