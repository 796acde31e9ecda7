export interface ProbeResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** An AbortSignal would do, and would cost a start more than the rest of this file. */
export interface Exchange {
  /** Settles when the request is on its way to the server, or will never be. */
  readonly sent: Promise<void>;
  readonly response: Promise<ProbeResponse>;
  cancel(reason: Error): void;
}

export interface HttpMessage {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ExchangeOptions {
  /** A success is known by its status: its body is not waited for. */
  readonly statusSuffices: boolean;
}
