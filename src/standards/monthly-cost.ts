import { Stack, Token } from 'aws-cdk-lib';
import { CfnMethod, CfnStage } from 'aws-cdk-lib/aws-apigateway';
import { CfnAlarm, CfnCompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { IConstruct } from 'constructs';
import { AppAtSynth } from './app-at-synth';
import { customMetricsOf } from './information';
import { PRICES } from '../contract/data';

interface RegionPrices {
  readonly alarmMetric: number;
  readonly highResolutionAlarmMetric: number;
  readonly compositeAlarm: number;
  readonly customMetric: number;
}

const REGIONS: Readonly<Record<string, RegionPrices>> = PRICES.regions;

/** What a stack adds to the bill each month by being there: not what its requests cost. */
export interface MonthlyCost {
  readonly alarmMetrics: number;
  readonly compositeAlarms: number;
  readonly customMetrics: number;
  readonly apiMetrics: number;
  /** In dollars, without the free tier. */
  readonly total: number;
  /** The Region whose prices these are. */
  readonly pricedIn: string;
}

/** Counts the alarms and metrics among `constructs`, which are those of one stack. */
export function monthlyCost(stack: Stack, constructs: readonly IConstruct[]): MonthlyCost {
  const pricedIn = !Token.isUnresolved(stack.region) && stack.region in REGIONS ? stack.region : PRICES.fallbackRegion;
  const prices = REGIONS[pricedIn];
  const alarms = constructs.filter(CfnAlarm.isCfnResource).filter(one => one.cfnResourceType === CfnAlarm.CFN_RESOURCE_TYPE_NAME);
  const watched = alarms.map(alarm => watchedMetrics(alarm as CfnAlarm));
  const compositeAlarms = countOf(constructs, CfnCompositeAlarm.CFN_RESOURCE_TYPE_NAME);
  const customMetrics = new Set(constructs.flatMap(construct => [...customMetricsOf(construct)])).size;
  const apiMetrics = detailedApiMetrics(constructs);
  const ofAlarms = watched.reduce((sum, { metrics, isHighResolution }) =>
    sum + metrics * (isHighResolution ? prices.highResolutionAlarmMetric : prices.alarmMetric), 0);
  return {
    alarmMetrics: watched.reduce((sum, { metrics }) => sum + metrics, 0),
    compositeAlarms,
    customMetrics,
    apiMetrics,
    total: ofAlarms + compositeAlarms * prices.compositeAlarm + (customMetrics + apiMetrics) * prices.customMetric,
    pricedIn,
  };
}

interface WatchedMetrics {
  readonly metrics: number;
  readonly isHighResolution: boolean;
}

/** An alarm on a formula is charged for each metric in it. */
function watchedMetrics(alarm: CfnAlarm): WatchedMetrics {
  const { Metrics, Period } = AppAtSynth.of(alarm).properties(alarm);
  const queries = Array.isArray(Metrics) ? Metrics as { readonly MetricStat?: { readonly Period?: unknown } }[] : [];
  const stats = queries.flatMap(({ MetricStat }) => MetricStat ?? []);
  const periods = [Period, ...stats.map(stat => stat.Period)];
  return {
    metrics: Math.max(1, stats.length),
    isHighResolution: periods.some(period => typeof period === 'number' && period < PRICES.highResolutionBelowSeconds),
  };
}

/** Only of stages with detailed metrics; the others are free. A method is counted for each stage, whatever its API. */
function detailedApiMetrics(constructs: readonly IConstruct[]): number {
  const stages = constructs.filter(CfnStage.isCfnResource).filter(one => one.cfnResourceType === CfnStage.CFN_RESOURCE_TYPE_NAME);
  const detailed = stages.filter(stage => [AppAtSynth.of(stage).properties(stage).MethodSettings].flat()
    .some(setting => (setting as { MetricsEnabled?: unknown } | undefined)?.MetricsEnabled === true));
  return detailed.length * countOf(constructs, CfnMethod.CFN_RESOURCE_TYPE_NAME) * PRICES.apiMetrics.length;
}

function countOf(constructs: readonly IConstruct[], type: string): number {
  return constructs.filter(CfnAlarm.isCfnResource).filter(one => one.cfnResourceType === type).length;
}
