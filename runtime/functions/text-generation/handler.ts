import { generatedText } from './generated-text';
import { PLATFORMS } from '../../../src/contract/data';
import { EnvelopeError, SageMakerClientFactory } from '../../node';
import { type ApiRequest, lengthOf, requireNoProblems, requireObject, requireVariable, unknownFields } from '../platform/request-body';

const { parameters, prompt, taskType, text: LIMITS, variables } = PLATFORMS.textGeneration;

const endpointName = requireVariable(variables.endpoint);
const endpoints = SageMakerClientFactory.create({ taskType });

/** POST { "text": "…" }: answers { "summary": "…" }. */
export const handler = async (request: ApiRequest): Promise<{ summary: string }> => {
  const text = requireText(requireObject(request));
  const { Body } = await endpoints.invokeEndpoint({
    EndpointName: endpointName,
    ContentType: 'application/json',
    Accept: 'application/json',
    Body: JSON.stringify({ inputs: `${prompt.before}${text}${prompt.after}`, parameters }),
  });
  return { summary: summaryOf(generatedText(Body)) };
};

function requireText(body: Record<string, unknown>): string {
  requireNoProblems(unknownFields(body, ['text']));
  const { text } = body;
  if (typeof text !== 'string') throw new EnvelopeError('INVALID_REQUEST', 'text is missing, or is no text.');
  const collapsed = text.replace(/\s+/gu, ' ').trim();
  const length = lengthOf(collapsed);
  if (length < LIMITS.minLength) throw new EnvelopeError('INVALID_REQUEST', 'text is empty.');
  if (length > LIMITS.maxLength) {
    throw new EnvelopeError('CONTEXT_TOO_LARGE', `text has ${length} characters, at most ${LIMITS.maxLength} are allowed. Shorten it.`);
  }
  return collapsed;
}

/** A stop sequence ends the text and stands in it. */
function summaryOf(text: string): string {
  const ends = parameters.stop.map(stop => text.indexOf(stop)).filter(at => at >= 0);
  const summary = text.slice(0, Math.min(text.length, ...ends)).trim();
  if (summary === '') throw new EnvelopeError('MODEL_UNAVAILABLE', 'The model answered with nothing. Retry.');
  return summary;
}
