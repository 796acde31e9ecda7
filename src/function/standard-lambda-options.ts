import { ILayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Envelope } from './envelope';
import { HandlerKind } from './handler-kind';
import { IamProbe } from './iam-probe';
import { ServiceTraffic } from './service-traffic';
import { CatalogMetric } from '../observability/catalog-metric';

/** What the standard needs to know of a function. */
export interface StandardLambdaOptions {
  /**
   * The service this function belongs to: the `service_name` dimension of its metrics, and part of its alarms' names.
   *
   * Letters, digits, `.`, `_` and `-`, a letter first, at most 64. Functions of one service may share it.
   */
  readonly serviceName: string;

  /**
   * How results and errors leave the function.
   *
   * @default HandlerKind.AUTO; HandlerKind.EVENT for a durable function, which cannot be API or STREAM
   */
  readonly kind?: HandlerKind;

  /**
   * Whether the answers of the function leave in the envelope. Probe, metrics, alarms and log stay whatever it is.
   *
   * For a function that has callers already: with `Envelope.LOG_ONLY` its answers stay as they are until its team says so, and the log
   * says what would change. `allowOrigins` has no effect without the envelope.
   *
   * @default Envelope.ON
   * @see https://github.com/cdk-plumbline/cdk-plumbline/blob/main/docs/operating.md#the-envelope-step-by-step
   */
  readonly envelope?: Envelope;

  /**
   * What the function checks of its role while it starts.
   *
   * @default - `IamProbe.BASIC` with a `BedrockTaskRole`, else `IamProbe.NONE`
   */
  readonly probe?: IamProbe;

  /**
   * The origins whose pages may read the function's answers, such as `https://shop.example`, or `*`; the same as the
   * `allowOrigins` of a `StandardRestApi`. Only for `HandlerKind.AUTO` and `HandlerKind.API`.
   *
   * @default - answers carry no CORS header of the runtime's
   */
  readonly allowOrigins?: string[];

  /**
   * The metrics whose silence is a fault of this service, each with a `MissingMetricAlarm`.
   *
   * An alarm on internal errors and one on failed starts are always there. A service that is called once a day or less has
   * none of these alarms, and perhaps a `MissingMetricAlarm` of its own with a `period` of a day: see `traffic`.
   *
   * @default - `LATENCY_END_TO_END_MS`, and `BEDROCK_INVOCATION_COUNT` with a `BedrockTaskRole`; none with `ServiceTraffic.SPORADIC`
   */
  readonly alarms?: CatalogMetric[];

  /**
   * The runtime layer of this library, signed by a signing profile of yours, where code signing is enforced: Lambda then takes no layer
   * that nobody signed. The same files, of the same version of the library.
   *
   * @default - the library's own layer, which is not signed
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html
   */
  readonly runtimeLayer?: ILayerVersion;

  /**
   * How the service is called outside the mute window. With `SPORADIC` its silence sets off no alarm; an alarm on answers that
   * take more than 90 % of the function's time-out stands in for it, and stays quiet while nobody calls.
   *
   * @default ServiceTraffic.STEADY
   */
  readonly traffic?: ServiceTraffic;
}
