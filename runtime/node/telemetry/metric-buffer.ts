import { SdkMissingError, type SendCall } from './cloudwatch-client';
import { embeddedLines } from './embedded-metric';
import { errorChain } from './error-chain';
import { LOG_EVENTS, logEvent } from './log';
import { CollectedMetrics, type EmittedValue, type MetricCall, valuesIn } from './metric-calls';
import { ERROR_CODES, METRIC_CATALOG } from '../../../src/contract/data';

const { maxWaitingData, reportIntervalMs } = METRIC_CATALOG.transport;
const THROTTLING: ReadonlySet<unknown> = new Set(ERROR_CODES.retry.throttlingNames);

/** Holds metrics until they are sent: at most so many, and for whoever emits them without a wait and without an error. */
export class MetricBuffer {
  private readonly collected = new CollectedMetrics();
  /** What was collected, and is not sent yet. */
  private calls: MetricCall[] = [];
  private waitingInCalls = 0;
  private send?: SendCall;
  private flushing?: Promise<void>;
  private lost = 0;
  private reason = 'more metrics than can wait';
  private nextReport = 0;
  private hasNoSdk = false;

  constructor(private readonly load: () => SendCall) {}

  /** Without an SDK the log is the only way. */
  public get isUseless(): boolean {
    return this.hasNoSdk;
  }

  public get isEmpty(): boolean {
    return this.collected.size + this.calls.length === 0;
  }

  public add(emitted: EmittedValue): void {
    this.lost += this.collected.add(emitted, maxWaitingData - this.waitingInCalls);
  }

  /** Sends what waits, one call after the other, until `withinMs` are over. Never rejects. */
  public flush(withinMs = Infinity): Promise<void> {
    this.flushing ??= this.sendAll(withinMs).finally(() => { this.flushing = undefined; });
    return this.flushing;
  }

  /** Writes what waits into the log, for CloudWatch to find it there. */
  public writeRest(): void {
    this.collect();
    for (const call of this.calls.splice(0)) process.stdout.write(embeddedLines(call));
    this.waitingInCalls = 0;
    this.report(true);
  }

  private async sendAll(withinMs: number): Promise<void> {
    const end = Date.now() + withinMs;
    this.collect();
    while (this.calls.length > 0 && Date.now() < end) {
      if (!await this.sendFirst(end - Date.now())) break;
    }
    this.report(false);
  }

  /** Sends the first call. Returns whether the next one has a chance. */
  private async sendFirst(withinMs: number): Promise<boolean> {
    const [call] = this.calls;
    try {
      this.send ??= this.load();
      await this.send(call, withinMs);
    } catch (error) {
      if (error instanceof SdkMissingError) return this.goWithoutSdk(error);
      this.reason = errorChain(error)[0].message;
      if (mayPass(error)) return false;
      this.lost += valuesIn(call);
    }
    // Unless the end of the process has written it meanwhile.
    if (this.calls[0] === call) this.waitingInCalls -= this.calls.shift()!.MetricData.length;
    return true;
  }

  private goWithoutSdk(error: SdkMissingError): false {
    this.hasNoSdk = true;
    logEvent('error', LOG_EVENTS.metricsWithoutSdk, { reason: error.message, cause: errorChain(error.cause)[0].message });
    this.writeRest();
    return false;
  }

  private collect(): void {
    this.waitingInCalls += this.collected.size;
    this.calls.push(...this.collected.take());
  }

  private report(isLast: boolean): void {
    const waiting = this.calls.reduce((sum, call) => sum + valuesIn(call), 0);
    if (this.lost + waiting === 0 || (Date.now() < this.nextReport && !isLast)) return;
    logEvent('warn', LOG_EVENTS.metricsNotSent, { lost: this.lost, waiting, reason: this.reason });
    this.lost = 0;
    this.nextReport = Date.now() + reportIntervalMs;
  }
}

/** What CloudWatch refuses it refuses again, unless it is the number of calls. */
function mayPass(error: unknown): boolean {
  const { name, $metadata } = error as { readonly name?: unknown; readonly $metadata?: { readonly httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode ?? 0;
  return status < 400 || status >= 500 || status === 429 || THROTTLING.has(name);
}
