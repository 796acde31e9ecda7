import {
  App, CfnDynamicReference, CfnDynamicReferenceService, CfnMapping, CfnOutput, CfnParameter, CfnParameterProps, CfnResource, CustomResource,
  Fn, Lazy, NestedStack, Stack, Token,
} from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnApplicationInferenceProfile, CfnGuardrail, CfnPrompt } from 'aws-cdk-lib/aws-bedrock';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnParameter as SsmParameter, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { ACCOUNT } from './support/simulation';
import { BedrockGrants, BedrockPermissions, BedrockTaskRole } from '../../src';
import { patternsOf } from '../../src/bedrock/role/grant-patterns';

const NOVA = 'amazon.nova-pro-v1:0';
const ENV = { account: ACCOUNT, region: 'us-east-1' };
const arn = (resource: string) => `arn:aws:bedrock:us-east-1:${ACCOUNT}:${resource}`;

/** Where a token may stand, so that a wildcard in it would allow more. */
const PLACES: Record<string, (text: string, stack: Stack) => Partial<BedrockPermissions>> = {
  'a prompt': text => ({ allowedModels: [NOVA, arn(`prompt/${text}`)] }),
  'the ARN of a model': text => ({ allowedModels: [`arn:aws:bedrock:us-east-1::foundation-model/${text}`] }),
  'the Region of a model': text => ({ allowedModels: [`arn:aws:bedrock:${text}::foundation-model/${NOVA}`] }),
  'the account of a model': text => ({ allowedModels: [`arn:aws:bedrock:us-east-1:${text}:provisioned-model/abcdefghijkl`] }),
  'an endpoint of the Marketplace': text => ({ allowedModels: [`arn:aws:sagemaker:us-east-1:${ACCOUNT}:endpoint/${text}`] }),
  'an application inference profile': text => ({
    allowedModels: [arn(`application-inference-profile/${text}`)],
    inferenceProfiles: [{ profile: arn(`application-inference-profile/${text}`), model: NOVA }],
  }),
  'a guardrail': text => ({ guardrail: { guardrailArn: text, version: '1' } }),
  'the id of a guardrail': text => ({ guardrail: { guardrailArn: arn(`guardrail/${text}`), version: '1' } }),
  'the prefix of a folder': (prefix, stack) => ({
    allowAsyncInvoke: true,
    asyncInvoke: { models: ['amazon.nova-reel-v1:0'], output: { bucket: Bucket.fromBucketName(stack, 'B', 'data'), prefix } },
  }),
  'the name of a bucket': (name, stack) => ({
    allowAsyncInvoke: true,
    asyncInvoke: { models: ['amazon.nova-reel-v1:0'], output: { bucket: Bucket.fromBucketName(stack, 'B', name), prefix: 'videos/' } },
  }),
  'a key': (keyArn, stack) => {
    const encryptionKey = Key.fromKeyArn(stack, 'K', `arn:aws:kms:us-east-1:${ACCOUNT}:key/${keyArn}`);
    const bucket = Bucket.fromBucketAttributes(stack, 'B', { bucketName: 'data', encryptionKey });
    return { allowAsyncInvoke: true, asyncInvoke: { models: ['amazon.nova-reel-v1:0'], output: { bucket, prefix: 'videos/' } } };
  },
  'a role that is passed on': (name, stack) => {
    const folder = { bucket: Bucket.fromBucketName(stack, 'B', 'data'), prefix: 'data/' };
    const serviceRole = Role.fromRoleArn(stack, 'J', `arn:aws:iam::${ACCOUNT}:role/${name}`);
    return { allowBatchInference: true, batchInference: { models: ['amazon.nova-lite-v1:0'], input: folder, output: folder, serviceRole } };
  },
  'a project': text => ({ allowOpenAiEndpoint: true, openAiEndpoint: { projectIds: [text] } }),
};

let parameters = 0;
const parameter = (stack: Stack, props: CfnParameterProps = {}) => new CfnParameter(stack, `P${parameters++}`, props);

/** An entry of a mapping that holds this text, and a harmless one. */
function mapped(stack: Stack, text: string, key: string, otherwise?: string): string {
  new CfnMapping(stack, 'Texts', { mapping: { 'a': { text }, 'us-east-1': { text: 'fine' } } });
  return Fn.findInMap('Texts', key, 'text', otherwise);
}

/** Ways to write a text as a token, of which the app shows what it becomes. */
const READABLE: Record<string, (text: string, stack: Stack) => string> = {
  'a lazy text': text => Lazy.string({ produce: () => text }),
  'a lazy text of a lazy text': text => Lazy.string({ produce: () => Lazy.string({ produce: () => text }) }),
  'Fn::FindInMap': (text, stack) => mapped(stack, text, 'a'),
  'Fn::FindInMap by Region': (text, stack) => mapped(stack, text, Fn.ref('AWS::Region')),
  'Fn::FindInMap by a parameter': (text, stack) =>
    mapped(stack, text, parameter(stack, { allowedValues: ['a', 'us-east-1'] }).valueAsString),
  'Fn::FindInMap of the CDK': (text, stack) => new CfnMapping(stack, 'Texts', { mapping: { a: { text } } }).findInMap('a', 'text'),
  'the default of Fn::FindInMap': (text, stack) => mapped(stack, 'fine', 'b', text),
  'Fn::Join': text => Token.asString({ 'Fn::Join': ['', ['', text]] }),
  'Fn::Sub': text => Fn.sub('${A}', { A: text }),
  'Fn::Select': text => Token.asString({ 'Fn::Select': [1, ['fine', text]] }),
  'Fn::Select of Fn::Split': text => Token.asString({ 'Fn::Select': [1, { 'Fn::Split': ['|', `fine|${text}`] }] }),
  'a branch of Fn::If': text => Token.asString({ 'Fn::If': ['C', 'fine', text] }),
  'an export of another stack': (text, stack) => {
    new CfnOutput(new Stack(stack.node.root as App, 'Other'), 'O', { value: text, exportName: 'shared-text' });
    return Fn.importValue('shared-text');
  },
  'an export of a joined name': (text, stack) => {
    const other = new Stack(stack.node.root as App, 'Other', { env: ENV });
    new CfnOutput(other, 'O', { value: text, exportName: Fn.sub('${AWS::Region}-text') });
    return Fn.importValue(Fn.sub('${AWS::Region}-text'));
  },
  'an allowed value of a parameter': (text, stack) => parameter(stack, { allowedValues: ['fine', text] }).valueAsString,
  'the default of a parameter': (text, stack) => parameter(stack, { default: text }).valueAsString,
  'one of a list parameter': (text, stack) =>
    Fn.select(1, parameter(stack, { type: 'CommaDelimitedList', default: `fine,${text}` }).valueAsList),
  'a parameter by its name': (text, stack) => {
    new CfnParameter(stack, 'Named', { default: text });
    return Fn.ref('Named');
  },
  'the value of an SSM parameter of the app': (text, stack) => new SsmParameter(stack, 'S', { type: 'String', value: text }).attrValue,
  'an output of a nested stack': (text, stack) => {
    const nested = new NestedStack(stack, 'Nested');
    new CfnOutput(nested, 'O', { value: text });
    return nested.nestedStackResource!.getAtt('Outputs.O').toString();
  },
};

function synthesised(
  permissions: (stack: Stack) => Partial<BedrockPermissions>, stack = new Stack(new App(), 'Stack', { env: ENV }),
): Template {
  new BedrockTaskRole(stack, 'Role', { allowedModels: [NOVA], ...permissions(stack) });
  return Template.fromStack(stack);
}

/** What a place wants to hold when the token is fine. */
const FINE: Record<string, string> = {
  'a prompt': 'ABCDEFGHIJ',
  'the Region of a model': 'us-west-2',
  'the account of a model': ACCOUNT,
  'a project': 'default',
  'the ARN of a model': 'amazon.nova-lite-v1:0',
  'a guardrail': arn('guardrail/gr1'),
};
const fine = (place: string) => FINE[place] ?? 'fine';
const hidden = /A wildcard could hide in a value[^]*given: [^]*allowed: [^]*fix: /;

const CASES = Object.keys(PLACES).flatMap(place => Object.keys(READABLE).map((way): [string, string] => [place, way]));

test.each(CASES)('%s that becomes a wildcard is refused: %s', (place, way) => {
  expect(() => synthesised(stack => PLACES[place](READABLE[way](`${fine(place)}*`, stack), stack))).toThrow(hidden);
});

test.each(CASES)('%s without a wildcard is granted: %s', (place, way) => {
  expect(() => synthesised(stack => PLACES[place](READABLE[way](fine(place), stack), stack))).not.toThrow();
});

test.each(Object.keys(READABLE))('a one-letter wildcard is a wildcard too: %s', way => {
  expect(() => synthesised(stack => PLACES['a prompt'](READABLE[way]('a?c', stack), stack))).toThrow(hidden);
});

/** Values of which nobody can know at synth what they become. */
const UNKNOWABLE: Record<string, (stack: Stack) => string> = {
  'a parameter without a default': stack => parameter(stack).valueAsString,
  'a parameter in Fn::Sub': stack => {
    new CfnParameter(stack, 'Named');
    return Fn.sub('x${Named}');
  },
  'a parameter whose pattern takes wildcards': stack => parameter(stack, { default: 'fine', allowedPattern: '.+' }).valueAsString,
  'a parameter read from SSM': stack => parameter(stack, { type: 'AWS::SSM::Parameter::Value<String>', default: '/name' }).valueAsString,
  'an SSM parameter of the account': stack => StringParameter.valueForStringParameter(stack, '/name'),
  'a dynamic reference': () => new CfnDynamicReference(CfnDynamicReferenceService.SSM, '/name').toString(),
  'an import from another app': () => Fn.importValue('of-another-app'),
  'an attribute of a custom resource': stack => new CustomResource(stack, 'C', { serviceToken: arn('x') }).getAttString('Text'),
  'an attribute of a third-party resource': stack => new CfnResource(stack, 'C', { type: 'Vendor::Thing::Item' }).getAtt('Text').toString(),
  'a macro': () => Token.asString({ 'Fn::Transform': { Name: 'M', Parameters: {} } }),
  'a reference to nothing in the app': () => Fn.ref('Elsewhere'),
  'a mapping that is not in the app': () => Fn.findInMap('Elsewhere', 'a', 'b'),
};

test.each(Object.keys(UNKNOWABLE))('%s could hold a wildcard, and is refused', way => {
  for (const place of ['a prompt', 'the prefix of a folder', 'a guardrail']) {
    expect(() => synthesised(stack => PLACES[place](UNKNOWABLE[way](stack), stack))).toThrow(hidden);
  }
});

/** Values that CloudFormation or a resource sees to. */
const HARMLESS: Record<string, (stack: Stack) => string> = {
  'a guardrail of the app': stack => new CfnGuardrail(stack, 'G', {
    name: 'g', blockedInputMessaging: 'no', blockedOutputsMessaging: 'no',
  }).attrGuardrailArn,
  'a guardrail of another stack': stack => new CfnGuardrail(new Stack(stack.node.root as App, 'Other', { env: ENV }), 'G', {
    name: 'g', blockedInputMessaging: 'no', blockedOutputsMessaging: 'no',
  }).attrGuardrailArn,
  'a guardrail of a nested stack': stack => new CfnGuardrail(new NestedStack(stack, 'Nested'), 'G', {
    name: 'g', blockedInputMessaging: 'no', blockedOutputsMessaging: 'no',
  }).attrGuardrailArn,
  'a part of an attribute': stack => Fn.select(1, Fn.split('/', new CfnPrompt(stack, 'T', { name: 't' }).attrArn)),
  'a pseudo parameter': () => Fn.ref('AWS::AccountId'),
  'a number': stack => parameter(stack, { type: 'Number' }).valueAsString,
  'a parameter whose pattern takes no wildcard': stack => parameter(stack, { allowedPattern: '^[a-z0-9-]{1,20}$' }).valueAsString,
  'an import of a resource of this app': stack => {
    const other = new Stack(stack.node.root as App, 'Other', { env: ENV });
    return other.exportValue(new Key(other, 'K').keyId);
  },
};

test.each(Object.keys(HARMLESS))('%s is granted', way => {
  for (const place of ['a prompt', 'a guardrail', 'the prefix of a folder']) {
    expect(() => synthesised(stack => PLACES[place](HARMLESS[way](stack), stack))).not.toThrow();
  }
});

test('an application inference profile of the app is granted', () => {
  expect(() => synthesised(stack => {
    const profile = new CfnApplicationInferenceProfile(stack, 'A', { inferenceProfileName: 'a' }).attrInferenceProfileArn;
    return { allowedModels: [profile], inferenceProfiles: [{ profile, model: NOVA }] };
  })).not.toThrow();
});

test('a parameter with a harmless default is told to refuse wildcards, so that no deployment gives one', () => {
  const template = synthesised(stack => {
    const prompt = new CfnParameter(stack, 'Prompt', { default: 'ABCDEFGHIJ' }).valueAsString;
    return { allowedModels: [NOVA, arn(`prompt/${prompt}`)] };
  });
  template.hasParameter('Prompt', { AllowedPattern: '[^*?]*' });
});

describe('a nested stack', () => {
  const nested = (given: string) => {
    const parent = new Stack(new App(), 'Parent', { env: ENV });
    const stack = new NestedStack(parent, 'Nested', { parameters: { Prompt: given } });
    return synthesised(() => ({ allowedModels: [NOVA, arn(`prompt/${new CfnParameter(stack, 'Prompt').valueAsString}`)] }), stack);
  };

  test('is granted what its parent gives it', () => {
    expect(() => nested('ABCDEFGHIJ')).not.toThrow();
  });

  test('is refused a wildcard that its parent gives it', () => {
    expect(() => nested('*')).toThrow(hidden);
  });
});

test('what a condition compares by likeness is a pattern as a resource is', () => {
  const conditions = { StringLike: { 's3:prefix': ['b'] }, ArnEquals: { 'aws:SourceArn': 'c' }, StringEquals: { 'aws:Region': 'd' } };
  expect(patternsOf([{ sid: 'S', actions: ['s3:ListBucket'], resources: ['a'], conditions }])).toEqual(['a', 'b', 'c']);
});

test('a grant to a role that exists is looked at too', () => {
  const stack = new Stack(new App(), 'Stack', { env: ENV });
  const role = new Role(stack, 'Own', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  BedrockGrants.grantInvoke(role, [NOVA, arn(`prompt/${Lazy.string({ produce: () => '*' })}`)]);
  expect(() => Template.fromStack(stack)).toThrow(hidden);
});
