import type { APIGatewayProxyEvent } from 'aws-lambda';
import { jsonBody } from '../json-body';
import { compilePrompt } from './prompt';
import { BedrockClientFactory, emitMetric, EnvelopeError, withPrompt } from 'cdk-plumbline/runtime';

const LONGEST_MESSAGE = 4_000;

const bedrock = BedrockClientFactory.create({ taskType: 'classification' });

/** POST /chat {"message": "…"} */
export async function handler(event: APIGatewayProxyEvent): Promise<{ answer: string }> {
  const { message } = jsonBody(event);
  if (typeof message !== 'string' || message.trim() === '') throw new EnvelopeError('INVALID_REQUEST', 'message must be a text.');
  if (message.length > LONGEST_MESSAGE) {
    throw new EnvelopeError('CONTEXT_TOO_LARGE', `message may have at most ${LONGEST_MESSAGE} characters.`);
  }

  emitMetric('SessionCount', 1, { state: 'active' });
  const prompt = compilePrompt(message);
  return withPrompt(prompt.identity, async () => ({ answer: await ask(prompt.text) }));
}

async function ask(text: string): Promise<string> {
  const { output } = await bedrock.converse({
    modelId: process.env.CHAT_MODEL,
    messages: [{ role: 'user', content: [{ text }] }],
    inferenceConfig: { maxTokens: 300 },
  });
  return output?.message?.content?.map(block => block.text ?? '').join('') ?? '';
}
