/** As much of a CloudFormation template as the local copy changes. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly [section: string]: unknown;
}

interface Resource {
  readonly Type: string;
  readonly DependsOn?: string | readonly string[];
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

/** A resource that is part of the product and not of the local deployment. */
export interface LeftOut {
  readonly logicalId: string;
  readonly type: string;
}

export interface LocalTemplate {
  readonly template: Template;
  readonly leftOut: readonly LeftOut[];
}

/** What stands where a value of a resource was that is not deployed locally. */
export const PLACEHOLDER = 'not-deployed-locally';

/**
 * A template that the emulator takes: one unknown resource type would make it reject the whole stack.
 *
 * What refers to a resource that is left out gets a placeholder, so that everything else stays as it is.
 */
export function localTemplate(template: Template, knownTypes: ReadonlySet<string>): LocalTemplate {
  const leftOut = Object.entries(template.Resources)
    .filter(([, resource]) => !isDeployable(resource, knownTypes))
    .map(([logicalId, { Type }]) => ({ logicalId, type: Type }));
  const gone = new Set(leftOut.map(({ logicalId }) => logicalId));
  const kept = Object.fromEntries(Object.entries(template.Resources)
    .filter(([logicalId]) => !gone.has(logicalId))
    .map(([logicalId, resource]) => [logicalId, withoutDependenciesOn(gone, resource)]));
  return { template: withoutReferencesTo(gone, { ...template, Resources: kept }) as Template, leftOut };
}

function isDeployable({ Type, Properties }: Resource, knownTypes: ReadonlySet<string>): boolean {
  if (Type.startsWith('Custom::')) return true;
  // The emulator knows alarms on one metric only.
  if (Type === 'AWS::CloudWatch::Alarm' && Properties?.Metrics !== undefined) return false;
  return knownTypes.has(Type);
}

function withoutDependenciesOn(gone: ReadonlySet<string>, { DependsOn, ...resource }: Resource): Resource {
  const left = (typeof DependsOn === 'string' ? [DependsOn] : DependsOn ?? []).filter(logicalId => !gone.has(logicalId));
  return left.length > 0 ? { ...resource, DependsOn: left } as unknown as Resource : resource as unknown as Resource;
}

function withoutReferencesTo(gone: ReadonlySet<string>, value: unknown): unknown {
  if (Array.isArray(value)) return value.map(item => withoutReferencesTo(gone, item));
  if (typeof value !== 'object' || value === null) return value;
  const referred = referredResource(value as Record<string, unknown>);
  if (referred !== undefined && gone.has(referred)) return placeholderFor(referred);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) =>
    [key, key === 'Fn::Sub' ? withoutSubstitutionsOf(gone, inner) : withoutReferencesTo(gone, inner)]));
}

function referredResource(value: Record<string, unknown>): string | undefined {
  if (Object.keys(value).length !== 1) return undefined;
  if (typeof value.Ref === 'string') return value.Ref;
  const attribute = value['Fn::GetAtt'];
  if (typeof attribute === 'string') return attribute.split('.')[0];
  return Array.isArray(attribute) && typeof attribute[0] === 'string' ? attribute[0] : undefined;
}

function withoutSubstitutionsOf(gone: ReadonlySet<string>, value: unknown): unknown {
  if (typeof value === 'string') return substituted(gone, value, {});
  if (!Array.isArray(value) || typeof value[0] !== 'string') return withoutReferencesTo(gone, value);
  const [text, variables] = value as [string, Record<string, unknown> | undefined];
  return [substituted(gone, text, variables ?? {}), withoutReferencesTo(gone, variables ?? {})];
}

function substituted(gone: ReadonlySet<string>, text: string, variables: Record<string, unknown>): string {
  return text.replace(/\$\{([^!}][^}]*)\}/g, (whole, name: string) => {
    const [logicalId] = name.split('.');
    return gone.has(logicalId) && !Object.hasOwn(variables, name) ? placeholderFor(logicalId) : whole;
  });
}

/** What stands where the name or another value of the resource was. */
export function placeholderFor(logicalId: string): string {
  return `${PLACEHOLDER}-${logicalId}`;
}
