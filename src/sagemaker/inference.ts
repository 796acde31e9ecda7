import { Construct } from 'constructs';
import { asynchronousServing } from './asynchronous-serving';
import { AsynchronousInferenceOptions, RealtimeInferenceOptions } from './inference-options';
import { realtimeServing, Serving } from './serving';

/** How callers are served. */
export class Inference {
  /** Callers wait for the answer, for up to 60 seconds; instances run all the time. */
  public static realtime(options: RealtimeInferenceOptions = {}): Inference {
    return new Inference(options.initialInstanceCount ?? 1, () => realtimeServing());
  }

  /**
   * Callers hand in a request and find the answer in S3 later: for answers that take up to an hour, for requests of up to 1 GB, and for
   * endpoints without an instance while nobody asks.
   *
   * Errors: no output; a bucket or topic of another Region; a prefix with a wildcard or a slash at an end; a concurrency outside 1 to 1000.
   */
  public static asynchronous(options: AsynchronousInferenceOptions): Inference {
    return new Inference(options?.initialInstanceCount ?? 1, scope => asynchronousServing(scope, options));
  }

  private constructor(
    /** How many instances the endpoint starts with. */
    public readonly initialInstanceCount: number,
    private readonly servingOf: (scope: Construct) => Serving,
  ) {}

  /**
   * What this means for the endpoint at `scope`; errors name the endpoint.
   *
   * @internal
   */
  public _bind(scope: Construct): Serving {
    return this.servingOf(scope);
  }
}
