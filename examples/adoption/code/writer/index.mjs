import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { BedrockClientFactory } from 'cdk-plumbline/runtime';

const bedrock = BedrockClientFactory.create({ taskType: 'synthesis' });

/** Writes what the caller asks for: `{ "ask": "What is new this week?" }`. */
export async function handler({ ask = 'What is new this week?' }) {
  const answer = await bedrock.send(new ConverseCommand({
    modelId: process.env.MODEL, messages: [{ role: 'user', content: [{ text: ask }] }],
  }));
  return { text: answer.output?.message?.content?.[0].text };
}
