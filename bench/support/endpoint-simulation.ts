/** How an endpoint of the simulation behaves, whichever library made it. */
export interface World {
  /** Requests that an instance works on at once. */
  readonly concurrency: number;
  readonly answerSeconds: number;
  /** From the decision until the instance serves. */
  readonly startSeconds: number;
  readonly timeoutSeconds: number;
  readonly queueHours: number;
}

/** A template's resources. */
export type Resources = Record<string, { Type: string; Properties: any }>;

export interface Outcome {
  readonly requests: number;
  readonly lost: number;
  readonly instanceHours: number;
  /** Seconds from the first request that met no instance to the first answer after it; undefined where none met none. */
  readonly firstReplySeconds?: number;
  /** The longest wait for an answer. */
  readonly longestWaitSeconds: number;
}

const TICK = 10;
const TICKS_A_MINUTE = 60 / TICK;
/** What target tracking waits for, as the alarms that it makes say: 3 periods above, 15 minutes below nine tenths of the target. */
const PERIODS_ABOVE = 3;
const MINUTES_BELOW = 15;
const BELOW = 0.9;

type Kind = 'realtime' | 'component' | 'asynchronous';
type Sample = Record<string, number>;
/** The sets of dimensions under which SageMaker publishes the metrics of scaling. */
const PUBLISHED: Record<string, string[]> = {
  ApproximateBacklogSizePerInstance: ['EndpointName'],
  HasBacklogWithoutCapacity: ['EndpointName'],
  NoCapacityInvocationFailures: ['InferenceComponentName'],
};

/** Runs requests a second, one figure for each ten seconds, through the scaling of a template. */
export function simulate(resources: Resources, trace: readonly number[], world: World): Outcome {
  const of = (type: string) => Object.entries(resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties }]) => ({ id, ...Properties }));
  const [config] = of('AWS::SageMaker::EndpointConfig');
  const [target] = of('AWS::ApplicationAutoScaling::ScalableTarget');
  const isComponent = of('AWS::SageMaker::InferenceComponent').length > 0;
  const kind: Kind = config.AsyncInferenceConfig ? 'asynchronous' : isComponent ? 'component' : 'realtime';
  const policies = of('AWS::ApplicationAutoScaling::ScalingPolicy');
  const isPolicy = (action: any) => policies.some(({ id }) => action.Ref === id);
  const alarms = of('AWS::CloudWatch::Alarm').filter(({ AlarmActions }) => AlarmActions?.some(isPolicy));
  const tracking = policies.find(({ PolicyType }) => PolicyType === 'TargetTrackingScaling')?.TargetTrackingScalingPolicyConfiguration;

  let desired: number = config.ProductionVariants[0].InitialInstanceCount;
  let running = desired;
  const starting: number[] = [];
  const waiting: { at: number; count: number }[] = [];
  const history: Sample[] = [];
  let [lost, requests, instanceTicks, longest, lastOut, lastIn, work] = [0, 0, 0, 0, -Infinity, -Infinity, 0];
  let [metNone, firstReply]: (number | undefined)[] = [undefined, undefined];

  const scaleTo = (wanted: number, now: number, cooldown: number): void => {
    const next = Math.min(target.MaxCapacity, Math.max(target.MinCapacity, wanted));
    if (next > desired) {
      if (now - lastOut < cooldown) return;
      for (let added = desired; added < next; added++) starting.push(now + world.startSeconds);
      lastOut = now;
    } else if (next < desired) {
      if (now - lastIn < cooldown) return;
      running = Math.min(running, next);
      starting.length = Math.max(0, next - running);
      lastIn = now;
    }
    desired = next;
  };

  trace.forEach((rate, tick) => {
    const now = tick * TICK;
    running += starting.filter(at => at <= now).length;
    starting.splice(0, starting.length, ...starting.filter(at => at > now));
    const arrived = rate * TICK;
    requests += arrived;
    const refused = kind === 'component' && running === 0 ? arrived : 0;
    if (arrived > 0 && running === 0 && metNone === undefined) metNone = now;
    lost += refused;
    if (arrived > refused) waiting.push({ at: now, count: arrived - refused });
    let capacity = running * world.concurrency * TICK / world.answerSeconds;
    work = 0;
    while (capacity > 1e-9 && waiting.length > 0) {
      const taken = Math.min(capacity, waiting[0].count);
      capacity -= taken;
      work += taken;
      longest = Math.max(longest, now - waiting[0].at + world.answerSeconds);
      if (metNone !== undefined && firstReply === undefined) firstReply = now + world.answerSeconds - metNone;
      waiting[0].count -= taken;
      if (waiting[0].count <= 1e-9) waiting.shift();
    }
    const patience = kind === 'asynchronous' ? world.queueHours * 3600 : world.timeoutSeconds;
    while (waiting.length > 0 && now - waiting[0].at >= patience) lost += waiting.shift()!.count;
    instanceTicks += desired;

    // In work and waiting: SageMaker counts both, as concurrent requests and as the backlog.
    const open = work * world.answerSeconds / TICK + waiting.reduce((sum, { count }) => sum + count, 0);
    history.push({
      concurrent: running === 0 ? NaN : open / running,
      ApproximateBacklogSizePerInstance: open / Math.max(1, running),
      HasBacklogWithoutCapacity: running === 0 && open > 0 ? 1 : 0,
      NoCapacityInvocationFailures: refused > 0 ? 1 : 0,
    });
    if (!target) return;
    if (tracking) {
      const metric = tracking.CustomizedMetricSpecification?.MetricName ?? 'concurrent';
      const period = metric === 'concurrent' ? 1 : TICKS_A_MINUTE;
      const last = (ticks: number) => history.slice(-ticks).map(sample => sample[metric]);
      const above = last(PERIODS_ABOVE * period);
      const below = last(MINUTES_BELOW * TICKS_A_MINUTE);
      const average = above.reduce((sum, value) => sum + value, 0) / above.length;
      const wanted = Math.ceil(Math.max(1, running) * average / tracking.TargetValue);
      if (above.length === PERIODS_ABOVE * period && above.every(value => value > tracking.TargetValue)) {
        if (running > 0) scaleTo(Math.max(desired, wanted), now, tracking.ScaleOutCooldown);
      } else if (below.length === MINUTES_BELOW * TICKS_A_MINUTE && below.every(value => value < BELOW * tracking.TargetValue)) {
        if (starting.length === 0) scaleTo(Math.min(desired, wanted), now, tracking.ScaleInCooldown);
      }
    }
    if (tick % TICKS_A_MINUTE !== TICKS_A_MINUTE - 1) return;
    for (const alarm of alarms) {
      const names = alarm.Dimensions.map(({ Name }: { Name: string }) => Name).sort();
      if (names.join() !== PUBLISHED[alarm.MetricName]?.join()) continue;
      const periods = alarm.EvaluationPeriods * alarm.Period / TICK;
      const values = history.slice(-periods).map(sample => sample[alarm.MetricName]);
      const value = alarm.Statistic === 'Maximum' ? Math.max(...values) : values.reduce((sum, one) => sum + one, 0) / values.length;
      const rings = alarm.ComparisonOperator.startsWith('Greater') ? value >= alarm.Threshold : value <= alarm.Threshold;
      if (!rings || values.length < periods) continue;
      const policy = policies.find(({ id }) => alarm.AlarmActions.some((action: any) => action.Ref === id))!.StepScalingPolicyConfiguration;
      const distance = value - alarm.Threshold;
      const step = policy.StepAdjustments.find(({ MetricIntervalLowerBound: low = -Infinity, MetricIntervalUpperBound: high = Infinity }) =>
        distance >= low && distance < high || distance === high && distance <= 0);
      if (step) scaleTo(desired + step.ScalingAdjustment, now, policy.Cooldown ?? 0);
    }
  });
  return {
    requests: Math.round(requests),
    lost: Math.round(lost + waiting.reduce((sum, { count }) => sum + count, 0)),
    instanceHours: Math.round(instanceTicks * TICK / 360) / 10,
    firstReplySeconds: firstReply,
    longestWaitSeconds: longest,
  };
}
