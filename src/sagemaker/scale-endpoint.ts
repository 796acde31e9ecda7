import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import {
  AdjustmentType, MetricAggregationType, PredefinedMetric, ScalableTarget, ServiceNamespace, StepScalingAction,
} from 'aws-cdk-lib/aws-applicationautoscaling';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { ApplicationScalingAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EndpointScaling } from './endpoint-scaling';
import { InstanceLimits } from './instance-limits';
import { ScalingTarget } from './scaling-target';
import { Serving } from './serving';
import { ENDPOINT_SETTINGS } from '../contract/data';

const { scaling: SETTINGS } = ENDPOINT_SETTINGS;
const { fromZero: FROM_ZERO } = SETTINGS;

/** What is scaled: the instances of a variant, or the copies of a component, each of which has an instance of its own. */
export interface Scaled {
  readonly kind: Serving['kind'];
  readonly endpointName: string;
  readonly variant: string;
  /** Of a component. */
  readonly componentName?: string;
}

/** How it is scaled. */
export interface ScaleOptions {
  readonly scaled: Scaled;
  readonly limits: InstanceLimits;
  /** Undefined where nothing but a schedule changes the number. */
  readonly scaling?: EndpointScaling & { readonly target: ScalingTarget };
}

/**
 * Lets Application Auto Scaling change the number of instances. The target names the endpoint by a reference, so it is deleted first:
 * SageMaker deletes no endpoint that has one.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-delete-with-scaling.html
 */
export function scaleEndpoint(scope: Construct, { scaled, limits, scaling }: ScaleOptions): ScalableTarget {
  const { endpointName, variant, componentName } = scaled;
  const target = new ScalableTarget(scope, 'Scaling', {
    serviceNamespace: ServiceNamespace.SAGEMAKER,
    resourceId: componentName ? `inference-component/${componentName}` : `endpoint/${endpointName}/variant/${variant}`,
    scalableDimension: componentName ? SETTINGS.componentDimension : SETTINGS.variantDimension,
    minCapacity: limits.min,
    maxCapacity: limits.max,
    role: Role.fromRoleArn(scope, 'ScalingRole', serviceLinkedRole(scope)),
  });
  if (!scaling) return target;
  track(target, scaled, scaling);
  if (scaled.kind !== 'realtime') startFromZero(target, scaled);
  return target;
}

/** Without it the construct would make a role of its own, which the service does not use. */
function serviceLinkedRole(scope: Construct): string {
  return Stack.of(scope).formatArn({
    service: 'iam', region: '', resource: 'role', resourceName: SETTINGS.serviceLinkedRole, arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
}

function track(target: ScalableTarget, scaled: Scaled, scaling: EndpointScaling & { target: ScalingTarget }): void {
  const { _kind: kind, _count: targetValue } = scaling.target;
  target.scaleToTrackMetric('Traffic', {
    targetValue,
    scaleOutCooldown: scaling.scaleOutCooldown ?? Duration.seconds(SETTINGS.scaleOutCooldownSeconds),
    scaleInCooldown: scaling.scaleInCooldown ?? Duration.seconds(SETTINGS.scaleInCooldownSeconds),
    ...kind === 'backlog'
      ? { customMetric: metricOf(scaled, SETTINGS.backlogMetric, { statistic: 'Average' }) }
      : { predefinedMetric: PREDEFINED[kind][scaled.componentName ? 'component' : 'variant'] },
  });
}

const PREDEFINED = {
  invocationsPerMinute: {
    variant: PredefinedMetric.SAGEMAKER_VARIANT_INVOCATIONS_PER_INSTANCE,
    component: PredefinedMetric.SAGEMAKER_INFERENCE_COMPONENT_INVOCATIONS_PER_COPY,
  },
  concurrentRequests: {
    variant: PredefinedMetric.SAGEMAKER_VARIANT_CONCURRENT_REQUESTS_PER_MODEL_HIGH_RESOLUTION,
    component: PredefinedMetric.SAGEMAKER_INFERENCE_COMPONENT_CONCURRENT_REQUESTS_PER_COPY_HIGH_RESOLUTION,
  },
} as const;

/** A metric per instance says nothing where there is none, so another one starts the first. */
function startFromZero(target: ScalableTarget, scaled: Scaled): void {
  const action = new StepScalingAction(target, 'FromZero', {
    scalingTarget: target,
    adjustmentType: AdjustmentType.CHANGE_IN_CAPACITY,
    metricAggregationType: MetricAggregationType.MAXIMUM,
    cooldown: Duration.seconds(FROM_ZERO.cooldownSeconds),
  });
  action.addAdjustment({ adjustment: 1, lowerBound: 0 });
  const name = scaled.componentName ? FROM_ZERO.componentMetric : FROM_ZERO.asynchronousMetric;
  new Alarm(target, 'FromZeroAlarm', {
    alarmDescription: 'Requests come, and no instance runs: starts the first. Rings at each start, and calls nobody.',
    metric: metricOf(scaled, name, { statistic: 'Maximum', period: Duration.seconds(FROM_ZERO.periodSeconds) }),
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: FROM_ZERO.threshold,
    evaluationPeriods: FROM_ZERO.evaluationPeriods,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  }).addAlarmAction(new ApplicationScalingAction(action));
}

function metricOf(scaled: Scaled, metricName: string, options: { statistic: string; period?: Duration }): Metric {
  const { endpointName, componentName } = scaled;
  const dimensionsMap: Record<string, string> = componentName ? { InferenceComponentName: componentName } : { EndpointName: endpointName };
  return new Metric({ namespace: 'AWS/SageMaker', metricName, dimensionsMap, ...options });
}
