import { BedrockClientFactory, EnvelopeError } from 'cdk-plumbline/runtime';

const bedrock = BedrockClientFactory.create({ taskType: 'classification' });

/** A chat as the example's, but with its words in the code: the registry is the product's, and these functions are not. */
export async function handler(event: { body?: string }): Promise<{ answer: string }> {
  const { message } = JSON.parse(event.body ?? '{}') as { message?: string };
  if (message === undefined) throw new EnvelopeError('INVALID_REQUEST', 'message must be a text.');
  const { output } = await bedrock.converse({
    modelId: process.env.CHAT_MODEL,
    messages: [{ role: 'user', content: [{ text: `Answer in at most three sentences.\n\nCustomer: ${message}` }] }],
    inferenceConfig: { maxTokens: 300 },
  });
  return { answer: output?.message?.content?.map(block => block.text ?? '').join('') ?? '' };
}
