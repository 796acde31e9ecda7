import { join } from 'path';
import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Stack } from 'aws-cdk-lib';
import { LambdaIntegration } from 'aws-cdk-lib/aws-apigateway';
import { Code, HttpMethod } from 'aws-cdk-lib/aws-lambda';
import { BedrockTaskRole, CatalogMetric, MissingMetricAlarm, StandardLambda, StandardRestApi, Standards } from '../src';

/* A service as the library wants it. Deployed, it answers in the envelope, and so does API Gateway where no service does. */
const app = new App();
const stack = new Stack(app, 'PlumblineGenAiService');
Standards.apply(stack, { product: 'PlumblineInteg', environment: 'test' });

const chat = new StandardLambda(stack, 'Chat', {
  serviceName: 'chat',
  code: Code.fromAsset(join(__dirname, 'handler')),
  handler: 'index.handler',
  role: new BedrockTaskRole(stack, 'ChatRole', { allowedModels: ['amazon.nova-lite-v1:0'] }),
});
const api = new StandardRestApi(stack, 'Api', { cloudWatchRole: true });
api.root.addResource('chat').addMethod(HttpMethod.POST, new LambdaIntegration(chat));
new MissingMetricAlarm(stack, 'NoInvocations', { metric: CatalogMetric.BEDROCK_INVOCATION_COUNT });

const { assertions } = new IntegTest(app, 'GenAiServiceTest', { testCases: [stack] });
assertions.httpApiCall(api.urlForPath('/chat'), { method: 'POST' })
  .expect(ExpectedResult.objectLike({ status: 200, body: { status: 'success', data: { answer: 42 }, error: null } }));
assertions
  .httpApiCall(api.urlForPath('/nowhere'))
  .expect(
    ExpectedResult.objectLike({ status: 404, body: { status: 'error', data: null, error: { code: 'NOT_FOUND', retryable: false } } }),
  );
