/** HTTP 200 and nothing in it, which no command of Bedrock answers with. Named as the service's own word for such trouble. */
export class EmptyAnswerError extends Error {
  public readonly name = 'ServiceUnavailableException';
  public readonly $fault = 'server';
  public readonly $metadata: { readonly httpStatusCode: number };

  public constructor(httpStatusCode: number) {
    super(`Amazon Bedrock answered HTTP ${httpStatusCode} with nothing in it.`);
    this.$metadata = { httpStatusCode };
  }
}
