import { Permit } from './permits';
import { AccessRequest } from './simulation';

/** Whether the table allows the request. */
export function isPermitted(permits: readonly Permit[], { action, resource, context }: AccessRequest): boolean {
  return permits.some(permit => permit.actions.includes(action) && isResourceOf(permit, resource)
    && Object.entries(permit.context ?? {}).every(([key, value]) => isValueOf([value].flat(), context?.[key]))
    && Object.entries(permit.unlessOther ?? {}).every(([key, value]) =>
      context?.[key] === undefined || isValueOf([value].flat(), context[key])));
}

function isResourceOf({ resource, openEnded }: Permit, requested: string): boolean {
  return openEnded ? requested.startsWith(resource.slice(0, resource.lastIndexOf('/') + 1)) : requested === resource;
}

/** A folder stands for everything in it. */
function isValueOf(allowed: string[], requested: string | string[] | undefined): boolean {
  return typeof requested === 'string' && allowed.some(value => (value.endsWith('/') ? requested.startsWith(value) : requested === value));
}

/** The request that a permit is for. */
export function requestOf({ resource, context }: Permit, action: string): AccessRequest {
  const values = Object.entries(context ?? {}).map(([key, value]) => [key, [value].flat()[0]]);
  return { action, resource, context: Object.fromEntries(values) };
}
