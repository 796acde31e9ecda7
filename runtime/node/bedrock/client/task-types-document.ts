import type { ClientPolicy } from './client-policy';

type Document = { readonly readTimeoutMs: Readonly<Record<string, number>> } | { readonly problem: string };

/**
 * The read timeouts that a document of the shape `{"readTimeoutMs": {"synthesis": 60000}}` tunes, over the built-in ones. One wrong
 * number and none of them counts: half a policy is nobody's.
 */
export function readTimeoutsOf(document: string, { readTimeoutMs, refresh }: ClientPolicy): Document {
  const given = tunedOf(document);
  if (given === undefined) return { problem: 'the document is not JSON of the shape {"readTimeoutMs": {"<task type>": <milliseconds>}}' };

  const unknown = Object.keys(given).filter(taskType => !Object.hasOwn(readTimeoutMs, taskType));
  if (unknown.length > 0) {
    return { problem: `unknown task types: ${unknown.join(', ')}; known are ${Object.keys(readTimeoutMs).join(', ')}` };
  }
  const wrong = Object.entries(given).filter(([, ms]) => !Number.isInteger(ms) || Number(ms) < 1 || Number(ms) > refresh.maxReadTimeoutMs);
  if (wrong.length > 0) {
    return { problem: `not whole milliseconds from 1 to ${refresh.maxReadTimeoutMs}: ${wrong.map(([taskType]) => taskType).join(', ')}` };
  }
  return { readTimeoutMs: { ...readTimeoutMs, ...given as Record<string, number> } };
}

function tunedOf(document: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const { readTimeoutMs } = JSON.parse(document) as { readTimeoutMs?: unknown };
    const isRecord = typeof readTimeoutMs === 'object' && readTimeoutMs !== null && !Array.isArray(readTimeoutMs);
    return isRecord ? readTimeoutMs as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}
