import { PHYSICAL_NAMES } from './data';

/** The environment whose resources are named. */
export interface NamedEnvironment {
  readonly product: string;
  readonly environment: string;
  /** Whether names leave the environment out. */
  readonly isProduction: boolean;
}

/** A property that names a resource outside its stack, and where AWS takes a name once only. */
export interface NameProperty {
  readonly type: string;
  readonly property: string;
  readonly within: 'region' | 'account';
  /** The type that takes its names from the same place. */
  readonly sharesNamesWith?: string;
}

/** The properties that name resources, by resource type. */
export const NAME_PROPERTIES: ReadonlyMap<string, NameProperty> = new Map(
  PHYSICAL_NAMES.named.map(named => [named.type, named]),
);

/** Whether an environment of this name is production unless something else is said: prod or production, in any case. */
export function isProductionName(environment: string): boolean {
  return (PHYSICAL_NAMES.productionEnvironments as readonly string[]).includes(environment.toLowerCase());
}

/** The name of a resource: `MangaAssist-chat-…` in production, `MangaAssist-staging-chat-…` elsewhere; without undefined parts. */
export function physicalName({ product, environment, isProduction }: NamedEnvironment, ...parts: readonly (string | undefined)[]): string {
  return [product, isProduction ? undefined : environment, ...parts].filter(part => part !== undefined).join('-');
}
