import { CfnOutput, Duration } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { FunctionUrlAuthType, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Construct } from 'constructs';
import { bundled } from './service-code';
import { envelopeAt, Step } from '../step';
import { StandardLambdaMixin } from 'cdk-plumbline';

/** Properties of the `CartService`. */
export interface CartServiceProps {
  /** How far the shop has come. */
  readonly step: Step;
}

/** Keeps carts; it calls no model, and is reached by the API and by its own URL. */
export class CartService extends Construct {
  /** The function behind the API. */
  public readonly fn: NodejsFunction;

  constructor(scope: Construct, id: string, { step }: CartServiceProps) {
    super(scope, id);
    const carts = new TableV2(this, 'Carts', { partitionKey: { name: 'cart', type: AttributeType.STRING } });
    this.fn = new NodejsFunction(this, 'Function', {
      ...bundled('cart'),
      runtime: Runtime.NODEJS_22_X,
      timeout: Duration.seconds(10),
      memorySize: 512,
      environment: { CARTS_TABLE: carts.tableName },
    });
    carts.grantReadWriteData(this.fn);
    const url = this.fn.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
    new CfnOutput(this, 'Url', { value: url.url });
    if (step >= Step.LAYER) this.fn.with(new StandardLambdaMixin({ serviceName: 'cart', envelope: envelopeAt(step) }));
  }
}
