import {
  askInsights, type InsightsPorts, type LogQuestion, type QueryPage, type Row,
} from '../../../runtime/functions/bypass-detector/insights-query';

const DAY = { start: 0, end: 24 * 3_600 - 1 };
const fault = (name: string) => Object.assign(new Error(`told to fail as ${name}`), { name });

interface Course {
  readonly start?: (question: LogQuestion, ordinal: number) => void;
  /** The looks at a query, one after the other, the last one for good. */
  readonly pages?: (question: LogQuestion) => readonly (QueryPage | Error)[];
  readonly timeMs?: number;
}

const complete = (...rows: readonly Row[]): QueryPage[] => [{ status: 'Complete', rows }];

async function ask(logGroups: readonly string[], { start = () => undefined, pages = () => complete(), timeMs = 600_000 }: Course) {
  const questions: LogQuestion[] = [];
  const looks: QueryPage[][] = [];
  const stopped: string[] = [];
  let started = 0;
  let now = 0;
  const ports: InsightsPorts = {
    start: async question => {
      start(question, started++);
      questions.push(question);
      looks.push([...pages(question)] as QueryPage[]);
      return String(questions.length - 1);
    },
    page: async queryId => {
      const left = looks[Number(queryId)];
      const page = left.length > 1 ? left.shift()! : left[0];
      if (page instanceof Error) throw page;
      return page;
    },
    stop: async queryId => { stopped.push(queryId); },
    pause: async ms => { now += ms; },
    timeLeftMs: () => timeMs - now,
  };
  const answer = await askInsights(ports, { text: 'stats', logGroups, window: DAY });
  return { answer, questions, stopped, started, waitedMs: now };
}

const named = (count: number) => Array.from({ length: count }, (_, index) => `g${index}`);

test('asks 50 log groups at once at most, and each of them once', async () => {
  const { questions } = await ask(named(120), {});
  expect(Math.max(...questions.map(({ logGroups }) => logGroups.length))).toBeLessThanOrEqual(50);
  expect(questions.flatMap(({ logGroups }) => logGroups)).toEqual(named(120));
});

test('waits for a query under way, and does not take what it has found so far', async () => {
  const { answer } = await ask(['g'], {
    pages: () => [{ status: 'Scheduled', rows: [] }, { status: 'Running', rows: [{ calls: '1' }] }, ...complete({ calls: '2' })],
  });
  expect(answer).toEqual({ rows: [{ calls: '2' }], gone: [], incomplete: [] });
});

test('reads all pages of the results', async () => {
  const { answer } = await ask(['g'], {
    pages: () => [
      { status: 'Complete', rows: [{ n: '1' }], nextToken: 'a' }, fault('ThrottlingException'),
      { status: 'Complete', rows: [{ n: '2' }], nextToken: 'b' }, { status: 'Complete', rows: [{ n: '3' }] },
    ],
  });
  expect(answer.rows).toEqual([{ n: '1' }, { n: '2' }, { n: '3' }]);
});

test.each(
  ['LimitExceededException', 'ThrottlingException', 'ServiceUnavailableException'],
)('%s: is asked again, later and later', async name => {
  const { answer, started, waitedMs } = await ask(['g'], { start: (_question, ordinal) => { if (ordinal < 3) throw fault(name); } });
  expect(started).toBe(4);
  expect(waitedMs).toBeGreaterThanOrEqual(2_000 + 4_000 + 8_000);
  expect(answer.incomplete).toEqual([]);
});

test('a query that is throttled for ever ends with the time, and says so', async () => {
  const { answer, waitedMs } = await ask(['g'], { start: () => { throw fault('LimitExceededException'); } });
  expect(waitedMs).toBeLessThanOrEqual(600_000);
  expect(answer.incomplete).toEqual([expect.stringContaining('no time left')]);
});

test('finds out which log group has gone, and searches all the others', async () => {
  const gone = ['g3', 'g17'];
  const { answer, questions } = await ask(named(20), {
    start: ({ logGroups }) => { if (logGroups.some(name => gone.includes(name))) throw fault('ResourceNotFoundException'); },
  });
  expect(answer.gone).toEqual(gone);
  expect(answer.incomplete).toEqual([]);
  expect(questions.flatMap(({ logGroups }) => logGroups).sort()).toEqual(named(20).filter(name => !gone.includes(name)).sort());
});

test.each(['Timeout', 'Failed', 'Cancelled'])('a query that ends as %s is asked in halves, with no gap and no overlap', async status => {
  const { answer, questions } = await ask(['g'], {
    pages: ({ window }) => (window.end - window.start > 7 * 3_600 ? [{ status, rows: [] }] : complete({ from: String(window.start) })),
  });
  const searched = questions.map(({ window }) => window).filter(({ start, end }) => end - start <= 7 * 3_600);
  expect(searched[0].start).toBe(DAY.start);
  expect(searched.at(-1)!.end).toBe(DAY.end);
  searched.slice(1).forEach(({ start }, index) => expect(start).toBe(searched[index].end + 1));
  expect(answer).toMatchObject({ gone: [], incomplete: [] });
  expect(answer.rows).toHaveLength(searched.length);
});

test('a query that never works is not parted for ever', async () => {
  const { answer, questions } = await ask(['g'], { pages: () => [{ status: 'Failed', rows: [] }] });
  expect(questions.length).toBeLessThan(100);
  expect(answer.incomplete.length).toBeGreaterThan(0);
});

test('more rows than a query gives are asked for in halves', async () => {
  const row = { calls: '1' };
  const rows = ({ window: { start, end } }: LogQuestion) => Array<Row>(end - start > 13 * 3_600 ? 10_000 : 3).fill(row);
  const { answer } = await ask(['g'], { pages: question => complete(...rows(question)) });
  expect(answer.rows).toHaveLength(6);
  expect(answer.incomplete).toEqual([]);
});

test('a query that is not done in time is stopped, and its half result is none', async () => {
  const { answer, stopped } = await ask(['g'], { pages: () => [{ status: 'Running', rows: [{ calls: '1' }] }] });
  expect(stopped).toEqual(['0']);
  expect(answer).toMatchObject({ rows: [], incomplete: [expect.stringContaining('no time left')] });
});

test.each(['AccessDeniedException', 'MalformedQueryException'])('%s is told, not tried again', async name => {
  const { answer, started } = await ask(['g'], { start: () => { throw fault(name); } });
  expect(started).toBe(1);
  expect(answer.incomplete).toEqual([expect.stringContaining(name)]);
});
