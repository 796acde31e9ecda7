import { ArnFormat, Stack } from 'aws-cdk-lib';
import { AccessLogDestinationConfig, AccessLogField, AccessLogFormat, IAccessLogDestination, IStageRef } from 'aws-cdk-lib/aws-apigateway';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/**
 * One JSON object a request. `extendedRequestId` is the `support_ref` of API Gateway's own error answers.
 *
 * Fields with text of the caller are left out: API Gateway fills them in as they are, which could break the JSON.
 */
export function accessLogFormat(): AccessLogFormat {
  return AccessLogFormat.custom(JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    extendedRequestId: AccessLogField.contextExtendedRequestId(),
    xrayTraceId: AccessLogField.contextXrayTraceId(),
    requestTimeEpoch: AccessLogField.contextRequestTimeEpoch(),
    apiId: AccessLogField.contextApiId(),
    stage: AccessLogField.contextStage(),
    httpMethod: AccessLogField.contextHttpMethod(),
    resourcePath: AccessLogField.contextResourcePath(),
    protocol: AccessLogField.contextProtocol(),
    sourceIp: AccessLogField.contextIdentitySourceIp(),
    status: AccessLogField.contextStatus(),
    errorResponseType: AccessLogField.contextErrorResponseType(),
    integrationStatus: AccessLogField.contextIntegrationStatus(),
    responseLength: AccessLogField.contextResponseLength(),
    responseLatencyMs: AccessLogField.contextResponseLatency(),
    integrationLatencyMs: AccessLogField.contextIntegrationLatency(),
  }));
}

/** A log group that is created in the stage it belongs to, and exists once the stage does. */
export class StageLogGroup implements IAccessLogDestination {
  private _logGroup?: ILogGroup;

  constructor(private readonly retention: RetentionDays) {}

  public get logGroup(): ILogGroup | undefined {
    return this._logGroup;
  }

  public bind(stage: IStageRef): AccessLogDestinationConfig {
    if (!Construct.isConstruct(stage)) throw new Error('StageLogGroup: the stage is not a construct, so nothing can be created in it');
    const logGroup = new LogGroup(stage, 'AccessLog', { retention: this.retention });
    this._logGroup = logGroup;
    return { destinationArn: arnWithoutStreams(logGroup) };
  }
}

/** API Gateway wants the ARN of the group; the CDK's ends in `:*`, unless a feature flag of the app says otherwise. */
function arnWithoutStreams(logGroup: ILogGroup): string {
  return Stack.of(logGroup).formatArn({
    service: 'logs', resource: 'log-group', resourceName: logGroup.logGroupName, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
