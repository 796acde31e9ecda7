import { MODEL_LIFECYCLE } from './data';
import { withoutContextSize } from './known-models';
import { ModelsFile } from './models-file';

/** When a model grows old; each date is a day, as in `2026-09-10`. */
export interface ModelLifecycle {
  /** From this day on AWS asks its users to move on. */
  readonly legacy?: string;
  /** From this day on a legacy model costs more. */
  readonly extendedAccess?: string;
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

/** The same in a Region: what the account says of it there, with the contract's successor; else what the contract says. */
export function tryModelLifecycleIn(region: string, id: string, file: ModelsFile | undefined): ModelLifecycle | undefined {
  const tabulated = tryModelLifecycle(id);
  const { models = {}, syncedOn } = file?.tryRegion(region) ?? {};
  const said = [id, withoutContextSize(id)].filter(name => Object.hasOwn(models, name)).map(name => models[name])[0];
  if (!said) return tabulated;
  const { status, legacy = status === 'LEGACY' ? syncedOn : undefined, extendedAccess, endOfLife } = said;
  return { legacy, extendedAccess, endOfLife, successor: tabulated?.successor, regions: [region] };
}

/** What a model is on a day; undefined while it is active. */
export function tryModelAge({ legacy, endOfLife }: ModelLifecycle, day: string): ModelAge | undefined {
  if (endOfLife !== undefined && endOfLife <= day) return 'ended';
  return legacy !== undefined && legacy <= day ? 'legacy' : undefined;
}
