import type { Context } from 'aws-lambda';
import { audit, type AuditResult } from './audit';
import { type AuditInput, requireInput } from './audit-input';
import type { Finding, Served } from './findings';
import { notify } from './notifications';
import { PROMPT_REGISTRY, RUNTIME_ENVIRONMENT } from '../../../src/contract/data';
import { emitMetric, logger } from '../../node';

const { logEvents: LOG_EVENTS, promptsPerReportLine: PER_LINE, everyEnvironment: EVERY } = PROMPT_REGISTRY.driftAudit;
const MAX_TOLD = 20;
const { product, environment: own } = RUNTIME_ENVIRONMENT.variables;
const PRODUCT = process.env[product.name] ?? 'Plumbline';
const ENVIRONMENT = process.env[own.name] ?? 'unknown';

/** Compares what each environment serves with what the registry has published: counts, reports, and tells of each prompt once. */
export const handler = async (event: unknown, context: Context): Promise<{ findings: readonly Finding[] }> => {
  const input = requireInput(event);
  const where = `${PRODUCT} ${ENVIRONMENT} ${context.invokedFunctionArn.split(':')[4]}`;
  const result = await audit(input, () => context.getRemainingTimeInMillis());
  for (const finding of result.findings) logger.error(LOG_EVENTS.diverged, { ...finding });
  report(input, result.served);
  const untold = input.topicArn ? await notify(input.topicArn, result.findings, result.served, where) : [];
  count(input, result);
  requireComplete([...result.incomplete, ...untold]);
  return { findings: result.findings };
};

/** What each environment serves, in lines that Lambda does not cut. */
function report({ environments }: AuditInput, served: readonly Served[]): void {
  for (const environment of environments) {
    const prompts = served.filter(one => one.environment === environment).map(({ environment: _same, ...prompt }) => prompt);
    const parts = Math.max(1, Math.ceil(prompts.length / PER_LINE));
    for (let part = 0; part < parts; part += 1) {
      const serves = prompts.slice(part * PER_LINE, (part + 1) * PER_LINE);
      logger.info(LOG_EVENTS.report, { audited: environment, part: part + 1, parts, prompts: prompts.length, serves });
    }
  }
}

/**
 * Zero, too, but only of an audit that saw all: a count that comes only when there is something to count looks the same as an audit that
 * never ran. What is wrong with a version itself counts in each environment, for it may come to each.
 */
function count({ audit: service_name, environments }: AuditInput, { findings, incomplete }: AuditResult): void {
  for (const environment of environments) {
    const of = findings.filter(finding => finding.environment === environment || finding.environment === EVERY);
    const diverged = new Set(of.map(({ prompt_id }) => prompt_id)).size;
    if (diverged > 0 || incomplete.length === 0) emitMetric('PromptDivergedCount', diverged, { service_name, environment });
  }
  if (incomplete.length === 0) emitMetric('PromptAuditCount', 1, { service_name });
}

/** After all is told that was found: what could not be looked at is no good news. */
function requireComplete(missing: readonly string[]): void {
  if (missing.length === 0) return;
  logger.error(LOG_EVENTS.incomplete, { missing: missing.slice(0, MAX_TOLD), more: Math.max(0, missing.length - MAX_TOLD) });
  const told = missing.slice(0, MAX_TOLD).join('; ');
  throw new Error(`The audit of the prompt registry is incomplete: ${told}${missing.length > MAX_TOLD ? '; …' : ''}.`);
}
