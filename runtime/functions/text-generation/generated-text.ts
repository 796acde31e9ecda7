import { EnvelopeError } from '../../node';

/** What Text Generation Inference answers: `[{ "generated_text": "…" }]`, and without the list where it stands behind other servers. */
export function generatedText(body: Uint8Array | undefined): string {
  const answer = tryAnswer(body);
  const [first] = Array.isArray(answer) ? answer : [answer];
  const text = (first as { generated_text?: unknown } | null | undefined)?.generated_text;
  if (typeof text === 'string') return text;
  throw new EnvelopeError('MODEL_UNAVAILABLE', 'The model answered with something that is no text.');
}

function tryAnswer(body: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(body ?? []).toString());
  } catch {
    return undefined;
  }
}
