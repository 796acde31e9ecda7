export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
  readonly milliseconds: number;
}

/** Sends real HTTP requests to an API of the local AWS. */
export class ApiClient {
  constructor(private readonly baseUrl: string) {}

  /** A text is sent as it is, anything else as its JSON. */
  public async send(method: string, path: string, body?: object | string, headers: Record<string, string> = {}): Promise<ApiAnswer> {
    const start = Date.now();
    const response = await fetch(`${this.baseUrl}/${path}`, {
      method,
      headers: { ...body !== undefined && { 'content-type': 'application/json' }, ...headers },
      ...body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) },
    });
    return { status: response.status, body: await response.text(), headers: response.headers, milliseconds: Date.now() - start };
  }
}

export interface Envelope {
  readonly status: string;
  readonly request_id: string;
  readonly data: unknown;
  readonly error: { readonly code: string; readonly message: string; readonly retryable: boolean; readonly support_ref: string } | null;
}

/** The answer as an envelope; undefined when it is anything else. */
export function envelopeIn({ body }: Pick<ApiAnswer, 'body'>): Envelope | undefined {
  try {
    const parsed = JSON.parse(body) as Envelope;
    return Object.keys(parsed).sort().join() === 'data,error,request_id,status' ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** The status of the envelope, or the code of its error. */
export function saidIn(answer: ApiAnswer): string {
  const envelope = envelopeIn(answer);
  if (!envelope) return 'no envelope';
  return envelope.status === 'error' ? envelope.error!.code : envelope.status;
}
