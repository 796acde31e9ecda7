import { join } from 'path';
import { CfnOutput, Duration, Stack, StackProps, Validations } from 'aws-cdk-lib';
import { LambdaIntegration } from 'aws-cdk-lib/aws-apigateway';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, IFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { AlarmTopic } from './alarm-topic';
import { GradualDeployment } from './gradual-deployment';
import { PicksService } from './picks-service';
import { serviceCode } from './service-code';
import {
  BedrockTaskRole,
  CatalogMetric,
  ErrorCodeAlarms,
  FactoryBypassDetector,
  GenAiEndpoint,
  GenAiModel,
  MissingMetricAlarm,
  PromptDriftAudit,
  PromptRegistry,
  StandardLambdaMixin,
  StandardLambda,
  StandardRestApi,
  Standards,
} from 'cdk-plumbline';

const SHOP_PAGES = ['https://manga-assist.example'];
const CHAT_MODEL = 'amazon.nova-lite-v1:0';

// API Gateway waits 29 s for an answer; a function that ends before can still answer in the envelope.
const ANSWER_WITHIN = Duration.seconds(28);

/** Properties of the `MangaAssistStack`. */
export interface MangaAssistStackProps extends StackProps {
  /** The environment: the dimension of every metric. */
  readonly environment: string;
}

/** A manga shop's assistant: chat, cart and recommendations behind one API, and a container that writes picks for the shop window. */
export class MangaAssistStack extends Stack {
  private readonly prompts: PromptRegistry;

  constructor(scope: Construct, id: string, props: MangaAssistStackProps) {
    super(scope, id, props);
    Standards.apply(this, {
      product: 'MangaAssist',
      environment: props.environment,
      alarmTopic: new AlarmTopic(this, 'AlarmTopic'),
    });
    this.prompts = this.createPrompts(props.environment);
    const api = this.createApi();
    const { live } = new GradualDeployment(this, 'ChatDeployment', {
      fn: this.createChat(), serviceName: 'chat', body: { message: 'Is there a manga about cooks in space?' },
    });
    this.route(api, 'POST', 'chat', live);
    this.route(api, 'POST', 'cart', this.createCart());
    this.route(api, 'GET', 'recommendations', this.createRecommendation());
    new PicksService(this, 'Picks', { model: CHAT_MODEL });
    new MissingMetricAlarm(this, 'ProductSilent', { metric: CatalogMetric.BEDROCK_INVOCATION_COUNT });
    new ErrorCodeAlarms(this, 'Errors');
    new FactoryBypassDetector(this, 'BypassDetector');
  }

  /** Of `prompts/`: the pipeline alone publishes them, and a version serves in staging before customers get it. */
  private createPrompts(environment: string): PromptRegistry {
    const registry = new PromptRegistry(this, 'Prompts', {
      environments: ['staging', environment],
      pipelineRoles: [new Role(this, 'PromptPipeline', { assumedBy: new ServicePrincipal('codebuild.amazonaws.com') })],
    });
    new PromptDriftAudit(this, 'PromptAudit', { registry });
    return registry;
  }

  private createApi(): StandardRestApi {
    const api = new StandardRestApi(this, 'Api', { allowOrigins: SHOP_PAGES, cloudWatchRole: true });
    Validations.of(api).acknowledge(
      { id: 'AwsSolutions-APIG4', reason: 'The example has no users of its own; a real shop puts its authorizer here.' },
      { id: 'AwsSolutions-COG4', reason: 'The example has no users of its own; a real shop puts its authorizer here.' },
      { id: 'AwsSolutions-APIG3', reason: 'The example is not reachable from outside; a real shop associates its web ACL with the stage.' },
    );
    new CfnOutput(this, 'ApiUrl', { value: api.url });
    return api;
  }

  private route(api: StandardRestApi, method: string, path: string, fn: IFunction): void {
    api.root.addResource(path).addMethod(method, new LambdaIntegration(fn));
  }

  private createChat(): StandardLambda {
    const chat = new StandardLambda(this, 'Chat', {
      serviceName: 'chat',
      allowOrigins: SHOP_PAGES,
      code: serviceCode('chat'),
      handler: 'index.handler',
      role: new BedrockTaskRole(this, 'ChatRole', { allowedModels: [CHAT_MODEL] }),
      timeout: ANSWER_WITHIN,
      memorySize: 512,
      alarms: [CatalogMetric.LATENCY_END_TO_END_MS, CatalogMetric.BEDROCK_INVOCATION_COUNT, CatalogMetric.SESSION_COUNT],
    });
    this.prompts.grantRead(chat, { prompts: ['manga_system'] });
    return chat;
  }

  private createCart(): StandardLambda {
    const table = new TableV2(this, 'Carts', {
      partitionKey: { name: 'cart_id', type: AttributeType.STRING },
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    });
    const cart = new StandardLambda(this, 'Cart', {
      serviceName: 'cart',
      allowOrigins: SHOP_PAGES,
      code: serviceCode('cart'),
      handler: 'index.handler',
      environment: { CARTS_TABLE: table.tableName },
      timeout: Duration.seconds(10),
    });
    table.grant(cart, 'dynamodb:UpdateItem');
    return cart;
  }

  /** A Python function that was there before the standard came: the mixin brings it. */
  private createRecommendation(): Function {
    const endpoint = new GenAiEndpoint(this, 'Falcon', {
      model: GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16'),
      instanceType: 'ml.g5.2xlarge',
    });
    const recommendation = new Function(this, 'Recommendation', {
      code: Code.fromAsset(join(__dirname, 'services/recommendation'), { exclude: ['__pycache__'] }),
      handler: 'recommendation.handler',
      runtime: Runtime.PYTHON_3_14,
      timeout: ANSWER_WITHIN,
      memorySize: 512,
      environment: { ENDPOINT_NAME: endpoint.endpointName },
    });
    endpoint.grantInvoke(recommendation);
    recommendation.with(new StandardLambdaMixin({
      serviceName: 'recommendation',
      allowOrigins: SHOP_PAGES,
      alarms: [CatalogMetric.LATENCY_END_TO_END_MS, CatalogMetric.RETRIEVAL_CHUNK_COUNT],
    }));
    this.prompts.grantRead(recommendation, { prompts: ['shop_blurb'] });
    return recommendation;
  }
}
