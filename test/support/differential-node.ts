/**
 * The Node runtime's side of the differential test: reads cases, one JSON a line, from standard input, and writes one line for each:
 * the answer of an API handler that returns or throws what the case says, and the metric it makes.
 */
import { createInterface } from 'readline';
import { withInvocation } from '../../runtime/node/telemetry/invocation';
import { emitMetric } from '../../runtime/node/telemetry/metrics';
import { redactText } from '../../runtime/node/telemetry/redaction';
import { apiHandler } from '../../runtime/node/handler/kinds/api';

interface Case {
  readonly returned?: unknown;
  readonly thrown?: { readonly name: string; readonly message: string };
  readonly text: string;
  readonly metric: { readonly id: never; readonly value: number; readonly dimensions: never };
}

const EVENT = { requestContext: { requestId: 'req-1', http: {} } };
const write = process.stdout.write.bind(process.stdout);
const logged: string[] = [];
process.stdout.write = ((chunk: string) => { logged.push(chunk); return true; }) as typeof process.stdout.write;

async function main(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const { returned, thrown, text, metric } = JSON.parse(line) as Case;
    const handler = (): unknown => {
      if (!thrown) return returned;
      throw Object.assign(new Error(thrown.message), { name: thrown.name });
    };
    const answer = await apiHandler(handler)(EVENT, { awsRequestId: 'lambda-1' } as never);
    logged.length = 0;
    withInvocation({ kind: 'API', requestId: 'req-1', lambdaRequestId: 'lambda-1', remainingTimeMs: () => Infinity },
      () => emitMetric(metric.id, metric.value, metric.dimensions));
    write(`${JSON.stringify([answer, logged.flatMap(chunk => chunk.split('\n')), redactText(text)])}\n`);
  }
}

void main();
