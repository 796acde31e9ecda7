import { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnFunction, Code } from 'aws-cdk-lib/aws-lambda';
import { BedrockTaskRole } from '../../../../src/bedrock';
import { StandardLambda } from '../../../../src/function';
import { FunctionUsesRuntimeLayer } from '../../../../src/governance/pack/rules';
import { AppModel } from '../../../../src/governance/pack/template/app-model';
import { templatesOfFiles } from '../../../../src/governance/pack/template/template';
import { Standards } from '../../../../src/standards/standards';
import { testRule } from '../support/rule-cases';
import { plainFunction } from '../support/workloads';

function standardFunction(stack: Stack): StandardLambda {
  Standards.apply(stack, { product: 'Manga', environment: 'prod', checks: false });
  const role = new BedrockTaskRole(stack, 'Role', { allowedModels: ['anthropic.claude-3-haiku-20240307-v1:0'] });
  return new StandardLambda(stack, 'Function', { serviceName: 'chat', code: Code.fromInline('//'), handler: 'index.handler', role });
}

describe('ways past the role', () => {
  const KEYS = { OPENAI_API_KEY: 'x', AWS_BEARER_TOKEN_BEDROCK: 'y' };
  const WARNINGS = ['Environment::AWS_BEARER_TOKEN_BEDROCK', 'Environment::OPENAI_API_KEY'];
  testRule(FunctionUsesRuntimeLayer, [
    { name: 'keys in a function\'s environment', build: stack => { plainFunction(stack, { environment: KEYS }); }, verdict: WARNINGS },
    {
      name: 'keys in a task\'s environment and secrets',
      build: stack => {
        const Secrets = [{ Name: 'OPENAI_API_KEY', ValueFrom: 'arn' }];
        const ContainerDefinitions = [{ Name: 'c', Secrets, Environment: [{ Name: 'AWS_BEARER_TOKEN_BEDROCK', Value: 'y' }] }];
        new CfnResource(stack, 'Task', { type: 'AWS::ECS::TaskDefinition', properties: { ContainerDefinitions } });
      },
      verdict: WARNINGS,
    },
    { name: 'other variables', build: stack => { plainFunction(stack, { environment: { API_KEY: 'x' } }); }, verdict: 'not applicable' },
  ]);
});

describe('a probe of a role of the standard', () => {
  const PROBE = 'Environment.Variables.PLUMBLINE_PROBE';
  const resourceOf = (fn: StandardLambda): CfnFunction => fn.node.defaultChild as CfnFunction;
  testRule(FunctionUsesRuntimeLayer, [
    {
      name: 'that an override switched off',
      build: stack => resourceOf(standardFunction(stack)).addPropertyOverride(PROBE, 'NONE'),
      verdict: ['Probe::NONE'],
    },
    {
      name: 'that an override took away',
      build: stack => resourceOf(standardFunction(stack)).addPropertyDeletionOverride(PROBE),
      verdict: ['Probe::NONE'],
    },
    { name: 'as StandardLambda sets it is compliant', build: stack => { standardFunction(stack); }, verdict: 'compliant' },
  ], ['after synthesis']);
});

describe('what to do about it', () => {
  const advice = (properties: object): string | undefined => {
    const Function = { Type: 'AWS::Serverless::Function', Properties: { Policies: 'AmazonBedrockFullAccess', ...properties } };
    const templates = templatesOfFiles([{ name: 'main', content: { Resources: { Function } } }]);
    return FunctionUsesRuntimeLayer(templates[0].resources[0], new AppModel(templates))?.[0].info;
  };
  test('is the rule\'s own text for a Node.js function', () => {
    expect(advice({ Runtime: 'nodejs22.x', Handler: 'index.handler' })).toBeUndefined();
  });
  test('for a container image is a zip file, since Lambda gives it no layers', () => {
    expect(advice({ PackageType: 'Image', ImageUri: 'x' }))
      .toMatch(/container image no layers.*Use StandardLambda with the code as a zip file/);
  });
  test.each(['python3.10', 'java21'])('for %s names the runtime', runtime => {
    expect(advice({ Runtime: runtime, Handler: 'app.handler' }))
      .toMatch(new RegExp(`runs on ${runtime}\\. Use StandardLambda for the model calls`));
  });
});
