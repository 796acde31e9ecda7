/** HTTP 200 and nothing in it, which no model answers with. Named as the service's own word for such trouble. */
export class EmptyAnswerError extends Error {
  public readonly name = 'ServiceUnavailableException';
  public readonly $fault = 'server';
  public readonly $metadata: { readonly httpStatusCode: number };

  public constructor(httpStatusCode: number) {
    super(`The service answered HTTP ${httpStatusCode} with nothing in it.`);
    this.$metadata = { httpStatusCode };
  }
}
