import { eventFrame } from './event-frames';

/** What Bedrock says when all is well, by the last part of the path. */
export interface Answer {
  readonly contentType: string;
  /** A whole answer has one part, a stream one for each event. */
  readonly parts: readonly Buffer[];
}

const JSON_TYPE = 'application/json';
export const EVENT_STREAM_TYPE = 'application/vnd.amazon.eventstream';
const USAGE = { inputTokens: 3, outputTokens: 5, totalTokens: 8 };
const WORDS = ['Kuro', 'ga', 'ike', 'wo', 'mita'];

export function goodAnswer(path: string): Answer {
  const [operation] = path.split('?')[0].split('/').slice(-1);
  return ANSWERS[operation] ?? (path.includes('/async-invoke') ? ASYNC_INVOKE : path.includes('/guardrail') ? GUARDRAIL : WHOLE_MESSAGE);
}

export function isStream({ contentType }: Answer): boolean {
  return contentType === EVENT_STREAM_TYPE;
}

/** What an answer says when it is larger than anything expected. */
export function hugeMessage(bytes: number): Answer {
  return json({ ...MESSAGE, output: { message: { role: 'assistant', content: [{ text: 'x'.repeat(bytes) }] } } });
}

function json(body: object): Answer {
  return { contentType: JSON_TYPE, parts: [Buffer.from(JSON.stringify(body))] };
}

function stream(...parts: readonly Buffer[]): Answer {
  return { contentType: EVENT_STREAM_TYPE, parts };
}

function chunk(body: object): Buffer {
  return eventFrame('chunk', { bytes: Buffer.from(JSON.stringify(body)).toString('base64') });
}

const MESSAGE = {
  output: { message: { role: 'assistant', content: [{ text: WORDS.join(' ') }] } },
  stopReason: 'end_turn',
  usage: USAGE,
  metrics: { latencyMs: 1 },
};
const WHOLE_MESSAGE = json(MESSAGE);
const GUARDRAIL = json({ usage: {}, action: 'NONE', outputs: [], assessments: [] });
const ASYNC_INVOKE = json({
  invocationArn: 'arn:aws:bedrock:us-east-1:111122223333:async-invoke/abcdefghijkl',
  modelArn: 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-reel-v1:0',
  status: 'InProgress',
  submitTime: '2026-01-01T00:00:00Z',
  outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://bucket/prefix' } },
});

const ANSWERS: Readonly<Record<string, Answer>> = {
  'converse': WHOLE_MESSAGE,
  'invoke': json({ completion: WORDS.join(' ') }),
  'count-tokens': json({ inputTokens: 3 }),
  'converse-stream': stream(
    eventFrame('messageStart', { role: 'assistant' }),
    ...WORDS.map(text => eventFrame('contentBlockDelta', { contentBlockIndex: 0, delta: { text } })),
    eventFrame('contentBlockStop', { contentBlockIndex: 0 }),
    eventFrame('messageStop', { stopReason: 'end_turn' }),
    eventFrame('metadata', { usage: USAGE, metrics: { latencyMs: 1 } }),
  ),
  'invoke-with-response-stream': stream(...WORDS.map(completion => chunk({ completion }))),
  'invoke-with-bidirectional-stream': stream(...WORDS.map(completion => chunk({ completion }))),
};
