import { cloudWatch } from './cloudwatch-client';
import { MetricBuffer } from './metric-buffer';
import type { EmittedValue } from './metric-calls';
import { METRIC_CATALOG } from '../../../src/contract/data';

const { exitTimeoutMs, flushIntervalMs } = METRIC_CATALOG.transport;
const END_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

let buffer: MetricBuffer | undefined;
let timer: NodeJS.Timeout | undefined;

/** Sends the value with the next call of PutMetricData. False where that cannot be: the log is the way then. */
export function sendFromContainer(emitted: EmittedValue): boolean {
  buffer ??= newBuffer();
  if (buffer.isUseless) return false;
  buffer.add(emitted);
  timer ??= setTimeout(flushInTime, flushIntervalMs).unref();
  return true;
}

/**
 * Sends what was emitted so far; for a process that ends by `process.exit()`, which waits for nothing. Every other end does it by itself.
 * Resolves when it is sent, or after 3 seconds. Never rejects. On Lambda there is nothing to send.
 */
export async function flushMetrics(): Promise<void> {
  if (buffer) await Promise.race([buffer.flush(exitTimeoutMs), timeLimit()]);
}

function flushInTime(): void {
  timer = undefined;
  void buffer!.flush().then(() => {
    if (!buffer!.isEmpty) timer ??= setTimeout(flushInTime, flushIntervalMs).unref();
  });
}

function newBuffer(): MetricBuffer {
  const created = new MetricBuffer(cloudWatch);
  process.once('beforeExit', () => void flushMetrics());
  // Nothing can be awaited any more: after process.exit(), after an error that nobody caught, or when the last call has failed.
  process.on('exit', () => created.writeRest());
  END_SIGNALS.forEach(endAfterFlush);
  return created;
}

/** Ends the process by the signal all the same, unless the service listens to it too. */
function endAfterFlush(signal: NodeJS.Signals): void {
  process.once(signal, () => void flushMetrics().then(() => {
    if (process.listenerCount(signal) > 0) return;
    buffer!.writeRest();
    process.kill(process.pid, signal);
  }));
}

function timeLimit(): Promise<void> {
  return new Promise(resolve => { setTimeout(resolve, exitTimeoutMs).unref(); });
}
