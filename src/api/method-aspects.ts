import { IAspect, Token } from 'aws-cdk-lib';
import { CfnMethod, CfnRestApi, ContentHandling, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { IConstruct } from 'constructs';
import { isResourceOf } from './resource-type';

/** `defaultMethodOptions.requestValidator` is ignored by the CDK, so methods get theirs once they are all there. */
export class ValidateEveryMethod implements IAspect {
  constructor(private readonly requestValidatorId: string) {}

  public visit(node: IConstruct): void {
    // A preflight has nothing to validate.
    if (isMethod(node) && node.httpMethod !== 'OPTIONS') node.requestValidatorId ??= this.requestValidatorId;
  }
}

/**
 * A mock integration takes text only: where the API reads a request as binary data, it answers 500, and no browser passes the
 * preflight.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
 */
export class AnswerMocksAsText implements IAspect {
  private isDeployedAgain = false;

  constructor(private readonly api: RestApi) {}

  public visit(node: IConstruct): void {
    if (!isMethod(node) || !this.readsBinaryData() || !isMockWithoutHandling(node)) return;
    node.addPropertyOverride('Integration.ContentHandling', ContentHandling.CONVERT_TO_TEXT);
    if (!this.isDeployedAgain) this.api.latestDeployment?.addToLogicalId({ mocksAnswerAsText: true });
    this.isDeployedAgain = true;
  }

  private readsBinaryData(): boolean {
    const { binaryMediaTypes } = this.api.node.defaultChild as CfnRestApi;
    return Token.isUnresolved(binaryMediaTypes) || (binaryMediaTypes ?? []).length > 0;
  }
}

function isMethod(node: IConstruct): node is CfnMethod {
  return isResourceOf(node, CfnMethod.CFN_RESOURCE_TYPE_NAME);
}

function isMockWithoutHandling({ integration }: CfnMethod): boolean {
  const { type, contentHandling } = (integration ?? {}) as CfnMethod.IntegrationProperty;
  return type === 'MOCK' && contentHandling === undefined;
}
