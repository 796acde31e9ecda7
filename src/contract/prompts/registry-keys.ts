import { PROMPT_REGISTRY } from '../data';

const { objects, table } = PROMPT_REGISTRY;

/** A key of the registry's table. */
export interface TableKey {
  readonly pk: string;
  readonly sk: string;
}

/** A version of a prompt. */
export interface VersionName {
  readonly id: string;
  readonly version: string;
}

/** A prompt in an environment. */
export interface Placed {
  readonly environment: string;
  readonly id: string;
}

/** Where in the bucket a published version is. */
export function versionObject({ id, version }: VersionName): string {
  return filled(objects.version, { prompt_id: id, version });
}

/** Where in the bucket an environment's copy of a version is. */
export function environmentObject({ environment, id, version }: Placed & VersionName): string {
  return filled(objects.environment, { environment, prompt_id: id, version });
}

/** What the keys of an environment's copies of a prompt begin with. */
export function environmentPrefix({ environment, id }: Placed): string {
  return filled(objects.environment, { environment, prompt_id: id, version: '' }).replace(/[^/]*$/, '');
}

/** Where in the bucket a deployment is, as it was put into the table. */
export function deploymentObject({ environment, id, sequence }: Placed & { readonly sequence: number }): string {
  return filled(objects.deployment, { environment, prompt_id: id, sequence: sequenceText(sequence) });
}

/** What the keys of all deployments of a prompt in an environment begin with. */
export function deploymentPrefix({ environment, id }: Placed): string {
  return filled(objects.deployment, { environment, prompt_id: id, sequence: '' }).replace(/[^/]*$/, '');
}

/** The partition of a prompt's versions, approvals and gates. */
export function promptPartition(id: string): string {
  return filled(table.prompt, { prompt_id: id });
}

/** The partition of a prompt in an environment: the only one of it that its services may read. */
export function deployedPartition({ environment, id }: Placed): string {
  return filled(table.deployed, { environment, prompt_id: id });
}

export function recordKey({ id, version }: VersionName): TableKey {
  return { pk: promptPartition(id), sk: filled(table.record, { version }) };
}

export function gatesKey({ id, version }: VersionName): TableKey {
  return { pk: promptPartition(id), sk: filled(table.gates, { version }) };
}

/** Who approved as what: one reviewer may have two roles, and says yes once in each. */
export function approvalKey({ id, version, role, reviewer }: VersionName & { readonly role: string; readonly reviewer: string }): TableKey {
  return { pk: promptPartition(id), sk: filled(table.approval, { version, role, reviewer }) };
}

/** What the sort keys of all approvals of a version begin with. */
export function approvalPrefix(version: string): string {
  return filled(table.approval, { version, role: '', reviewer: '' }).replace(/#+$/, '#');
}

/** The deployment that an environment has now. */
export function currentKey(placed: Placed): TableKey {
  return { pk: deployedPartition(placed), sk: table.current };
}

/** The event of a deployment, which is written with it. */
export function eventKey({ sequence, ...placed }: Placed & { readonly sequence: number }): TableKey {
  return { pk: deployedPartition(placed), sk: filled(table.event, { sequence: sequenceText(sequence) }) };
}

/** With so many digits that texts sort as numbers do. */
export function sequenceText(sequence: number): string {
  return String(sequence).padStart(objects.sequenceDigits, '0');
}

function filled(pattern: string, values: Readonly<Record<string, string>>): string {
  return pattern.replace(/\{(\w+)\}/g, (_place, name: string) => values[name]);
}
