import { App, Mixins, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { BedrockTaskRole, GenAiEndpoint, GenAiModel, StandardLambda, StandardLambdaMixin, StandardRestApi, Standards } from '../../../src';

const code = Code.fromInline('exports.handler = async () => "done";');
const handler = 'index.handler';

/** Each construct that makes a role for a service. */
const MAKERS: Record<string, (stack: Stack) => void> = {
  'a BedrockTaskRole': stack => new BedrockTaskRole(stack, 'Task', { allowedModels: ['amazon.nova-pro-v1:0'] }),
  'a StandardLambda': stack => new StandardLambda(stack, 'Chat', { serviceName: 'chat', code, handler }),
  'a function with the mixin': stack => {
    const fn = new Function(stack, 'Chat', { code, handler, runtime: Runtime.NODEJS_24_X });
    Mixins.of(fn).apply(new StandardLambdaMixin({ serviceName: 'chat' }));
  },
  'an endpoint': stack => {
    new GenAiEndpoint(stack, 'Falcon', { model: GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16') });
  },
  'an API with a logging role': stack => new StandardRestApi(stack, 'Api', { cloudWatchRole: true }).root.addMethod('GET'),
};
/** Services that assume roles without saying for whom: a condition would shut them out. */
const SILENT = ['apigateway.amazonaws.com'];
const PLACES = { 'a fixed account': { account: '111122223333', region: 'us-east-1' }, 'any account': undefined };

interface Trust { readonly Principal: { readonly Service?: string }; readonly Condition?: unknown }

describe.each(Object.entries(PLACES))('in a stack of %s', (_place, env) => {
  test.each(Object.keys(MAKERS))('the services that %s trusts work for its own account alone', name => {
    const stack = new Stack(new App(), 'Stack', { env });
    Standards.apply(stack, { product: 'Shop', environment: 'dev', checks: false });
    MAKERS[name](stack);
    const [trust, ...others] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'))
      .flatMap(({ Properties }) => Properties.AssumeRolePolicyDocument.Statement as Trust[])
      .filter(({ Principal }) => Principal.Service);
    const ofOwnAccount = { StringEquals: { 'aws:SourceAccount': stack.resolve(stack.account) } };
    expect(trust.Condition).toEqual(SILENT.includes(trust.Principal.Service!) ? undefined : ofOwnAccount);
    expect(others).toEqual([]);
  });
});
