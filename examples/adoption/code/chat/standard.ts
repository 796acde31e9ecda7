import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { questionOf } from './question';
import { BedrockClientFactory, EnvelopeError } from 'cdk-plumbline/runtime';

const bedrock = BedrockClientFactory.create({ taskType: 'synthesis' });

/** The handler under the standard: the client has the timeouts of the policy, and an answer is plain data. */
export async function handler(event: { readonly body?: string }): Promise<object> {
  const question = questionOf(event.body);
  if (question === undefined) throw new EnvelopeError('INVALID_REQUEST', 'No question.');
  const answer = await bedrock.send(new ConverseCommand({
    modelId: process.env.MODEL, messages: [{ role: 'user', content: [{ text: question }] }],
  }));
  return { answer: answer.output?.message?.content?.[0].text };
}
