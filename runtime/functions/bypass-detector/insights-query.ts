import { OPERATIONS } from '../../../src/contract/data';

const {
  logGroupsPerQuery: MAX_GROUPS, rowsPerQuery: MAX_ROWS, shortestWindowSeconds: SHORTEST, pollSeconds, longestPauseSeconds, reserveSeconds,
} = OPERATIONS.bypassDetection;

/** A row of the results, by the names of its fields. */
export type Row = Readonly<Record<string, string>>;

/** One look at a query. */
export interface QueryPage {
  readonly status: string;
  readonly rows: readonly Row[];
  readonly nextToken?: string;
}

/** In seconds since 1970, both ends included. */
export interface TimeWindow {
  readonly start: number;
  readonly end: number;
}

/** What is asked of CloudWatch Logs Insights. */
export interface LogQuestion {
  readonly text: string;
  readonly logGroups: readonly string[];
  readonly window: TimeWindow;
}

/** CloudWatch Logs Insights, and time. */
export interface InsightsPorts {
  start(question: LogQuestion, maxRows: number): Promise<string>;
  page(queryId: string, nextToken?: string): Promise<QueryPage>;
  stop(queryId: string): Promise<void>;
  pause(milliseconds: number): Promise<void>;
  timeLeftMs(): number;
}

/** What came of a question. */
export interface QueryAnswer {
  readonly rows: readonly Row[];
  /** Log groups that are there no more. */
  readonly gone: readonly string[];
  /** Why some of it could not be searched. Empty: all of it was. */
  readonly incomplete: readonly string[];
}

/** Too many queries at once, or too many calls a second: both pass. */
const LATER = ['LimitExceededException', 'ThrottlingException', 'ServiceUnavailableException', 'TooManyRequestsException'];
const GONE = 'ResourceNotFoundException';
const UNDER_WAY = ['Scheduled', 'Running'];

/** Asks until there is an answer: of all log groups that are there, of the whole window, of all rows. */
export async function askInsights(ports: InsightsPorts, question: LogQuestion): Promise<QueryAnswer> {
  if (question.logGroups.length > MAX_GROUPS) return inTurn(ports, halvesOfGroups(question));
  const queryId = await tryStart(ports, question);
  if (typeof queryId !== 'string') return queryId.gone ? withoutGone(ports, question) : incomplete(question, queryId.problem);
  const result = await readAll(ports, queryId);
  if (typeof result === 'string') {
    // Whatever it was, less is easier to search; but not when there is no time for it.
    return isShortest(question) || !hasTime(ports) ? incomplete(question, result) : inTurn(ports, halvesOfWindow(question));
  }
  if (result.length < MAX_ROWS) return { rows: result, gone: [], incomplete: [] };
  return isShortest(question)
    ? { rows: result, gone: [], incomplete: [`more than ${MAX_ROWS} rows in ${shown(question)}`] }
    : inTurn(ports, halvesOfWindow(question));
}

/** The id of the query, or what became of the attempt to start it. */
async function tryStart(ports: InsightsPorts, question: LogQuestion): Promise<string | { gone: boolean; problem: string }> {
  for (let pauseMs = pollSeconds * 1_000; ; pauseMs = longer(pauseMs)) {
    try {
      if (!hasTime(ports)) return { gone: false, problem: 'no time left' };
      return await ports.start(question, MAX_ROWS);
    } catch (error) {
      const { name, message } = error as Error;
      if (name === GONE) return { gone: true, problem: name };
      if (!LATER.includes(name)) return { gone: false, problem: `${name}: ${message}` };
      await ports.pause(pauseMs);
    }
  }
}

/** All rows, or why there are none: what a query under way has found so far is no answer. */
async function readAll(ports: InsightsPorts, queryId: string): Promise<readonly Row[] | string> {
  for (let pauseMs = pollSeconds * 1_000; ; pauseMs = longer(pauseMs)) {
    await ports.pause(pauseMs);
    const page = await tryPage(ports, queryId);
    if (page?.status === 'Complete') return readOn(ports, queryId, page);
    if (page && !UNDER_WAY.includes(page.status)) return `the query ended as ${page.status}`;
    if (hasTime(ports)) continue;
    await ports.stop(queryId).catch(() => undefined);
    return 'no time left';
  }
}

async function readOn(ports: InsightsPorts, queryId: string, first: QueryPage): Promise<readonly Row[] | string> {
  const rows = [...first.rows];
  let token = first.nextToken;
  let pauseMs = pollSeconds * 1_000;
  while (token !== undefined) {
    const page = await tryPage(ports, queryId, token);
    if (page) {
      rows.push(...page.rows);
      token = page.nextToken;
    } else {
      if (!hasTime(ports)) return 'no time left';
      await ports.pause(pauseMs);
      pauseMs = longer(pauseMs);
    }
  }
  return rows;
}

/** Undefined when it has to be asked again. */
async function tryPage(ports: InsightsPorts, queryId: string, token?: string): Promise<QueryPage | undefined> {
  try {
    return await ports.page(queryId, token);
  } catch (error) {
    const { name } = error as Error;
    if (LATER.includes(name)) return undefined;
    return { status: name, rows: [] };
  }
}

/** CloudWatch Logs refuses a query as a whole and does not say which of its groups has gone. */
async function withoutGone(ports: InsightsPorts, question: LogQuestion): Promise<QueryAnswer> {
  if (question.logGroups.length > 1) return inTurn(ports, halvesOfGroups(question));
  return { rows: [], gone: question.logGroups, incomplete: [] };
}

async function inTurn(ports: InsightsPorts, questions: readonly LogQuestion[]): Promise<QueryAnswer> {
  const answers: QueryAnswer[] = [];
  for (const question of questions) answers.push(await askInsights(ports, question));
  return {
    rows: answers.flatMap(({ rows }) => rows),
    gone: [...new Set(answers.flatMap(({ gone }) => gone))],
    incomplete: answers.flatMap(answer => answer.incomplete),
  };
}

function halvesOfGroups(question: LogQuestion): LogQuestion[] {
  const middle = Math.ceil(question.logGroups.length / 2);
  return [question.logGroups.slice(0, middle), question.logGroups.slice(middle)].map(logGroups => ({ ...question, logGroups }));
}

/** A query takes in both ends of its window. */
function halvesOfWindow(question: LogQuestion): LogQuestion[] {
  const { start, end } = question.window;
  const middle = Math.floor((start + end) / 2);
  return [{ start, end: middle }, { start: middle + 1, end }].map(window => ({ ...question, window }));
}

const isShortest = ({ window: { start, end } }: LogQuestion): boolean => end - start < SHORTEST;
const longer = (pauseMs: number): number => Math.min(pauseMs * 2, longestPauseSeconds * 1_000);
const hasTime = (ports: InsightsPorts): boolean => ports.timeLeftMs() > reserveSeconds * 1_000;

function incomplete(question: LogQuestion, problem: string): QueryAnswer {
  return { rows: [], gone: [], incomplete: [`${problem}, for ${shown(question)}`] };
}

function shown({ logGroups, window: { start, end } }: LogQuestion): string {
  const [from, to] = [start, end].map(seconds => new Date(seconds * 1_000).toISOString());
  return `${from} to ${to} of ${logGroups.join(', ')}`;
}
