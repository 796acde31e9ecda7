/**
 * The Node runtime's side of the differential test: reads cases, one JSON a line, from standard input, and writes one line for each:
 * what an API handler answers that returns or throws what the case says, and all that is logged, metrics too.
 */
import { createInterface } from 'readline';
import { EnvelopeError, partial, success } from '../../runtime/node/envelope/envelope';
import { wrapHandler } from '../../runtime/node/handler/standard-handler';
import { logger } from '../../runtime/node/telemetry/log';
import { emitMetric } from '../../runtime/node/telemetry/metrics';

interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly cause?: Thrown;
}

interface Case {
  readonly event: object;
  readonly kind: 'API';
  readonly envelope: 'ON' | 'LOG_ONLY' | 'OFF';
  readonly how: 'return' | 'success' | 'partial' | 'throw' | 'return an error' | 'throw an envelope error';
  readonly returned?: unknown;
  readonly thrown: Thrown;
  readonly code: never;
  readonly metric: { readonly id: never; readonly value: number; readonly dimensions: never };
  readonly logged: { readonly message: string; readonly fields: Record<string, unknown> };
}

const write = process.stdout.write.bind(process.stdout);
const written: string[] = [];
process.stdout.write = process.stderr.write = ((chunk: string) => { written.push(chunk); return true; }) as typeof process.stdout.write;

function errorOf({ name, message, cause, code }: Thrown): Error {
  const error = Object.assign(new Error(message), { name, ...(cause && { cause: errorOf(cause) }), ...(code !== undefined && { code }) });
  delete error.stack;
  return error;
}

function behave({ how, returned, thrown, code, metric, logged }: Case): unknown {
  emitMetric(metric.id, metric.value, metric.dimensions);
  logger.info(logged.message, logged.fields);
  switch (how) {
    case 'return': return returned;
    case 'success': return success(returned);
    case 'partial': return partial(returned, errorOf(thrown));
    case 'throw': throw errorOf(thrown);
    case 'return an error': return { failed: [errorOf(thrown)], returned };
    case 'throw an envelope error': throw new EnvelopeError(code, thrown.message);
  }
}

async function main(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const given = JSON.parse(line) as Case;
    let left: { readonly value: unknown } | undefined;
    const user = (): unknown => (left = { value: behave(given) }).value;
    const handler = wrapHandler(user, given.kind, given.envelope) as (event: unknown, context: unknown) => Promise<unknown>;
    const raised = (error: Error): object => ({ body: `thrown: ${error.message}` });
    const answered = await handler(given.event, { awsRequestId: 'lambda-1' }).catch(raised);
    // As text it is another one in each language.
    const answer = left && answered === left.value ? { body: 'as it was returned' } : answered;
    const lines = written.splice(0).join('').split('\n').filter(text => text !== '');
    write(`${JSON.stringify({ answer, lines })}\n`);
  }
}

void main();
