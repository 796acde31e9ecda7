import { Alias, IFunction } from 'aws-cdk-lib/aws-lambda';
import { OPERATIONS } from '../contract/data';

/** A synthetic request over HTTP. */
export interface SyntheticHttpOptions {
  /**
   * The method.
   *
   * @default "POST" with bodies, else "GET"
   */
  readonly method?: string;

  /**
   * Headers of each request. They stand in the template: nothing secret.
   *
   * @default - `content-type: application/json` with bodies, else none
   */
  readonly headers?: { [name: string]: string };

  /**
   * The bodies, sent in turn.
   *
   * @default - requests without a body
   */
  readonly bodies?: string[];
}

/** What `SyntheticRequests` hands to the gate. */
interface SyntheticRequestsConfig {
  /** The function that is invoked, if any. */
  readonly target?: IFunction;
  /** The alias of it, if any. */
  readonly qualifier?: string;
  /** What the gate's function reads, as JSON. */
  readonly settings: { [name: string]: any };
}

/**
 * The requests that a `PresenceGate` sends. Each is marked, so that the service can tell it from those of its users: with the header
 * `x-plumbline-synthetic`, and where a function is invoked, with `custom.plumbline_synthetic` in its client context, too.
 *
 * They are real: what they write is written, and what they ask of a model is paid for.
 */
export class SyntheticRequests {
  /** The header that marks a request. */
  public static readonly HEADER: string = OPERATIONS.presenceGate.header;

  /**
   * Invocations of a function, best of the alias that traffic goes to.
   *
   * @param target the function or alias
   * @param payloads the events, sent in turn; one of API Gateway with `requestContext` and `headers` is answered as a request over HTTP is
   */
  public static invoke(target: IFunction, payloads: any[]): SyntheticRequests {
    // The alias has the gate in its update policy: a reference back to it would be a circle.
    const [fn, qualifier] = target instanceof Alias ? [target.lambda, target.aliasName] : [target, undefined];
    return new SyntheticRequests({ target: fn, qualifier, settings: { functionArn: fn.functionArn, qualifier, payloads } });
  }

  /**
   * Requests over HTTP to one address.
   *
   * @param url the address, with its path
   */
  public static http(url: string, options: SyntheticHttpOptions = {}): SyntheticRequests {
    const { bodies = [] } = options;
    const method = options.method ?? (bodies.length > 0 ? 'POST' : 'GET');
    const headers = options.headers ?? (bodies.length > 0 ? { 'content-type': 'application/json' } : {});
    return new SyntheticRequests({ settings: { url, method, headers, bodies } });
  }

  private constructor(private readonly config: SyntheticRequestsConfig) {}

  /**
   * For the gate.
   *
   * @internal
   */
  public _config(): SyntheticRequestsConfig {
    return this.config;
  }
}
