import { existsSync, readFileSync } from 'fs';
import { join } from 'path';

/** One line of JSON that a function logged. */
export type LogLine = Readonly<Record<string, unknown>>;

/** The lines of a function's log that are JSON, in order. */
export function functionLog(logs: string, functionName: string): readonly LogLine[] {
  const path = join(logs, `${functionName}.log`);
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8').split('\n').flatMap(line => {
    try {
      const parsed: unknown = JSON.parse(line);
      return typeof parsed === 'object' && parsed !== null ? [parsed as LogLine] : [];
    } catch {
      return [];
    }
  });
}

/** The lines of one event. */
export function eventsOf(lines: readonly LogLine[], event: string): readonly LogLine[] {
  return lines.filter(line => line.event === event);
}
