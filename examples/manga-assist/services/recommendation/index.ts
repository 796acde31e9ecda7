import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { retrieve, TitleChunk } from './titles';
import { emitMetric, EnvelopeError, partial } from 'cdk-plumbline/runtime';

const sagemaker = new SageMakerRuntimeClient({ maxAttempts: 1 });

/** GET /recommendations?query=… : titles, and a blurb by Falcon when it can be had. */
export async function handler(event: APIGatewayProxyEvent): Promise<unknown> {
  const query = event.queryStringParameters?.query?.trim();
  if (!query) throw new EnvelopeError('INVALID_REQUEST', 'query must be given.');

  const chunks = retrieve(query);
  emitMetric('RetrievalChunkCount', chunks.length, { index_name: 'titles' });
  const titles = chunks.map(chunk => chunk.titleId);
  try {
    return { titles, blurb: await blurb(query, chunks) };
  } catch (error) {
    return partial(
      { titles, blurb: null },
      new EnvelopeError('MODEL_UNAVAILABLE', 'The blurb could not be written now.', { cause: error }),
    );
  }
}

async function blurb(query: string, chunks: TitleChunk[]): Promise<string> {
  const inputs = `Recommend to a reader who asked for "${query}":\n${chunks.map(chunk => chunk.text).join('\n')}`;
  const { Body } = await sagemaker.send(new InvokeEndpointCommand({
    EndpointName: process.env.ENDPOINT_NAME,
    ContentType: 'application/json',
    Body: JSON.stringify({ inputs, parameters: { max_new_tokens: 100 } }),
  }));
  const [{ generated_text: text }] = JSON.parse(Buffer.from(Body).toString('utf8')) as [{ generated_text: string }];
  return text;
}
