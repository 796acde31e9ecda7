import { CfnEndpoint, CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { withDataCapture } from './captured-data';
import { EndpointOperationOptions } from './endpoint-operation-options';
import { endpointStartup, EndpointStartup } from './endpoint-startup';
import { Inference } from './inference';
import { InstanceLimits, instanceLimits, requireScalingTarget } from './instance-limits';
import { Scaled, scaleEndpoint } from './scale-endpoint';
import { requireStoppable, scheduleEndpoint } from './schedule-endpoint';
import { Serving } from './serving';
import { teachingError } from '../standards/teaching-error';

/** How an endpoint serves and is run, checked, before there is one. */
export interface EndpointOperation {
  readonly serving: Serving;
  readonly limits: InstanceLimits;
  readonly startup: EndpointStartup;
  readonly dataCapture?: CfnEndpointConfig.DataCaptureConfigProperty;
  /** Whether something but an update of the stack changes the number of instances. */
  readonly isScaled: boolean;
  readonly options: EndpointOperationOptions;
}

export function endpointOperation(scope: Construct, inference: Inference, options: EndpointOperationOptions): EndpointOperation {
  const bound = inference._bind(scope);
  const canBeZero = bound.kind !== 'realtime';
  requireStoppable(scope, bound, options.schedule);
  requireScaling(scope, bound, options);
  const { config, serving } = withDataCapture(scope, bound, options.dataCapture);
  return {
    serving,
    limits: instanceLimits(scope, { scaling: options.scaling, initial: inference._given, canBeZero }),
    startup: endpointStartup(scope, options),
    dataCapture: config,
    isScaled: options.scaling !== undefined || options.schedule !== undefined,
    options,
  };
}

/** Scales the endpoint, and stops it at its times. */
export function operateEndpoint(scope: Construct, { limits, options, isScaled }: EndpointOperation, scaled: Scaled): void {
  if (!isScaled) return;
  const { scaling, schedule } = options;
  const target = scaleEndpoint(scope, {
    scaled,
    limits,
    scaling: scaling && { ...scaling, target: requireScalingTarget(scope, scaled.kind === 'asynchronous', scaling.target) },
  });
  if (schedule) scheduleEndpoint(scope, target, limits, schedule);
}

/**
 * What an update keeps: the number of instances is the scaling's. Weights and the capture of data are the template's.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html
 */
export function retainedProperties({ isScaled }: EndpointOperation): Partial<ConstructorParameters<typeof CfnEndpoint>[2]> {
  return isScaled
    ? {
      retainAllVariantProperties: true,
      excludeRetainedVariantProperties: [{ variantPropertyType: 'DesiredWeight' }, { variantPropertyType: 'DataCaptureConfig' }],
    }
    : {};
}

function requireScaling(scope: Construct, { kind }: Serving, { scaling, schedule }: EndpointOperationOptions): void {
  if (kind !== 'component' || scaling || schedule) return;
  throw teachingError(scope, {
    problem: 'Nothing would take this endpoint to zero instances',
    given: 'Inference.realtime({ scaleToZero: true }) without scaling and schedule',
    allowed: 'scaleToZero with scaling, with a schedule, or with both',
    fix: 'scaling: { maxInstances: 2 }, or remove scaleToZero',
  });
}
