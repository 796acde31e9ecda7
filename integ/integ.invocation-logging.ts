import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BedrockInvocationLogging, Standards } from '../src';

/* The account's log of model invocations. Deployed, it is what Bedrock says is in force; destroyed, what was there before is. */
const app = new App();
const stack = new Stack(app, 'PlumblineInvocationLogging');
Standards.apply(stack, { product: 'PlumblineInteg', environment: 'test' });

const encryptionKey = new Key(stack, 'Key', { enableKeyRotation: true, removalPolicy: RemovalPolicy.DESTROY });
const log = new BedrockInvocationLogging(stack, 'Log', { cloudWatch: {}, s3: { prefix: 'bedrock' }, encryptionKey });

const { assertions } = new IntegTest(app, 'InvocationLoggingTest', { testCases: [stack] });
assertions.awsApiCall('bedrock', 'GetModelInvocationLoggingConfiguration').expect(ExpectedResult.objectLike({
  loggingConfig: {
    cloudWatchConfig: { logGroupName: log.logGroup!.logGroupName, roleArn: log.role!.roleArn },
    s3Config: { bucketName: log.bucket!.bucketName, keyPrefix: 'bedrock' },
    textDataDeliveryEnabled: true,
  },
}));
