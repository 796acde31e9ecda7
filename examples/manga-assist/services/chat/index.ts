import type { APIGatewayProxyEvent } from 'aws-lambda';
import { jsonBody } from '../json-body';
import { BedrockClientFactory, emitMetric, EnvelopeError, getPrompt, type Prompt } from 'cdk-plumbline/runtime';

const bedrock = BedrockClientFactory.create({ taskType: 'classification' });

/** POST /chat {"message": "…", "session_id": "…"}: one session sees one version of the prompt, also while another one is tried. */
export async function handler(event: APIGatewayProxyEvent): Promise<{ answer: string }> {
  const { message, session_id } = jsonBody(event);
  if (typeof message !== 'string' || message.trim() === '') throw new EnvelopeError('INVALID_REQUEST', 'message must be a text.');
  if (session_id !== undefined && !isId(session_id)) {
    throw new EnvelopeError('INVALID_REQUEST', 'session_id must be an id of letters, digits and dashes, or be left out.');
  }

  emitMetric('SessionCount', 1, { state: 'active' });
  const prompt = await getPrompt('manga_system', { variables: { message }, sessionKey: session_id });
  return prompt.run(async () => ({ answer: await ask(prompt) }));
}

async function ask(prompt: Prompt): Promise<string> {
  const { output } = await bedrock.converse(prompt.converseInput());
  return output?.message?.content?.map(block => block.text ?? '').join('') ?? '';
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9-]{1,64}$/.test(value);
}
