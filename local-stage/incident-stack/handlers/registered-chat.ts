import { BedrockClientFactory, getPrompt } from 'cdk-plumbline/runtime';

const bedrock = BedrockClientFactory.create({ taskType: 'classification' });

/** The chat, with a prompt that comes from a registry and stands nowhere in the code. */
export async function handler(event: { body?: string }): Promise<{ answer: string }> {
  const { message } = JSON.parse(event.body ?? '{}') as { message: string };
  const prompt = await getPrompt('manga_system', { variables: { message } });
  return prompt.run(async () => {
    const { output } = await bedrock.converse({
      modelId: prompt.model,
      messages: [{ role: 'user', content: [{ text: prompt.messages[0].text }] }],
      inferenceConfig: prompt.parameters as { maxTokens: number },
    });
    return { answer: output?.message?.content?.map(block => block.text ?? '').join('') ?? '' };
  });
}
