import { Aspects, AspectPriority, RemovalPolicy } from 'aws-cdk-lib';
import { MethodLoggingLevel, RequestValidator, RestApi, RestApiProps, StageOptions } from 'aws-cdk-lib/aws-apigateway';
import { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { accessLogFormat, StageLogGroup } from './access-log';
import { EnvelopeGatewayResponses } from './envelope-gateway-responses';
import { createLoggingAccount, findMissingLoggingRole } from './logging-account';
import { AnswerMocksAsText, ValidateEveryMethod } from './method-aspects';
import { LOGGING, REST_API } from '../contract/data';
import { teachingError } from '../standards/teaching-error';
import { warnAtSynth } from '../standards/warnings';

const { stage: STAGE_DEFAULTS, requestValidation } = REST_API;

/** Properties of `StandardRestApi`. */
export interface StandardRestApiProps extends RestApiProps {
  /**
   * Origins of the pages that may call the API: each resource answers the browser's preflight with a mock and 204, and
   * API Gateway's own errors carry the same origins. For more than origins give `defaultCorsPreflightOptions` instead.
   *
   * @default - no page of another origin may call the API
   */
  readonly allowOrigins?: string[];

  /**
   * How long the access log is kept.
   *
   * @default RetentionDays.THREE_MONTHS
   */
  readonly accessLogRetention?: RetentionDays;
}

/**
 * A REST API as the standard wants it.
 *
 * - API Gateway's own answers are error envelopes, see `EnvelopeGatewayResponses`.
 * - Access log in JSON to a log group of its own; execution log of errors, without request and response data.
 * - X-Ray tracing, CloudWatch metrics, at most 100 requests a second with a burst of 200.
 * - Every method validates the parameters and the body that it declares.
 *
 * All of it is a default: `deployOptions` win.
 *
 * API Gateway can write logs once the account has a role for it in the Region; without one the stage cannot be deployed. The
 * role serves every API of the account, so it is left to whoever owns the account: with `cloudWatchRole: true` this construct
 * sets it, with a role of its own that holds no managed policy and stays when the stack goes; with `cloudWatchRole: false` you
 * say that it is there already. With neither, synth warns unless the app sets it elsewhere. The feature flag
 * `@aws-cdk/aws-apigateway:disableCloudWatchRole` changes nothing here.
 *
 * With `binaryMediaTypes` mock integrations, such as the preflights, read their requests as text: a mock takes no other.
 *
 * Who may call the API is left to the caller too; nothing about authorization or a web ACL is acknowledged here.
 */
export class StandardRestApi extends RestApi {
  /** The access log; undefined without a deployment, or with a destination of the caller's own. */
  public readonly accessLog?: ILogGroup;
  /** Validates the parameters and the body of every method without a validator of its own. */
  public readonly requestValidator: RequestValidator;
  /** The envelopes that API Gateway answers with. */
  public readonly gatewayResponses: EnvelopeGatewayResponses;

  constructor(scope: Construct, id: string, props: StandardRestApiProps = {}) {
    requireOneCorsSource(scope, id, props);
    const { allowOrigins, accessLogRetention, cloudWatchRole, cloudWatchRoleRemovalPolicy, ...restApiProps } = props;
    const logGroup = new StageLogGroup(accessLogRetention ?? LOGGING.retentionDays);
    super(scope, id, {
      defaultCorsPreflightOptions: allowOrigins?.length ? { allowOrigins } : undefined,
      ...restApiProps,
      cloudWatchRole: false,
      ...(cloudWatchRole ? {} : { cloudWatchRoleRemovalPolicy }),
      deployOptions: restApiProps.deploy === false ? restApiProps.deployOptions : stageOptions(logGroup, restApiProps.deployOptions),
    });
    this.accessLog = logGroup.logGroup;
    this.requestValidator = this.addRequestValidator('RequestValidator', requestValidation);
    this.latestDeployment?.addToLogicalId({ everyMethodValidates: true });
    Aspects.of(this).add(new ValidateEveryMethod(this.requestValidator.requestValidatorId), { priority: AspectPriority.MUTATING });
    Aspects.of(this).add(new AnswerMocksAsText(this), { priority: AspectPriority.MUTATING });
    this.gatewayResponses = new EnvelopeGatewayResponses(this, 'GatewayResponses', { restApi: this });
    if (cloudWatchRole) this.setLoggingAccount(cloudWatchRoleRemovalPolicy ?? RemovalPolicy.RETAIN);
    if (cloudWatchRole === undefined) warnAtSynth(this, () => [findMissingLoggingRole(this)]);
  }

  private setLoggingAccount(removalPolicy: RemovalPolicy): void {
    this.cloudWatchAccount = createLoggingAccount(this, removalPolicy);
    this.deploymentStage?.node.addDependency(this.cloudWatchAccount);
  }
}

function stageOptions(logGroup: StageLogGroup, given: StageOptions = {}): StageOptions {
  return {
    ...STAGE_DEFAULTS,
    loggingLevel: MethodLoggingLevel[STAGE_DEFAULTS.loggingLevel],
    ...given,
    accessLogDestination: given.accessLogDestination ?? logGroup,
    accessLogFormat: given.accessLogFormat ?? accessLogFormat(),
  };
}

function requireOneCorsSource(scope: Construct, id: string, { allowOrigins, defaultCorsPreflightOptions }: StandardRestApiProps): void {
  if (!allowOrigins || !defaultCorsPreflightOptions) return;
  throw teachingError(scope, {
    problem: `${id} was told twice which origins may call it`,
    given: { allowOrigins, defaultCorsPreflightOptions: { allowOrigins: defaultCorsPreflightOptions.allowOrigins } },
    allowed: 'allowOrigins, or defaultCorsPreflightOptions',
    fix: 'move the origins into defaultCorsPreflightOptions and remove allowOrigins',
  });
}
