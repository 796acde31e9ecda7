import type { Context } from 'aws-lambda';
import { type DetectorInput, requireInput } from './detector-input';
import { type Bypass, findingsOf, type Finding, inInvocationLog, inServiceLogs } from './findings';
import { insights } from './insights';
import { askInsights, type QueryAnswer, type TimeWindow } from './insights-query';
import { invocationLogQuery, serviceLogQuery } from './log-queries';
import { notify } from './notifications';
import { OPERATIONS, RUNTIME_ENVIRONMENT } from '../../../src/contract/data';
import { emitMetric, logger } from '../../node';

const { logEvents: LOG_EVENTS, unknownService: UNKNOWN } = OPERATIONS.bypassDetection;
const { product, environment } = RUNTIME_ENVIRONMENT.variables;
const PRODUCT = process.env[product.name] ?? 'Plumbline';
const WHERE = `${PRODUCT} ${process.env[environment.name] ?? 'unknown'}`;
const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** What a search has found. */
interface Search {
  readonly source: Bypass['source'];
  readonly answer: QueryAnswer;
  readonly bypasses: readonly Bypass[];
}

/** Looks for the calls to Bedrock of a day that went past the client of the standard: counts them, and tells of each service once. */
export const handler = async (event: unknown, context: Context): Promise<{ findings: readonly Finding[] }> => {
  const input = requireInput(event);
  const searches = await search(input, lastDay(), () => context.getRemainingTimeInMillis());
  const today = new Date().toISOString().slice(0, 10);
  const { findings, excepted } = findingsOf(searches.flatMap(({ bypasses }) => bypasses), input.exceptions, today);
  for (const finding of excepted) logger.info(LOG_EVENTS.excepted, { ...finding });
  for (const finding of findings) logger.error(LOG_EVENTS.found, { ...finding });
  count(input, searches, findings);
  const untold = input.topicArn ? await notify(input.topicArn, findings, WHERE) : [];
  requireComplete(searches, untold);
  return { findings };
};

/** The 24 full hours up to now: of a search at the same time each day, none is left out and none searched twice. */
function lastDay(): TimeWindow {
  const end = Math.floor(Date.now() / 1_000 / HOUR_SECONDS) * HOUR_SECONDS;
  return { start: end - DAY_SECONDS, end: end - 1 };
}

async function search(input: DetectorInput, window: TimeWindow, timeLeftMs: () => number): Promise<Search[]> {
  const { services, invocationLog } = input;
  const ports = insights(timeLeftMs);
  const logGroups = [...new Set(services.map(({ logGroup }) => logGroup))];
  const searches: Promise<Search>[] = [];
  if (logGroups.length > 0) {
    searches.push(askInsights(ports, { text: serviceLogQuery(PRODUCT), logGroups, window })
      .then(answer => ({ source: 'service_logs', answer, bypasses: inServiceLogs(answer.rows, services) })));
  }
  if (invocationLog !== undefined) {
    searches.push(askInsights(ports, { text: invocationLogQuery(), logGroups: [invocationLog], window }).then(withGoneAsIncomplete)
      .then(answer => ({ source: 'invocation_log', answer, bypasses: inInvocationLog(answer.rows, services) })));
  }
  return Promise.all(searches);
}

/** A function goes with its log group; the log of the account's invocations has no reason to go. */
function withGoneAsIncomplete(answer: QueryAnswer): QueryAnswer {
  return { ...answer, gone: [], incomplete: [...answer.incomplete, ...answer.gone.map(name => `the invocation log ${name} is gone`)] };
}

/** Zero, too: a count that comes only when there is something to count looks the same as a search that never ran. */
function count({ detector, services, invocationLog }: DetectorInput, searches: readonly Search[], findings: readonly Finding[]): void {
  const complete = searches.filter(({ answer }) => answer.incomplete.length === 0);
  for (const { source } of complete) emitMetric('BedrockBypassScanCount', 1, { service_name: detector, source });
  const gone = new Set(searches.flatMap(({ answer }) => answer.gone));
  const seen = services.filter(({ logGroup }) => !gone.has(logGroup)).map(({ service }) => service);
  const isWhole = complete.length === searches.length;
  const silent = isWhole ? [...seen, ...invocationLog !== undefined ? [UNKNOWN] : []] : [];
  for (const service of new Set([...silent, ...findings.map(finding => finding.service)])) {
    const calls = findings.find(finding => finding.service === service)?.calls ?? 0;
    emitMetric('BedrockBypassCount', calls, { service_name: service });
  }
}

/** After all is told that was found: what could not be searched is no good news. */
function requireComplete(searches: readonly Search[], untold: readonly string[]): void {
  const gone = searches.flatMap(({ answer }) => answer.gone);
  if (gone.length > 0) logger.warn(LOG_EVENTS.missing, { log_groups: gone });
  const missing = [...searches.flatMap(({ answer }) => answer.incomplete), ...untold];
  if (missing.length === 0) return;
  logger.error(LOG_EVENTS.incomplete, { missing });
  throw new Error(`The search for calls past the standard is incomplete: ${missing.join('; ')}.`);
}
