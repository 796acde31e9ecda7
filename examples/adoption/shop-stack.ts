import { Duration, Stack, StackProps } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { CartService } from './services/cart';
import { ChatService } from './services/chat';
import { CoverService } from './services/cover';
import { DigestStack } from './services/digest';
import { PicksService } from './services/picks';
import { serviceCode } from './services/service-code';
import { Step } from './step';
import { BedrockTaskRole, CatalogMetric, StandardLambda } from 'cdk-plumbline';

const MODEL = 'amazon.nova-lite-v1:0';

/** Properties of the `ShopStack`. */
export interface ShopStackProps extends StackProps {
  /** How far the shop has come. */
  readonly step: Step;
}

/** What sells: chat and cart behind an HTTP API, covers, picks for the window, and a digest every week. */
export class ShopStack extends Stack {
  /** The table of the books. */
  public readonly titles: TableV2;

  constructor(scope: Construct, id: string, { step, ...props }: ShopStackProps) {
    super(scope, id, props);
    this.titles = new TableV2(this, 'Titles', { partitionKey: { name: 'isbn', type: AttributeType.STRING } });
    const writer = step >= Step.DONE ? this.createWriter() : undefined;
    const api = new HttpApi(this, 'Api');
    this.route(api, '/chat', new ChatService(this, 'Chat', { step, model: MODEL }).fn);
    this.route(api, '/cart', new CartService(this, 'Cart', { step }).fn);
    new CoverService(this, 'Cover', { writer });
    new PicksService(this, 'Picks', { step, model: MODEL });
    new DigestStack(this, 'Digest', { titles: this.titles, model: MODEL, writer });
  }

  private route(api: HttpApi, path: string, fn: IFunction): void {
    api.addRoutes({ path, methods: [HttpMethod.POST], integration: new HttpLambdaIntegration(`Integration${path.slice(1)}`, fn) });
  }

  /** Runs the model for those who cannot have the runtime layer: the container image and the state machine. */
  private createWriter(): StandardLambda {
    return new StandardLambda(this, 'Writer', {
      serviceName: 'writer',
      code: serviceCode('writer'),
      handler: 'index.handler',
      role: new BedrockTaskRole(this, 'WriterRole', { allowedModels: [MODEL] }),
      environment: { MODEL },
      timeout: Duration.seconds(90),
      memorySize: 512,
      alarms: [CatalogMetric.LATENCY_END_TO_END_MS, CatalogMetric.BEDROCK_INVOCATION_COUNT],
    });
  }
}
