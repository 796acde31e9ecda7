import { alarmState, AlarmState, DOCUMENTED_LOOK_BACK, MissingData, Point } from './alarm-state';
import { MetricData, ReadSeries, seriesKey } from './metric-data';
import { mathValue } from './metric-math';
import { MuteRuleProperties, MuteWindow } from './mute-rules';

interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

/** One of the metrics, or the expression, of an alarm on metric math. */
interface MetricQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly ReturnData?: boolean;
  readonly MetricStat?: {
    readonly Metric: { readonly Namespace: string; readonly MetricName: string; readonly Dimensions?: readonly Dimension[] };
    readonly Period: number;
    readonly Stat: string;
  };
}

/** An `AWS::CloudWatch::Alarm` of a template. */
export interface AlarmProperties {
  readonly AlarmName: string;
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly Dimension[];
  readonly Period?: number;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Metrics?: readonly MetricQuery[];
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly TreatMissingData?: MissingData;
  readonly AlarmActions?: readonly unknown[];
}

const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** An alarm of a template, evaluated once a minute as CloudWatch does. */
export class Alarm {
  public state: AlarmState = 'INSUFFICIENT_DATA';
  public readonly name: string;
  /** The series that it reads, itself or by metric math, by the ids of metric math. */
  private readonly readSeries: ReadonlyMap<string, ReadSeries>;
  private readonly queries: readonly MetricQuery[];

  constructor(public readonly properties: AlarmProperties, private readonly muteWindows: readonly MuteWindow[] = []) {
    this.name = properties.AlarmName;
    this.queries = properties.Metrics ?? [queryOf(properties)];
    this.readSeries = new Map(this.queries.flatMap(({ Id, MetricStat }) => (MetricStat ? [[Id, seriesOf(MetricStat)]] : [])));
  }

  public get series(): ReadSeries[] {
    return [...this.readSeries.values()];
  }

  public get tellsAlarm(): boolean {
    return (this.properties.AlarmActions ?? []).length > 0;
  }

  public isMuted(at: number): boolean {
    return this.muteWindows.some(window => window.isOpen(at));
  }

  /** Looks at the periods that end with `at`, in seconds; the state is the answer. */
  public evaluate(data: MetricData, at: number, lookBack = DOCUMENTED_LOOK_BACK): AlarmState {
    const { EvaluationPeriods: evaluationPeriods, DatapointsToAlarm = evaluationPeriods, TreatMissingData = 'missing' } = this.properties;
    const rule = { evaluationPeriods, datapointsToAlarm: DatapointsToAlarm, treatMissingData: TreatMissingData };
    const [{ periodSeconds }] = this.readSeries.values();
    const ends = Array.from({ length: evaluationPeriods + lookBack }, (_, index) => at - index * periodSeconds).reverse();
    this.state = alarmState(ends.map(end => this.pointAt(data, end)), rule, this.state);
    return this.state;
  }

  private pointAt(data: MetricData, end: number): Point {
    const { Threshold, ComparisonOperator } = this.properties;
    const result = this.queries.find(({ ReturnData = true }) => ReturnData)!;
    const value = this.tryValue(result, data, end);
    return value === undefined ? undefined : COMPARISONS[ComparisonOperator](value, Threshold) ? 'breaching' : 'within';
  }

  private tryValue({ Id, Expression }: MetricQuery, data: MetricData, end: number): number | undefined {
    const series = this.readSeries.get(Id);
    if (series) return data.tryStatistic(series, end);
    return mathValue(Expression!, id => this.tryValue(this.queries.find(query => query.Id === id)!, data, end));
  }
}

function queryOf(properties: AlarmProperties): MetricQuery {
  const { Namespace, MetricName, Dimensions, Period, Statistic, ExtendedStatistic } = properties;
  const Metric = { Namespace: Namespace!, MetricName: MetricName!, Dimensions };
  return { Id: 'm', MetricStat: { Metric, Period: Period!, Stat: Statistic ?? ExtendedStatistic! } };
}

function seriesOf({ Metric, Period, Stat }: NonNullable<MetricQuery['MetricStat']>): ReadSeries {
  const dimensions = Object.fromEntries((Metric.Dimensions ?? []).map(({ Name, Value }) => [Name, Value]));
  const series = { namespace: Metric.Namespace, name: Metric.MetricName, dimensions };
  return { ...series, key: seriesKey(series), statistic: Stat, periodSeconds: Period };
}

/** A template as far as alarms are in it. */
export interface AlarmTemplate {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: unknown }>>;
}

/** The alarms of a template, each with the mute rules that name it. */
export function alarmsOf({ Resources }: AlarmTemplate): Alarm[] {
  const ofType = (type: string): [string, unknown][] =>
    Object.entries(Resources).filter(([, { Type }]) => Type === type).map(([id, { Properties }]) => [id, Properties]);
  const muteRules = ofType('AWS::CloudWatch::AlarmMuteRule').map(([, properties]) => properties as MuteRuleProperties);
  return ofType('AWS::CloudWatch::Alarm').map(([id, given]) => {
    const properties = { AlarmName: id, ...given as object } as AlarmProperties;
    const targets = [{ Ref: id }, properties.AlarmName].map(target => JSON.stringify(target));
    const own = muteRules.filter(({ MuteTargets }) => MuteTargets?.AlarmNames.some(name => targets.includes(JSON.stringify(name))));
    return new Alarm(properties, own.map(rule => new MuteWindow(rule)));
  });
}
