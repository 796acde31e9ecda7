import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import * as plumbline from '../../src';

/* The twin of app.py, line by line: the step `wheel` compares what they synthesise. */
const SEED_MODELS = ['anthropic.claude-3-sonnet-20240229-v1:0', 'anthropic.claude-3-haiku-20240307-v1:0'];

const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'Twin', { env: { account: '123456789012', region: 'us-east-1' } });

plumbline.Standards.apply(stack, {
  product: 'MangaAssist',
  environment: 'prod',
  alarmTopic: Topic.fromTopicArn(stack, 'Alarms', 'arn:aws:sns:us-east-1:123456789012:alarms'),
});

const role = new plumbline.BedrockTaskRole(stack, 'ChatRole', {
  allowedModels: SEED_MODELS,
  keepAfterEndOfLife: SEED_MODELS,
});

const chat = new plumbline.StandardLambda(stack, 'Chat', {
  serviceName: 'chat',
  code: lambda.Code.fromAsset(join(__dirname, 'handler')),
  handler: 'index.handler',
  role,
  kind: plumbline.HandlerKind.API,
});

const cart = new lambda.Function(stack, 'Cart', {
  runtime: lambda.Runtime.NODEJS_22_X,
  code: lambda.Code.fromAsset(join(__dirname, 'handler')),
  handler: 'index.handler',
});
cart.with(new plumbline.StandardLambdaMixin({ serviceName: 'cart', kind: plumbline.HandlerKind.EVENT }));

const api = new plumbline.StandardRestApi(stack, 'Api', { allowOrigins: ['https://manga.example'] });
api.root.addResource('chat').addMethod(lambda.HttpMethod.POST, new LambdaIntegration(chat));

const otherApi = new RestApi(stack, 'OtherApi', { cloudWatchRole: false });
otherApi.root.addMethod(lambda.HttpMethod.POST, new LambdaIntegration(chat));
new plumbline.EnvelopeGatewayResponses(stack, 'OtherApiEnvelope', { restApi: otherApi });

new plumbline.MissingMetricAlarm(stack, 'NoInvocations', { metric: plumbline.CatalogMetric.BEDROCK_INVOCATION_COUNT });

const endpoint = new plumbline.GenAiEndpoint(stack, 'Falcon', {
  model: plumbline.GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16'),
  instanceType: 'ml.g5.2xlarge',
});
endpoint.grantInvoke(role);

app.synth();
