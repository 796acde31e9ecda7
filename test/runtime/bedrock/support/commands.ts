import {
  BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand, InvokeModelCommand, InvokeModelWithBidirectionalStreamCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { MODEL } from './test-client';

export type Operation =
  'Converse' | 'ConverseStream' | 'InvokeModel' | 'InvokeModelWithResponseStream' | 'InvokeModelWithBidirectionalStream';

export interface SendOptions {
  readonly abortSignal?: AbortSignal;
  readonly modelId?: string;
}

const messages = [{ role: 'user' as const, content: [{ text: 'Recommend a manga.' }] }];

/** Sends the command and reads the answer to its end; for a stream resolves to the number of its events, else to 1. */
export async function sendAndRead(
  client: BedrockRuntimeClient, operation: Operation, { abortSignal, modelId = MODEL }: SendOptions = {},
): Promise<number> {
  const options = { abortSignal };
  switch (operation) {
    case 'Converse':
      await client.send(new ConverseCommand({ modelId, messages }), options);
      return 1;
    case 'InvokeModel':
      await client.send(new InvokeModelCommand({ modelId, body: '{}' }), options);
      return 1;
    case 'ConverseStream':
      return eventsOf((await client.send(new ConverseStreamCommand({ modelId, messages }), options)).stream);
    case 'InvokeModelWithResponseStream':
      return eventsOf((await client.send(new InvokeModelWithResponseStreamCommand({ modelId, body: '{}' }), options)).body);
    case 'InvokeModelWithBidirectionalStream':
      return eventsOf((await client.send(new InvokeModelWithBidirectionalStreamCommand({ modelId, body: spokenWords() }), options)).body);
  }
}

async function eventsOf(stream: AsyncIterable<unknown> | undefined): Promise<number> {
  let events = 0;
  for await (const _event of stream ?? []) events += 1;
  return events;
}

async function* spokenWords() {
  for (const word of ['konnichiwa', 'sekai']) yield { chunk: { bytes: new TextEncoder().encode(word) } };
}
