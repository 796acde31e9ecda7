import {
  AuthorizationType, CognitoUserPoolsAuthorizer, Cors, LambdaIntegration, MethodOptions, Period, UsagePlanProps,
} from 'aws-cdk-lib/aws-apigateway';
import { IUserPool } from 'aws-cdk-lib/aws-cognito';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { StandardRestApi } from '../api/standard-rest-api';
import { REST_API } from '../contract/data';

const { rateLimit, burstLimit, requestsADay } = REST_API.usagePlan;

const DEFAULT_PLAN: UsagePlanProps = { throttle: { rateLimit, burstLimit }, quota: { limit: requestsADay, period: Period.DAY } };

/** What the API of a platform has to know. */
interface PlatformApiProps {
  /** The address of the pages. */
  readonly origin: string;
  /** Headers that the pages send beside those of every API. */
  readonly requestHeaders?: readonly string[];
  readonly userPool?: IUserPool;
  readonly usagePlan?: UsagePlanProps;
  readonly cloudWatchRole?: boolean;
}

/** The API of a platform: whoever calls it signs in, or brings a key. */
export class PlatformApi extends StandardRestApi {
  private readonly methodOptions: MethodOptions;

  constructor(scope: Construct, id: string, props: PlatformApiProps) {
    const { origin, requestHeaders = [], userPool, usagePlan = userPool ? undefined : DEFAULT_PLAN, cloudWatchRole } = props;
    super(scope, id, {
      cloudWatchRole,
      defaultCorsPreflightOptions: { allowOrigins: [origin], allowHeaders: [...Cors.DEFAULT_HEADERS, ...requestHeaders] },
    });
    this.methodOptions = {
      apiKeyRequired: usagePlan !== undefined,
      ...userPool && {
        authorizer: new CognitoUserPoolsAuthorizer(this, 'Authorizer', { cognitoUserPools: [userPool] }),
        authorizationType: AuthorizationType.COGNITO,
      },
    };
    if (usagePlan) this.handOutKeys(usagePlan);
  }

  /** Lets a function answer the requests to a path. */
  public route(method: string, path: string, fn: IFunction): void {
    this.root.resourceForPath(path).addMethod(method, new LambdaIntegration(fn), this.methodOptions);
  }

  private handOutKeys(settings: UsagePlanProps): void {
    const plan = this.addUsagePlan('UsagePlan', settings);
    plan.addApiStage({ stage: this.deploymentStage });
    plan.addApiKey(this.addApiKey('Key'));
  }
}
