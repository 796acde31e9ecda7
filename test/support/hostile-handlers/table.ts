import { readFileSync } from 'fs';
import { join } from 'path';
import Ajv from 'ajv';
import { adapterLibraries } from '../../../build-tools/adapter-libraries';
import type { Envelope } from '../../../runtime/node/envelope/envelope';
import { RUNTIME_ENVIRONMENT } from '../../../src/contract/data';
import type { RuntimeAnswer } from '../runtime-api-server';
import { httpEvent, OTHER_EVENTS } from '../runtime-events';
import { LambdaFunction } from '../runtime-function';
import { NODE_22, NODE_24, type LambdaGeneration } from '../runtime-generations';

export type Outcome = 'success' | 'thrown' | 'returned';
type Answered = 'API' | 'EVENT' | 'STREAM';

/** What one handler did on one Node.js, and whether that is what the standard promises. */
export interface HostileCell {
  readonly text: string;
  readonly kept: boolean;
}

export interface HostileRow {
  readonly shape: string;
  readonly answered: Answered;
  readonly cells: HostileCell[];
}

interface ShapeFile {
  readonly file: string;
  readonly kind?: 'STREAM';
  readonly answered: readonly Answered[];
}

const FILES: readonly ShapeFile[] = [
  { file: 'plain.cjs', answered: ['API', 'EVENT'] },
  { file: 'callback.cjs', answered: ['API', 'EVENT'] },
  { file: 'adapters.cjs', answered: ['API', 'EVENT'] },
  { file: 'datadog.cjs', answered: ['API', 'EVENT'] },
  { file: 'newrelic.cjs', answered: ['API', 'EVENT'] },
  { file: 'stream.cjs', kind: 'STREAM', answered: ['STREAM'] },
];
/** They answer HTTP and nothing else. */
const ONLY_HTTP = /^(proxy result|envelope|partial envelope|serverless|@fastify|hono|middy with an onError|Powertools router)/;
const OUTCOMES: readonly Outcome[] = ['success', 'thrown', 'returned'];
const GENERATIONS: readonly LambdaGeneration[] = [NODE_24, NODE_22];
const LEAK = /arn:aws|123456789012|\/var\/task|Bearer|sk_live|at handler|Traceback/;
const FOLDER = __dirname;
const ROOT = join(FOLDER, '../../..');

const conforms = new Ajv({ strict: false }).compile(
  JSON.parse(readFileSync(join(ROOT, 'contract/envelope.schema.json'), 'utf8')) as object,
);

/** Runs each shape of handler for each outcome on each of Lambda's Node.js. */
export async function hostileRows(): Promise<HostileRow[]> {
  const rows = new Map<string, HostileRow>();
  for (const generation of GENERATIONS) {
    for (const { file, kind, answered } of FILES) {
      const code = { 'index.cjs': text(file), 'outcome.cjs': text('outcome.cjs') };
      const environment = {
        ADAPTERS: adapterLibraries(),
        RUNTIME: RUNTIME_ENVIRONMENT.layers.node.module,
        NEW_RELIC_ENABLED: 'true',
        NEW_RELIC_SERVERLESS_MODE_ENABLED: 'true',
        ...(kind && { PLUMBLINE_KIND: kind }),
      };
      const fn = await LambdaFunction.start({ generation, code, environment });
      const refused = await startIsRefused(fn, file, generation);
      try {
        for (const shape of shapesOf(file)) {
          for (const how of answered.filter(one => one !== 'EVENT' || !ONLY_HTTP.test(shape))) {
            const row = rows.get(`${shape} ${how}`) ?? { shape, answered: how, cells: [] };
            rows.set(`${shape} ${how}`, row);
            for (const outcome of OUTCOMES) row.cells.push(refused ?? await cell(fn, generation, shape, how, outcome));
          }
        }
      } finally {
        await fn.stop();
      }
    }
  }
  return [...rows.values()];
}

export function hostileTable(rows: readonly HostileRow[]): string {
  const head = ['handler', 'answered as', ...GENERATIONS.flatMap(({ major }) => OUTCOMES.map(outcome => `${major}: ${outcome}`))];
  const lines = [head, head.map(() => '---'), ...rows.map(
    ({ shape, answered, cells }) => [shape, answered, ...cells.map(({ text: shown }) => shown)],
  )];
  return lines.map(columns => `| ${columns.join(' | ')} |`).join('\n');
}

/** The names in a file of shapes, in its order: the file itself needs Lambda. */
function shapesOf(file: string): string[] {
  return [...text(file).matchAll(/^ {2}'((?:[^'\\]|\\')+)': /gm)].map(([, name]) => name.replace(/\\'/g, '\''));
}

function text(file: string): string {
  return readFileSync(join(FOLDER, file), 'utf8');
}

/** Node.js 24 takes no handler with a callback parameter, with the standard or without. */
async function startIsRefused(fn: LambdaFunction, file: string, { major }: LambdaGeneration): Promise<HostileCell | undefined> {
  if (file !== 'callback.cjs' || major !== 24) return undefined;
  const { errorType } = await fn.startError();
  return { text: 'no start', kept: errorType === 'Runtime.CallbackHandlerDeprecated' };
}

async function cell(fn: LambdaFunction, { major }: LambdaGeneration, shape: string, how: Answered, outcome: Outcome): Promise<HostileCell> {
  const given = { shape, outcome };
  const event = how === 'EVENT' ? {
    ...OTHER_EVENTS.SQS as object, ...given,
  } : httpEvent({ ...given, rawPath: '/x', rawQueryString: '', ...REQUEST });
  const answer = await fn.invoke(event, 8000);
  const succeeds = outcome === 'success';
  // As under Lambda alone: what the handler does without its callback comes after an empty answer.
  if (major === 24 && /New Relic.*callback/.test(shape)) return { text: 'no callback', kept: !LEAK.test(answer.body) };
  if (how === 'EVENT') return eventCell(answer, succeeds);
  const found = how === 'STREAM' ? streamEnvelope(answer) : apiEnvelope(answer);
  if (!found) return { text: `raw: ${answer.kind}`, kept: false };
  const { envelope, label } = found;
  const kept = conforms(envelope) && !LEAK.test(answer.body) && (envelope.status === 'error') === !succeeds;
  return { text: label, kept };
}

/** What adapters want of a request. */
const REQUEST = {
  routeKey: '$default',
  headers: { 'host': 'shop.example', 'content-type': 'application/json' },
  isBase64Encoded: false,
  body: '{}',
  requestContext: {
    stage: '$default',
    domainName: 'shop.example',
    http: {
      method: 'POST', path: '/x', sourceIp: '10.0.0.1', protocol: 'HTTP/1.1', userAgent: 'x',
    },
  },
};

function eventCell(answer: RuntimeAnswer, succeeds: boolean): HostileCell {
  return { text: answer.kind === 'response' ? 'result' : 'throws', kept: (answer.kind === 'response') === succeeds };
}

function apiEnvelope(answer: RuntimeAnswer): { envelope: Envelope; label: string } | undefined {
  if (answer.kind !== 'response') return undefined;
  const { statusCode, body } = JSON.parse(answer.body) as { statusCode: number; body: string };
  const envelope = JSON.parse(body) as Envelope;
  return { envelope, label: `${statusCode} ${envelope.error?.code ?? envelope.status}` };
}

function streamEnvelope(answer: RuntimeAnswer): { envelope: Envelope; label: string } | undefined {
  const match = /\n\nevent: (\w+)\ndata: (.+)\n\n$/.exec(answer.body);
  if (!match) return undefined;
  const envelope = JSON.parse(match[2]) as Envelope;
  return { envelope, label: [match[1], envelope.error?.code].filter(Boolean).join(' ') };
}
