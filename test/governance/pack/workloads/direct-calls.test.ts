import { CfnResource, Stack } from 'aws-cdk-lib';
import { FoundationModel, FoundationModelIdentifier } from 'aws-cdk-lib/aws-bedrock';
import { DefinitionBody, IChainable, Pass, StateMachine, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { BedrockInvokeModel, CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { FunctionUsesRuntimeLayer } from '../../../../src/governance/pack/rules';
import { testRule } from '../support/rule-cases';
import { MODEL } from '../support/workloads';

describe('services that call a model themselves are found:', () => {
  const machine = (definition: (stack: Stack) => IChainable) => (stack: Stack) => {
    new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromChainable(definition(stack)) });
  };
  const resource = (type: string, properties: object) => (stack: Stack) => { new CfnResource(stack, 'Resource', { type, properties }); };
  testRule(FunctionUsesRuntimeLayer, [
    {
      name: 'a state machine by the integration of its own',
      build: machine(stack => new BedrockInvokeModel(stack, 'Call', {
        model: FoundationModel.fromFoundationModelId(stack, 'Model', FoundationModelIdentifier.AMAZON_TITAN_TEXT_EXPRESS_V1_0_8K),
        body: TaskInput.fromObject({}),
      })),
      verdict: ['Call::bedrock:invokeModel'],
    },
    {
      name: 'a state machine by the SDK integration',
      build: machine(stack => new CallAwsService(stack, 'Call', {
        service: 'bedrockruntime', action: 'converse', iamResources: [MODEL], parameters: {},
      })),
      verdict: ['Call::bedrockruntime:converse'],
    },
    {
      name: 'a state machine of an agent',
      build: machine(stack => new CallAwsService(stack, 'Call', {
        service: 'bedrockagentruntime', action: 'invokeAgent', iamResources: ['*'], parameters: {},
      })),
      verdict: ['Call::bedrockagentruntime:invokeAgent'],
    },
    {
      name: 'a state machine of SAM',
      build: resource('AWS::Serverless::StateMachine', {
        Definition: { States: { A: { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:sagemakerruntime:invokeEndpoint' } } },
      }),
      verdict: ['Call::sagemakerruntime:invokeEndpoint'],
    },
    {
      name: 'a state machine with a definition in Fn::Sub',
      build: resource('AWS::StepFunctions::StateMachine', {
        DefinitionString: { 'Fn::Sub': '{"Resource":"arn:${AWS::Partition}:states:::bedrock:invokeModel"}' },
      }),
      verdict: ['Call::bedrock:invokeModel'],
    },
    {
      name: 'a schedule',
      build: resource('AWS::Scheduler::Schedule', { Target: { Arn: 'arn:aws:scheduler:::aws-sdk:bedrockruntime:invokeModel' } }),
      verdict: ['Call::bedrockruntime:invokeModel'],
    },
    {
      name: 'an API destination of pipes and rules',
      build: resource('AWS::Events::ApiDestination', { InvocationEndpoint: { 'Fn::Sub': 'https://bedrock-runtime.${AWS::Region}.amazonaws.com/model/a.b/invoke' } }),
      verdict: ['Call::bedrock-runtime'],
    },
    {
      name: 'an AppSync data source',
      build: resource('AWS::AppSync::DataSource', { Type: 'AMAZON_BEDROCK_RUNTIME' }),
      verdict: ['Call::AMAZON_BEDROCK_RUNTIME'],
    },
    {
      name: 'a method of a REST API',
      build: resource('AWS::ApiGateway::Method', {
        Integration: { Uri: 'arn:aws:apigateway:us-east-1:bedrock-runtime:path/model/a.b/invoke' },
      }),
      verdict: ['Call::bedrock-runtime'],
    },
    { name: 'a state machine that calls none', build: machine(stack => new Pass(stack, 'Pass')), verdict: 'not applicable' },
    {
      name: 'a target that only has Bedrock in its name',
      build: resource('AWS::Scheduler::Schedule', {
        Target: { Arn: 'arn:aws:lambda:us-east-1:111122223333:function:call-bedrock-runtime:1' },
      }),
      verdict: 'not applicable',
    },
  ]);
});
