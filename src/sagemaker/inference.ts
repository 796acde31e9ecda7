import { Construct } from 'constructs';
import { asynchronousServing } from './asynchronous-serving';
import { AsynchronousInferenceOptions, RealtimeInferenceOptions } from './inference-options';
import { realtimeServing, Serving } from './serving';

/** How callers are served. */
export class Inference {
  /** Callers wait for the answer, for up to 60 seconds; an instance runs all the time, except with `scaleToZero`. */
  public static realtime(options: RealtimeInferenceOptions = {}): Inference {
    return new Inference(options.initialInstanceCount, () => realtimeServing(options.scaleToZero ?? false));
  }

  /**
   * Callers hand in a request and find the answer in S3 later: for answers that take up to an hour, for requests of up to 1 GB, and for
   * endpoints without an instance while nobody asks.
   *
   * Errors: no output; a bucket or topic of another Region; a prefix with a wildcard or a slash at an end; a concurrency outside 1 to 1000.
   */
  public static asynchronous(options: AsynchronousInferenceOptions): Inference {
    return new Inference(options?.initialInstanceCount, scope => asynchronousServing(scope, options));
  }

  /** How many instances the endpoint starts with, as far as nothing else wants more. */
  public readonly initialInstanceCount: number;

  private constructor(
    /**
     * The number that was given.
     *
     * @internal
     */
    public readonly _given: number | undefined,
    private readonly servingOf: (scope: Construct) => Serving,
  ) {
    this.initialInstanceCount = _given ?? 1;
  }

  /**
   * What this means for the endpoint at `scope`; errors name the endpoint.
   *
   * @internal
   */
  public _bind(scope: Construct): Serving {
    return this.servingOf(scope);
  }
}
