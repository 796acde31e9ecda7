import type { Finding, Inspected } from './registry/finding';
import { Release } from '../../src/contract/prompts/statements';

/** For a terminal: what each environment serves, and below it what is wrong. */
export function inspectedText(inspected: readonly Inspected[]): string {
  if (inspected.length === 0) return 'The registry knows no prompt.';
  const lines = inspected.flatMap(one => [
    `${one.environment}: ${servedText(one)}`,
    ...one.findings.flatMap(findingLines),
    ...noteLines(one),
  ]);
  return [...lines, '', sumText(inspected)].join('\n');
}

export function inspectedJson(inspected: readonly Inspected[]): string {
  return JSON.stringify({
    ok: inspected.every(({ findings }) => findings.length === 0),
    prompts: inspected.map(({ environment, id, deployment, findings, warnings, waitingEvents }) => ({
      environment,
      id,
      ...deployment && {
        sequence: deployment.sequence,
        active: releaseJson(deployment.active),
        ...deployment.candidate && { candidate: { ...releaseJson(deployment.candidate), percent: deployment.candidate.percent } },
        by: deployment.by,
        time: deployment.time,
      },
      findings,
      warnings,
      waitingEvents,
    })),
  }, null, 2);
}

export function sumText(inspected: readonly Inspected[]): string {
  const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;
  const prompts = new Set(inspected.map(({ id }) => id)).size;
  const environments = new Set(inspected.map(({ environment }) => environment)).size;
  const [errors, warnings] = [inspected.flatMap(({ findings }) => findings), inspected.flatMap(({ warnings: told }) => told)];
  return `${count(prompts, 'prompt')} in ${count(environments, 'environment')}: `
    + `${count(errors.length, 'error')}, ${count(warnings.length, 'warning')}`;
}

function servedText({ id, deployment, findings }: Inspected): string {
  if (!deployment) return findings.length > 0 ? `${id} serves nothing that the registry signed` : `${id} is not deployed`;
  const { active, candidate, sequence } = deployment;
  return `${id} ${active.version}${candidate ? `, and ${candidate.version} for ${candidate.percent} % of the sessions` : ''} `
    + `(deployment ${sequence})`;
}

export function findingLines({ code, message, activeHash, registryHash }: Finding): string[] {
  const hashes = [['served', activeHash], ['registry', registryHash]].filter(([, hash]) => hash !== undefined);
  return [`  error ${code}: ${plain(message)}`, ...hashes.map(([name, hash]) => `    ${name}: ${hash}`)];
}

/** What is no finding, and worth to know. */
export function noteLines({ warnings, waitingEvents }: Inspected): string[] {
  const waiting = `  events that were not told yet: ${waitingEvents}; the audit, or the next command, tells them`;
  return [...warnings.map(warning => `  warning: ${plain(warning)}`), ...waitingEvents > 0 ? [waiting] : []];
}

/** Keys and items may be anybody's, and a terminal obeys some of their characters. */
export function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}

function releaseJson({ version, template_hash, compiled_hash }: Release) {
  return { version, templateHash: template_hash, compiledHash: compiled_hash };
}
