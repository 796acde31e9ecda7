/**
 * What one instance should have to do: with more, instances are added; with less, they go.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-policy.html
 */
export class ScalingTarget {
  /** Requests that one instance answers in a minute. For real-time endpoints whose answers take about as long as each other. */
  public static invocationsPerMinute(count: number): ScalingTarget {
    return new ScalingTarget('invocationsPerMinute', count);
  }

  /** Requests that one instance works on at a time, measured every ten seconds. For real-time endpoints of language models. */
  public static concurrentRequests(count: number): ScalingTarget {
    return new ScalingTarget('concurrentRequests', count);
  }

  /** Requests that wait for one instance. For asynchronous endpoints. */
  public static backlog(count: number): ScalingTarget {
    return new ScalingTarget('backlog', count);
  }

  private constructor(
    /**
     * Which of these it is.
     *
     * @internal
     */
    public readonly _kind: ScalingTargetKind,
    /**
     * How many.
     *
     * @internal
     */
    public readonly _count: number,
  ) {}
}

export type ScalingTargetKind = 'invocationsPerMinute' | 'concurrentRequests' | 'backlog';
