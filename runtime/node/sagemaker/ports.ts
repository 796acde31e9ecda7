/** The dimensions of a call to an endpoint. */
export interface CountedEndpointCall {
  readonly endpoint_name: string;
  readonly task_type: string;
}

/** What the client needs from its surroundings: somewhere to tell what it did, and how long it may take. */
export interface SageMakerPorts {
  /** Milliseconds until Lambda ends the function; Infinity where nothing does. */
  remainingTimeMs(): number;
  /** One line about a finished call, a stream that ended, or one that broke off, by its key among the contract's log events. */
  log(event: 'sageMakerCall' | 'sageMakerStreamEnded' | 'sageMakerStreamFailed', fields: Readonly<Record<string, unknown>>): void;
  /** One call, with which nothing was throttled yet. */
  countInvocation(dimensions: CountedEndpointCall): void;
  /** One attempt that was throttled, by the service or by the container. */
  countThrottling(dimensions: { readonly endpoint_name: string }): void;
}
