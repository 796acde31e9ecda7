import type { BypassException, WatchedService } from './detector-input';
import type { Row } from './insights-query';
import { OPERATIONS } from '../../../src/contract/data';

/** Calls past the standard by one caller, to one model, as one source shows them. */
export interface Bypass {
  readonly service: string;
  /** The role that called, where the invocation log says so. */
  readonly role?: string;
  readonly source: 'service_logs' | 'invocation_log';
  readonly calls: number;
  readonly first?: string;
  readonly last?: string;
  /** The log group, or who called which model. */
  readonly evidence: string;
}

/** All calls past the standard of one service. */
export interface Finding {
  readonly service: string;
  readonly calls: number;
  readonly bypasses: readonly Bypass[];
}

/** The lines of the services' own logs. A line says whose it is; else its log group does. */
export function inServiceLogs(rows: readonly Row[], services: readonly WatchedService[]): Bypass[] {
  return rows.map(row => {
    // As `account:name`.
    const logGroup = (row['@log'] ?? '').replace(/^\d+:/, '');
    const owner = services.find(({ logGroup: own }) => own === logGroup)?.service;
    const named = services.some(({ service }) => service === row.service_name) ? row.service_name : undefined;
    return {
      service: named ?? owner ?? OPERATIONS.bypassDetection.unknownService,
      source: 'service_logs',
      ...countOf(row),
      evidence: `log group ${logGroup}: calls without a client of the standard`,
    };
  });
}

/** The entries of the account's log of model invocations. */
export function inInvocationLog(rows: readonly Row[], services: readonly WatchedService[]): Bypass[] {
  return rows.map(row => {
    const { role, session } = identityOf(row['identity.arn'] ?? '');
    return {
      service: serviceOf(role, session, services) ?? OPERATIONS.bypassDetection.unknownService,
      role,
      source: 'invocation_log',
      ...countOf(row),
      evidence: `${row.operation} of ${row.modelId} by ${row['identity.arn'] || 'nobody known'}`,
    };
  });
}

/** By service, those without any left out. The calls that an exception of today allows are apart. */
export function findingsOf(bypasses: readonly Bypass[], exceptions: readonly BypassException[], today: string) {
  const inForce = exceptions.filter(({ until }) => today <= until);
  const isExcepted = ({ service, role }: Bypass): boolean =>
    inForce.some(exception => exception.service !== undefined ? exception.service === service : exception.role === role);
  return { findings: byService(bypasses.filter(bypass => !isExcepted(bypass))), excepted: byService(bypasses.filter(isExcepted)) };
}

function byService(bypasses: readonly Bypass[]): Finding[] {
  const services = [...new Set(bypasses.map(({ service }) => service))].sort();
  return services.map(service => {
    const own = bypasses.filter(bypass => bypass.service === service).sort((one, other) => other.calls - one.calls);
    return { service, calls: callsOf(own), bypasses: own };
  });
}

/** A call that both sources show is one call: the invocation log has each, a service's log perhaps some of them. */
function callsOf(bypasses: readonly Bypass[]): number {
  const bySource = (source: Bypass['source']): number =>
    bypasses.filter(bypass => bypass.source === source).reduce((sum, { calls }) => sum + calls, 0);
  return Math.max(bySource('service_logs'), bySource('invocation_log'));
}

function countOf({ calls, first, last }: Row): Pick<Bypass, 'calls' | 'first' | 'last'> {
  return { calls: Number(calls) || 0, first: timeOf(first), last: timeOf(last) };
}

/** Insights gives the least and the greatest time in milliseconds since 1970. */
function timeOf(given: string | undefined): string | undefined {
  return given && /^\d+(\.\d+)?(E\d+)?$/.test(given) ? new Date(Number(given)).toISOString() : given || undefined;
}

/** `arn:aws:sts::111122223333:assumed-role/name/session`; the session of a function is its name. */
function identityOf(arn: string): { role?: string; session?: string } {
  const [, role, session] = /:assumed-role\/([^/]+)\/(.*)$/.exec(arn) ?? [];
  return role ? { role, session } : { role: arn.split(':').slice(5).join(':') || undefined };
}

/** Services that share a role are told apart by their functions. */
function serviceOf(role: string | undefined, session: string | undefined, services: readonly WatchedService[]): string | undefined {
  const ofRole = services.filter(service => service.role === role);
  return (ofRole.find(({ fn }) => fn === session) ?? services.find(({ fn }) => fn === session) ?? ofRole[0])?.service;
}
