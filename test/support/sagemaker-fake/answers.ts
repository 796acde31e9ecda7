import { blackPicture, nestedLists, paintedPicture, type Picture } from './picture';
import { bytesFrame } from '../faulty-bedrock-server/event-frames';

/** A model that the fake plays. */
export type FakeModel = 'falcon' | 'stable-diffusion';

/** One request, as its container sees it. */
export interface ModelRequest {
  readonly input: unknown;
  readonly accept: string | undefined;
  /** Plays a picture with nothing on it. */
  readonly black?: boolean;
}

/** The container refuses a request: SageMaker wraps what it says into a ModelError. */
export class ContainerError extends Error {
  public constructor(public readonly status: number, public readonly body: string) {
    super(body);
  }
}

/** What a container answers. */
export interface ModelAnswer {
  readonly contentType: string;
  readonly body: Buffer;
}

export const EVENT_STREAM_TYPE = 'application/vnd.amazon.eventstream';
const MAX_INPUT_TOKENS = 1024;
const NO_INPUTS = 'Failed to deserialize the JSON body into the target type: missing field `inputs`';
const SUMMARY = ' Kuro watched the pond. The heron came back.';
/** Of a JPEG that is no picture anybody has to read: only that it arrives as it was sent counts. */
export const JPEG_BYTES = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex');

export function modelAnswer(model: FakeModel, request: ModelRequest): ModelAnswer {
  return model === 'falcon' ? generatedText(request) : generatedImage(request);
}

/** The parts of a streamed answer: Text Generation Inference writes server-sent events, which SageMaker cuts anywhere. */
export function streamedAnswer(request: ModelRequest): Buffer[] {
  textInput(request);
  const tokens = SUMMARY.match(/ ?[^ ]+/g)!;
  const events = Buffer.from(tokens.map((text, index) => `data:${JSON.stringify({
    index: index + 1,
    token: { id: index, text, logprob: -0.1, special: false },
    generated_text: index === tokens.length - 1 ? SUMMARY : null,
    details: null,
  })}\n\n`).join(''));
  const parts: Buffer[] = [];
  for (let at = 0; at < events.length; at += 100) parts.push(bytesFrame('PayloadPart', events.subarray(at, at + 100)));
  return parts;
}

/** The picture that an answer holds, for whoever compares. */
export function pictureOf(input: { readonly width?: number; readonly height?: number; readonly seed?: number }, black = false): Picture {
  const { width = 768, height = 768, seed = 1 } = input;
  return black ? blackPicture(width, height) : paintedPicture(width, height, seed);
}

function generatedText(request: ModelRequest): ModelAnswer {
  textInput(request);
  return json([{ generated_text: SUMMARY }]);
}

function textInput({ input }: ModelRequest): string {
  const { inputs } = (input ?? {}) as { inputs?: unknown };
  if (typeof inputs !== 'string') throw new ContainerError(422, NO_INPUTS);
  const tokens = Math.ceil(inputs.length / 4);
  if (tokens <= MAX_INPUT_TOKENS) return inputs;
  const error = `Input validation error: \`inputs\` must have less than ${MAX_INPUT_TOKENS} tokens. Given: ${tokens}`;
  throw new ContainerError(422, JSON.stringify({ error, error_type: 'validation' }));
}

function generatedImage({ input, accept, black }: ModelRequest): ModelAnswer {
  const { prompt, width = 768, height = 768 } = (input ?? {}) as { prompt?: unknown; width?: number; height?: number };
  if (typeof prompt !== 'string') throw new ContainerError(400, "{'error': 'Field prompt is required.'}");
  if (width % 8 || height % 8) {
    throw new ContainerError(400, `\`height\` and \`width\` have to be divisible by 8 but are ${height} and ${width}.`);
  }
  if (accept === 'application/json;jpeg') return json({ generated_images: [JPEG_BYTES.toString('base64')], prompt });
  const images = nestedLists(pictureOf(input as object, black));
  const [before, after] = ['{"generated_images": [', `], "prompt": ${JSON.stringify(prompt)}}`].map(text => Buffer.from(text));
  return { contentType: 'application/json', body: Buffer.concat([before, images, after]) };
}

function json(body: unknown): ModelAnswer {
  return { contentType: 'application/json', body: Buffer.from(JSON.stringify(body)) };
}
