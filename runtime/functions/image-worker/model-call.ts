import { readPixels, type Pixels } from './pixel-reader';
import { PLATFORMS } from '../../../src/contract/data';
import { EnvelopeError, SageMakerClientFactory } from '../../node';
import type { ImageRequest } from '../platform/image-request';
import { requireVariable } from '../platform/request-body';

const { picture, taskType, variables } = PLATFORMS.imageGeneration;

const endpointName = requireVariable(variables.endpoint);
const endpoints = SageMakerClientFactory.create({ taskType });

/** A job that another try does not mend. */
export class FinalError extends Error {
  public constructor(public readonly told: EnvelopeError, cause?: unknown) {
    super(told.message, { cause });
  }
}

/** The picture by the model, in the body that JumpStart's Stable Diffusion takes. */
export async function pictureBy({ prompt, negativePrompt, width, height, steps, guidanceScale }: ImageRequest): Promise<Pixels> {
  const { Body } = await endpoints.invokeEndpoint({
    EndpointName: endpointName,
    ContentType: 'application/json',
    Accept: 'application/json',
    Body: JSON.stringify({
      prompt,
      width,
      height,
      num_images_per_prompt: 1,
      num_inference_steps: steps,
      guidance_scale: guidanceScale,
      ...negativePrompt !== '' && { negative_prompt: negativePrompt },
    }),
  }).catch((error: unknown) => {
    throw isRefusal(error) ? new FinalError(new EnvelopeError('INVALID_REQUEST', 'The model refused the request.'), error) : error;
  });
  const pixels = readPixels(Body ?? new Uint8Array(), width, height);
  if (pixels.brightest > picture.blackAtMost) return pixels;
  const advice = 'The model made a black picture. Try another prompt, or the size it was trained at: 768 by 768.';
  throw new FinalError(new EnvelopeError('INVALID_REQUEST', advice));
}

/** What the container itself answers with 4xx, but for being busy. */
function isRefusal(error: unknown): boolean {
  const { name, OriginalStatusCode: status = 0 } = error as { name?: string; OriginalStatusCode?: number };
  return name === 'ModelError' && status >= 400 && status < 500 && status !== 429 && status !== 408;
}
