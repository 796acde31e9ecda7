import { setTimeout as pause } from 'timers/promises';
import { CloudWatchLogsClient, GetQueryResultsCommand, StartQueryCommand, StopQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { InsightsPorts, Row } from './insights-query';
import { CALL_OPTIONS } from '../sdk/call-options';

const logs = new CloudWatchLogsClient(CALL_OPTIONS);

/** Insights of this account and Region. */
export function insights(timeLeftMs: () => number): InsightsPorts {
  return {
    start: async ({ text, logGroups, window }, maxRows) => {
      const { queryId } = await logs.send(new StartQueryCommand({
        queryString: text, logGroupNames: [...logGroups], startTime: window.start, endTime: window.end, limit: maxRows,
      }));
      return queryId!;
    },
    page: async (queryId, nextToken) => {
      const { status = 'Unknown', results = [], nextToken: next } = await logs.send(new GetQueryResultsCommand({ queryId, nextToken }));
      const rows = results.map((fields): Row => Object.fromEntries(fields.map(({ field, value }) => [field ?? '', value ?? ''])));
      return { status, rows, nextToken: next };
    },
    stop: async queryId => { await logs.send(new StopQueryCommand({ queryId })); },
    pause: milliseconds => pause(milliseconds),
    timeLeftMs,
  };
}
