import { join } from 'path';
import { ExpectedResult, IntegTest, InvocationType, Match } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Code, Function, Version } from 'aws-cdk-lib/aws-lambda';
import {
  CatalogMetric, FactoryBypassDetector, PresenceGate, PromptDriftAudit, PromptRegistry, StandardLambda, Standards, SyntheticRequests,
} from '../src';

/*
 * What looks at a service that runs: the gate of its new versions, the search for calls past the standard, and the audit of its prompts.
 * Deployed, the gate opens, and both others find nothing. The registry stays when the stack goes: its lock ends after a day.
 */
const app = new App();
const stack = new Stack(app, 'PlumblineDailyChecks');
Standards.apply(stack, { product: 'PlumblineInteg', environment: 'test' });

const chat = new StandardLambda(stack, 'Chat', {
  serviceName: 'chat',
  code: Code.fromAsset(join(__dirname, 'handler')),
  handler: 'index.handler',
});
// Not `currentVersion`: its name changes with every change of the runtime, and with it the snapshot.
const version = new Version(stack, 'Version', { lambda: chat });
const live = new Alias(stack, 'Live', { aliasName: 'live', version });
const gate = new PresenceGate(stack, 'Gate', {
  serviceName: 'chat',
  requests: SyntheticRequests.invoke(live, [{ requestContext: {}, headers: {}, body: '{}' }]),
  metrics: [CatalogMetric.LATENCY_END_TO_END_MS],
  deploymentGroup: new LambdaDeploymentGroup(stack, 'Deployment', { alias: live, deploymentConfig: LambdaDeploymentConfig.ALL_AT_ONCE }),
});
const detector = new FactoryBypassDetector(stack, 'BypassDetector');
const registry = new PromptRegistry(stack, 'Registry', {
  environments: ['test'],
  pipelineRoles: [new Role(stack, 'Pipeline', { assumedBy: new ServicePrincipal('codebuild.amazonaws.com') })],
  retention: Duration.days(1),
});
registry.grantRead(chat, { prompts: ['greeting'] });
const audit = new PromptDriftAudit(stack, 'Audit', { registry });

const { assertions } = new IntegTest(app, 'DailyChecksTest', { testCases: [stack] });
const FOUND_NOTHING = ExpectedResult.objectLike({ StatusCode: 200, Payload: '{"findings":[]}' });
const ask = (functionName: string, input: object) => assertions.invokeFunction({ functionName, payload: stack.toJsonString(input) });
ask(detector.function.functionName, {
  detector: 'integ',
  services: [{ service: 'chat', logGroup: chat.logGroup.logGroupName, role: chat.role!.roleName, fn: chat.functionName }],
  exceptions: [],
}).expect(FOUND_NOTHING);
ask(audit.function.functionName, {
  audit: 'integ',
  bucket: registry.bucket.bucketName,
  table: registry.table.tableName,
  signingKey: registry.signingKey.keyArn,
  eventBus: registry.eventBus.eventBusName,
  environments: registry.environments,
  bundled: {},
}).expect(FOUND_NOTHING);

// The gate takes longer than the function that would wait for it; it logs how it went.
const opened = assertions.awsApiCall('logs', 'FilterLogEvents', {
  logGroupName: (gate.function as Function).logGroup.logGroupName,
  filterPattern: 'presence_gate_passed',
});
assertions.invokeFunction({ functionName: gate.functionName!, invocationType: InvocationType.EVENT }).next(
  opened.expect(ExpectedResult.objectLike({ events: Match.arrayWith([Match.objectLike({})]) }))
    .waitForAssertions({ totalTimeout: Duration.minutes(8), interval: Duration.seconds(20) }),
);
