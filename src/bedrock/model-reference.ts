/** Where a model's ARN stands: literals for a fixed environment, tokens otherwise. */
export interface ModelLocation {
  readonly partition: string;
  readonly region: string;
}

// provider.model-name with an optional version, as in anthropic.claude-3-haiku-20240307-v1:0 or amazon.titan-text-lite-v1:0:4k
const FOUNDATION_MODEL_ID = /^[a-z0-9]{1,63}\.[a-z0-9][a-z0-9._-]{0,62}(:[a-z0-9]{1,12}){0,2}$/;

/** Whether `id` has the form of a foundation-model id. */
export function isFoundationModelId(id: string): boolean {
  return FOUNDATION_MODEL_ID.test(id);
}

/** The exact ARN of a foundation model. Foundation models belong to no account. */
export function foundationModelArn(id: string, { partition, region }: ModelLocation): string {
  return `arn:${partition}:bedrock:${region}::foundation-model/${id}`;
}
