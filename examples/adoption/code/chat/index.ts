import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { questionOf } from './question';

const bedrock = new BedrockRuntimeClient({});

/** The handler as it was: its own client, its own shape of answers and errors. */
export async function handler(event: { readonly body?: string }): Promise<object> {
  const question = questionOf(event.body);
  if (question === undefined) return { statusCode: 400, body: JSON.stringify({ error: 'No question.' }) };
  const answer = await bedrock.send(new ConverseCommand({
    modelId: process.env.MODEL, messages: [{ role: 'user', content: [{ text: question }] }],
  }));
  return { statusCode: 200, body: JSON.stringify({ answer: answer.output?.message?.content?.[0].text }) };
}
