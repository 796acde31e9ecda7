import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import { GenAiEndpoint, GenAiModel, Inference, Standards } from '../src';

/* An asynchronous endpoint that scales down to zero. Deployed, it serves with one instance, and its scaling may take that one away. */
const app = new App();
const stack = new Stack(app, 'PlumblineAsynchronousEndpoint');
Standards.apply(stack, { product: 'PlumblineInteg', environment: 'test' });

const bucket = new Bucket(stack, 'Payloads', {
  enforceSSL: true, blockPublicAccess: BlockPublicAccess.BLOCK_ALL, removalPolicy: RemovalPolicy.DESTROY,
});
const endpoint = new GenAiEndpoint(stack, 'Falcon', {
  model: GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16'),
  instanceType: 'ml.g5.2xlarge',
  inference: Inference.asynchronous({
    output: { bucket, prefix: 'answers', expiration: Duration.days(1) },
    failure: { bucket, prefix: 'failures', expiration: Duration.days(1) },
    concurrencyPerInstance: 4,
  }),
  scaling: { maxInstances: 2 },
});

const { assertions } = new IntegTest(app, 'AsynchronousEndpointTest', { testCases: [stack] });
assertions.awsApiCall('sagemaker', 'DescribeEndpoint', { EndpointName: endpoint.endpointName })
  .expect(ExpectedResult.objectLike({ EndpointStatus: 'InService' }));
assertions
  .awsApiCall('application-auto-scaling', 'DescribeScalableTargets', {
    ServiceNamespace: 'sagemaker', ResourceIds: [`endpoint/${endpoint.endpointName}/variant/AllTraffic`],
  })
  .expect(ExpectedResult.objectLike({ ScalableTargets: [{ MinCapacity: 0, MaxCapacity: 2 }] }));
