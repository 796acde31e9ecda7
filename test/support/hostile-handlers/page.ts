import { join } from 'path';
import { hostileTable, type HostileRow } from './table';

export const PAGE = join(__dirname, '../../../docs/hostile-handlers.md');

export function hostilePage(rows: readonly HostileRow[]): string {
  const shapes = new Set(rows.map(({ shape }) => shape)).size;
  return `# Hostile handlers
What becomes of ${shapes} shapes of handler under the standard, on Lambda's Node.js 24 and 22 with their own runtime interface
clients: each succeeds, throws, and returns an error in its own way. The error holds an ARN, an account id, a path, a stack and an
Authorization header; none of them leaves. A shape is answered as an HTTP request (API), as an event of a queue (EVENT), or streams
(STREAM). \`test/runtime/box/hostile-handlers.test.ts\` runs them all, and compares.

- "no start": Lambda takes no handler with a callback parameter on Node.js 24, with the standard or without.
- "no callback": behind New Relic's wrapper Lambda does not see that parameter. The handler is called without a callback, as under
  Lambda alone.

${hostileTable(rows)}
`;
}
