import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';

/** A chat on the SDK's own client, with a connection timeout and a socket timeout that look like a safety net. */
export async function handler({ endpoint, modelId }: { endpoint: string; modelId: string }): Promise<unknown> {
  const client = new BedrockRuntimeClient({ endpoint, requestHandler: { connectionTimeout: 1_000, socketTimeout: 1_000 } as object });
  const { output } = await client.send(new ConverseCommand({ modelId, messages: [{ role: 'user', content: [{ text: 'Hello' }] }] }));
  return output;
}
