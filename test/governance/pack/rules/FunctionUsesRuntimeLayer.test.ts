import { join } from 'path';
import { CfnResource, NestedStack, Stack } from 'aws-cdk-lib';
import {
  CfnManagedPolicy, CfnPolicy, CfnRole, Effect, ManagedPolicy, PolicyStatement, PolicyStatementProps, Role, ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { CfnFunction, Code, LayerVersion, Runtime, SingletonFunction } from 'aws-cdk-lib/aws-lambda';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { RUNTIME_ENVIRONMENT } from '../../../../src/contract/data';
import { StandardLambda } from '../../../../src/function';
import { FunctionUsesRuntimeLayer } from '../../../../src/governance/pack/rules';
import { GenAiEndpoint, GenAiModel } from '../../../../src/sagemaker';
import { Standards } from '../../../../src/standards/standards';
import { RuleCase, testRule } from '../support/rule-cases';
import { LAYER, mayInvoke, MODEL, otherStack, plainFunction, roleThatInvokes } from '../support/workloads';

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const FOUND = ['Function/Resource'];
const HANDLER = RUNTIME_ENVIRONMENT.layers.node.handler;
const REDIRECTED = { [RUNTIME_ENVIRONMENT.variables.handler.name]: 'index.handler' };

const OWN = join(__dirname, '..', '..', '..', '..', RUNTIME_ENVIRONMENT.layers.node.asset);
const FOREIGN = join(__dirname, '..', 'support', 'foreign-layer');

const samFunction = (properties: object) => (stack: Stack) => new CfnResource(stack, 'Function', {
  type: 'AWS::Serverless::Function', properties: { Handler: 'index.handler', Runtime: 'nodejs22.x', ...properties },
});

const plainRole = (stack: Stack) => new Role(stack, 'Role', { assumedBy: LAMBDA });
const withStatement = (props: PolicyStatementProps) => (stack: Stack) => plainFunction(stack).addToRolePolicy(new PolicyStatement(props));
const INVOKING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'bedrock:InvokeModel', Resource: MODEL }] };

describe('which functions count', () => {
  testRule(FunctionUsesRuntimeLayer, [
    { name: 'one without permission to invoke does not', build: stack => plainFunction(stack), verdict: 'not applicable' },
    { name: 'one whose role may invoke a model', build: stack => plainFunction(stack, { role: roleThatInvokes(stack) }), verdict: FOUND },
    { name: 'one with the permission added to it', build: stack => plainFunction(stack).addToRolePolicy(mayInvoke()), verdict: FOUND },
    { name: 'one that may do everything', build: withStatement({ actions: ['*'], resources: ['*'] }), verdict: FOUND },
    {
      name: 'one that may do everything but IAM',
      build: withStatement({ notActions: ['iam:*'], resources: ['*'] }),
      verdict: FOUND,
    },
    {
      name: 'one that may do everything in a bucket does not',
      build: withStatement({ actions: ['*'], resources: ['arn:aws:s3:::b/*'] }),
      verdict: 'not applicable',
    },
    {
      name: 'one that may only list models does not',
      build: withStatement({ actions: ['bedrock:ListFoundationModels'], resources: ['*'] }),
      verdict: 'not applicable',
    },
    {
      name: 'one that must not invoke does not',
      build: withStatement({ effect: Effect.DENY, actions: ['bedrock:*'], resources: ['*'] }),
      verdict: 'not applicable',
    },
    {
      name: 'one that may use the OpenAI-compatible endpoint',
      build: withStatement({ actions: ['bedrock-mantle:CreateInference'], resources: ['*'] }),
      verdict: FOUND,
    },
    {
      name: 'one that may invoke an endpoint by name',
      build: withStatement({ actions: ['sagemaker:InvokeEndpointAsync'], resources: ['arn:aws:sagemaker:us-east-1:1:endpoint/x'] }),
      verdict: FOUND,
    },
    {
      name: 'one that may invoke a GenAiEndpoint',
      build: stack => {
        const model = GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16');
        const endpoint = new GenAiEndpoint(stack, 'Endpoint', { model });
        endpoint.grantInvoke(plainFunction(stack));
      },
      verdict: FOUND,
    },
    ...['CreateModelInvocationJob', 'InvokeAgent', 'InvokeFlow', 'RetrieveAndGenerate'].map((action): RuleCase => ({
      name: `one that may only ${action}`, build: withStatement({ actions: [`bedrock:${action}`], resources: ['*'] }), verdict: FOUND,
    })),
    { name: 'one of SAM, with a policy of its own', build: samFunction({ Policies: [INVOKING] }), verdict: ['Function'] },
    {
      name: 'one of SAM, with a managed policy by its name',
      build: samFunction({ Policies: 'AmazonBedrockLimitedAccess' }),
      verdict: ['Function'],
    },
    {
      name: 'one of SAM, with a role of the app',
      build: stack => samFunction({ Role: roleThatInvokes(stack).roleArn })(stack),
      verdict: ['Function'],
    },
    {
      name: 'one of SAM, with its own templates only, does not',
      build: samFunction({ Policies: [{ S3ReadPolicy: { BucketName: 'b' } }] }),
      verdict: 'not applicable',
    },
    {
      name: 'one with AmazonBedrockFullAccess',
      build: stack => plainFunction(stack).role!.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('AmazonBedrockFullAccess')),
      verdict: FOUND,
    },
  ]);
});

describe('where the permission may stand', () => {
  testRule(FunctionUsesRuntimeLayer, [
    {
      name: 'in a managed policy that the role names',
      build: stack => {
        const policy = new ManagedPolicy(stack, 'Policy', { statements: [mayInvoke()] });
        plainFunction(stack, { role: new Role(stack, 'Role', { assumedBy: LAMBDA, managedPolicies: [policy] }) });
      },
      verdict: FOUND,
    },
    {
      name: 'in a managed policy that names the role',
      build: stack => {
        const role = plainRole(stack);
        new CfnManagedPolicy(stack, 'Policy', { policyDocument: INVOKING, roles: [role.roleName] });
        plainFunction(stack, { role });
      },
      verdict: FOUND,
    },
    {
      name: 'in an L1 role',
      build: stack => {
        const role = new CfnRole(stack, 'Role', {
          assumeRolePolicyDocument: {}, policies: [{ policyName: 'P', policyDocument: INVOKING }],
        });
        new CfnFunction(stack, 'Function', {
          code: { zipFile: '//' }, role: role.attrArn, handler: 'index.handler', runtime: 'nodejs22.x',
        });
      },
      verdict: ['Function'],
    },
    {
      name: 'in resources without a class',
      build: stack => {
        const properties = { Handler: 'index.handler', Role: { 'Fn::GetAtt': 'Role.Arn' } };
        const Policies = [{ PolicyName: 'P', PolicyDocument: INVOKING }];
        new CfnResource(stack, 'Role', { type: 'AWS::IAM::Role', properties: { Policies } });
        new CfnResource(stack, 'Function', { type: 'AWS::Lambda::Function', properties });
      },
      verdict: ['Function'],
    },
    {
      name: 'in another stack, for a role of that stack',
      build: stack => plainFunction(stack, { role: roleThatInvokes(otherStack(stack)) }),
      verdict: FOUND,
    },
    {
      name: 'in another stack, for a role of this one',
      build: stack => {
        const role = plainRole(stack);
        new CfnPolicy(otherStack(stack), 'Policy', { policyName: 'P', policyDocument: INVOKING, roles: [role.roleName] });
        plainFunction(stack, { role });
      },
      verdict: FOUND,
    },
    {
      name: 'in the parent of a nested stack',
      build: stack => plainFunction(new NestedStack(stack, 'Nested') as unknown as Stack, { role: roleThatInvokes(stack) }),
      verdict: ['Nested/Function/Resource'],
    },
    {
      name: 'in a nested stack, for a role of its parent',
      build: stack => plainFunction(stack, { role: roleThatInvokes(new NestedStack(stack, 'Nested') as unknown as Stack) }),
      verdict: FOUND,
    },
    {
      name: 'in a policy of a nested stack, for a role of its parent',
      build: stack => {
        const role = plainRole(stack);
        new CfnPolicy(new NestedStack(stack, 'Nested'), 'Policy', {
          policyName: 'P', policyDocument: INVOKING, roles: [role.roleName],
        });
        plainFunction(stack, { role });
      },
      verdict: FOUND,
    },
    {
      name: 'beside an imported role, given by name',
      build: stack => {
        const role = Role.fromRoleName(stack, 'Role', 'somebody');
        role.addToPrincipalPolicy(mayInvoke());
        plainFunction(stack, { role });
      },
      verdict: FOUND,
    },
    {
      name: 'beside an imported role, given by ARN',
      build: stack => {
        const role = Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/path/somebody');
        role.addToPrincipalPolicy(mayInvoke());
        plainFunction(stack, { role });
      },
      verdict: FOUND,
    },
    {
      name: 'in a role that another stack imports by its name',
      build: stack => {
        const named = new Role(otherStack(stack), 'Role', { assumedBy: LAMBDA, roleName: 'somebody' });
        named.addToPolicy(mayInvoke());
        plainFunction(stack, { role: Role.fromRoleName(stack, 'Role', 'somebody') });
      },
      verdict: FOUND,
    },
    {
      name: 'nowhere in the app, for an imported role: nobody knows',
      build: stack => plainFunction(stack, { role: Role.fromRoleName(stack, 'Role', 'somebody') }),
      verdict: 'not applicable',
    },
    {
      name: 'for another imported role: not this function\'s',
      build: stack => {
        Role.fromRoleName(stack, 'Else', 'somebody-else').addToPrincipalPolicy(mayInvoke());
        plainFunction(stack, { role: Role.fromRoleName(stack, 'Role', 'somebody') });
      },
      verdict: 'not applicable',
    },
  ]);
});

describe('the layer', () => {
  const layered = (properties: object, ...folders: string[]) => (stack: Stack) => {
    const own = folders.map((folder, index) => new LayerVersion(stack, `Layer${index}`, { code: Code.fromAsset(folder) }));
    const layers = own.length > 0 ? own : [LayerVersion.fromLayerVersionArn(stack, 'Layer', LAYER)];
    plainFunction(stack, { role: roleThatInvokes(stack), handler: HANDLER, environment: REDIRECTED, layers, ...properties });
  };
  testRule(FunctionUsesRuntimeLayer, [
    { name: 'with its handler and the redirection it is compliant', build: layered({}), verdict: 'compliant' },
    { name: 'without its handler', build: layered({ handler: 'index.handler' }), verdict: FOUND },
    { name: 'without the redirection', build: layered({ environment: {} }), verdict: FOUND },
    { name: 'left out', build: layered({ layers: [] }), verdict: FOUND },
    { name: 'with a foreign one under our handler\'s name', build: layered({}, FOREIGN), verdict: FOUND },
    { name: 'with a foreign one over ours', build: layered({}, OWN, FOREIGN), verdict: FOUND },
    { name: 'over a foreign one is compliant', build: layered({}, FOREIGN, OWN), verdict: 'compliant' },
    { name: 'beside a layer with other files is compliant', build: layered({}, OWN, __dirname), verdict: 'compliant' },
    { name: 'only as a layer with other files', build: layered({}, __dirname), verdict: FOUND },
    {
      name: 'cannot be in a container image',
      build: stack => {
        const code = { imageUri: '1.dkr.ecr.us-east-1.amazonaws.com/x:1' };
        new CfnFunction(stack, 'Function', { code, packageType: 'Image', role: roleThatInvokes(stack).roleArn });
      },
      verdict: ['Function'],
    },
    {
      name: 'comes with StandardLambda, also without permission to invoke',
      build: stack => {
        Standards.apply(stack, { product: 'Manga', environment: 'prod', checks: false });
        new StandardLambda(stack, 'Function', { serviceName: 'cart', code: Code.fromInline('//'), handler: 'index.handler' });
      },
      verdict: 'compliant',
    },
  ]);
});

describe('functions of the CDK\'s own', () => {
  testRule(FunctionUsesRuntimeLayer, [
    {
      name: 'do not count, whatever they may call',
      build: stack => {
        new AwsCustomResource(stack, 'Call', {
          onCreate: { service: 'BedrockRuntime', action: 'invokeModel', physicalResourceId: PhysicalResourceId.of('x') },
          policy: AwsCustomResourcePolicy.fromStatements([mayInvoke()]),
        });
      },
      verdict: 'not applicable',
    },
    {
      name: 'are not told by an id like theirs',
      build: stack => { plainFunction(stack, { role: roleThatInvokes(stack) }, 'AWS679f53fac002430cb0da5b7982bd2287'); },
      verdict: ['AWS679f53fac002430cb0da5b7982bd2287/Resource'],
    },
    {
      name: 'are told from singletons of the team\'s own',
      build: stack => {
        const fn = new SingletonFunction(stack, 'Function', {
          uuid: '3f1e', code: Code.fromInline('//'), handler: 'index.handler', runtime: Runtime.NODEJS_22_X,
        });
        fn.addToRolePolicy(mayInvoke());
      },
      verdict: ['SingletonLambda3f1e/Resource'],
    },
  ]);
});
