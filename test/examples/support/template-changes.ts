import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { templateDifferences } from '../../../build-tools/testing/templates';

interface Resource { readonly Type: string; readonly Properties?: Record<string, unknown> }

/** A template as it was written. */
export interface WrittenTemplate { readonly Resources: Record<string, Resource> }

/** What an update of a stack does to its resources, each as `Type LogicalId`. */
export interface TemplateChanges {
  readonly added: string[];
  readonly changed: string[];
  readonly removed: string[];
  /** CloudFormation makes another one, for another type or for a property that only a new resource takes: `Type LogicalId: Property`. */
  readonly replaced: string[];
}

const specification = loadAwsServiceSpecSync();

export function changesBetween(before: WrittenTemplate, after: WrittenTemplate): TemplateChanges {
  const named = (template: WrittenTemplate, id: string): string => `${template.Resources[id].Type} ${id}`;
  const [old, fresh] = [Object.keys(before.Resources), Object.keys(after.Resources)];
  const both = old.filter(id => id in after.Resources).map(id => ({
    name: named(after, id),
    properties: changedProperties(before.Resources[id], after.Resources[id]),
    replacing: replacingProperties(before.Resources[id], after.Resources[id]),
  }));
  return {
    added: fresh.filter(id => !(id in before.Resources)).map(id => named(after, id)),
    changed: both.filter(({ properties }) => properties.length > 0).map(({ name }) => name),
    removed: old.filter(id => !(id in after.Resources)).map(id => named(before, id)),
    replaced: both.flatMap(({ name, replacing }) => replacing.map(property => `${name}: ${property}`)),
  };
}

function replacingProperties(before: Resource, after: Resource): string[] {
  if (before.Type !== after.Type) return ['Type'];
  const [type] = specification.lookup('resource', 'cloudFormationType', 'equals', after.Type);
  return changedProperties(before, after).filter(property => (type?.properties[property]?.causesReplacement ?? 'no') !== 'no');
}

/** The names of the properties that differ; where code was zipped to is no difference. */
function changedProperties(before: Resource, after: Resource): string[] {
  const differences = templateDifferences(JSON.stringify(before), JSON.stringify(after));
  const names = differences.map(difference => /^\/(?:Properties\/)?([^/:]+)/.exec(difference)![1]);
  return [...new Set(names)];
}
