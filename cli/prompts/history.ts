import { readFileSync } from 'fs';
import { CallLine, parseCallLine } from './log-line';
import type { History } from './registry/history';
import { Refused } from './registry/refused';
import type { ServedRequest } from './registry/served-request';
import { AccessOptions, namedEnvironments, requireName, withRegistry } from './registry-access';
import { plain } from './report-inspected';
import { PROMPT_REGISTRY } from '../../src/contract/data';
import { releasesOf } from '../../src/contract/prompts/judged-deployment';
import { Deployment } from '../../src/contract/prompts/statements';
import { Console } from '../system/console';
import { CouldNotRun } from '../system/could-not-run';

export interface HistoryOptions extends AccessOptions {
  readonly environment?: readonly string[];
  readonly line?: string;
  readonly json?: boolean;
}

const SANDBOX: string = PROMPT_REGISTRY.ungatedEnvironments[0];

/** `plumbline prompts history`: 1 when a copy of the history is forged, or when a line says what the registry does not know. */
export async function history(id: string | undefined, options: HistoryOptions, console: Console): Promise<number> {
  if ((id === undefined) === (options.line === undefined)) throw new CouldNotRun('Name either a prompt, or a log line by --line.');
  return id === undefined ? historyOfLine(options, console) : historyOfPrompt(id, options, console);
}

interface Row { readonly environment: string; readonly deployment: Deployment; readonly isServing: boolean }

async function historyOfPrompt(id: string, options: HistoryOptions, { print, tell }: Console): Promise<number> {
  requireName(id);
  const { chosen, environment } = namedEnvironments(options.environment);
  const histories = await withRegistry(options, environment, registry => registry.history(id, chosen ?? registry.environments));
  const rows = histories.flatMap(rowsOf).sort((one, other) => compare(other.deployment, one.deployment));
  const faults = histories.flatMap(({ faults: found }) => found);
  faults.forEach(fault => tell(`error: ${plain(fault)}.`));
  print(options.json ? JSON.stringify({ deployments: rows.map(rowJson), faults }, null, 2)
    : rows.length === 0 ? `${id} was never deployed.` : rows.flatMap(rowText).join('\n'));
  return faults.length > 0 ? 1 : 0;
}

function rowsOf({ environment, deployments, served }: History): Row[] {
  return deployments.map(deployment => ({ environment, deployment, isServing: deployment.sequence === served }));
}

function compare(one: Deployment, other: Deployment): number {
  return Date.parse(one.time) - Date.parse(other.time) || one.sequence - other.sequence;
}

function rowText({ environment, deployment, isServing }: Row): string[] {
  const { time, sequence, active, candidate, reason, by, revoked } = deployment;
  return [
    `${time}  ${environment} ${sequence}: ${active.version}${candidate ? `, and ${candidate.version} for ${candidate.percent} %` : ''}`
      + `${isServing ? '  (serves now)' : ''}`,
    ...reason === undefined ? [] : [`  rolled back: ${plain(reason)}`],
    `  by ${plain(by)}`,
    ...releasesOf(deployment).map(one => `  ${one.version}  template ${one.template_hash}  compiled ${one.compiled_hash}`),
    ...revoked.map(hash => `  revoked   template ${hash}`),
  ];
}

function rowJson({ deployment: { signature: _signature, kind: _kind, ...deployment }, isServing }: Row): object {
  return { ...deployment, serves_now: isServing };
}

async function historyOfLine(options: HistoryOptions, console: Console): Promise<number> {
  const text = options.line === '-' ? console.input?.() ?? readFileSync(0, 'utf8') : options.line!;
  const line = parseCallLine(text);
  requireName(line.promptId, line.version);
  try {
    const sandbox = line.environment === SANDBOX ? SANDBOX : undefined;
    const served = await withRegistry(options, sandbox, registry => registry.servedRequest(line));
    console.print(options.json ? JSON.stringify(servedJson(line, served), null, 2) : servedText(line, served));
    return served.faults.length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    console.tell(error.message);
    return 1;
  }
}

function servedText({ promptId, version, environment, time, service, requestId }: CallLine, served: ServedRequest): string {
  const { templateHash, published, approvals, deployment, as, faults, notes } = served;
  const { by, sequence, time: since, candidate } = deployment ?? {};
  return [
    `${promptId} ${version}${requestId === undefined ? '' : ` answered request ${plain(requestId)}`}`
      + `${service === undefined ? '' : ` of ${plain(service)}`} at ${time.toISOString()}`,
    `  template hash  ${templateHash}`,
    `  published      ${published.time} by ${plain(published.author)}`,
    ...approvals.map(({ reviewer, role, time: when }) => `  approved       ${when} by ${plain(reviewer)} as ${role}`),
    ...deployment ? [`  in ${environment}  since ${since} by ${plain(by!)}, deployment ${sequence}`
      + `${as === 'candidate' ? `, as candidate for ${candidate!.percent} %` : ''}`] : [],
    ...notes.map(note => `  note: ${note}`),
    ...faults.map(fault => `  error: ${plain(fault)}`),
  ].join('\n');
}

function servedJson({ promptId, version, environment, time, requestId }: CallLine, { deployment, ...served }: ServedRequest): object {
  const { sequence, by, time: since } = deployment ?? {};
  return {
    promptId,
    version,
    environment,
    time,
    requestId,
    ok: served.faults.length === 0,
    ...served,
    ...deployment && { deployment: { sequence, by, time: since } },
  };
}
