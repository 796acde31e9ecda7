export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
  readonly milliseconds: number;
}

/** Sends real HTTP requests to an API of the local AWS. */
export class ApiClient {
  constructor(private readonly baseUrl: string) {}

  public async send(method: string, path: string, body?: object): Promise<ApiAnswer> {
    const start = Date.now();
    const response = await fetch(`${this.baseUrl}/${path}`, {
      method, ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: response.status, body: await response.text(), milliseconds: Date.now() - start };
  }
}

export interface Envelope {
  readonly status: string;
  readonly request_id: string;
  readonly data: unknown;
  readonly error: { readonly code: string; readonly message: string; readonly retryable: boolean; readonly support_ref: string } | null;
}

/** The answer as an envelope; undefined when it is anything else. */
export function envelopeIn({ body }: ApiAnswer): Envelope | undefined {
  try {
    const parsed = JSON.parse(body) as Envelope;
    return Object.keys(parsed).sort().join() === 'data,error,request_id,status' ? parsed : undefined;
  } catch {
    return undefined;
  }
}
