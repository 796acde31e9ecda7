import clientPolicy from '../../../../contract/client-policy.json';
import profiles from '../../../../contract/inference-profiles.json';
import { inputForRegion } from '../../../../runtime/node/bedrock/client/model-route';
import { tryModelInRegion } from '../../../../src/contract/model-reference';

const WEST = 'us-west-2';
const ACCOUNT = '111122223333';

describe('a model in another Region', () => {
  test.each([
    ['anthropic.claude-3-haiku-20240307-v1:0', 'anthropic.claude-3-haiku-20240307-v1:0'],
    ['zai.glm-4.6', 'zai.glm-4.6'],
    ['us.anthropic.claude-sonnet-4-20250514-v1:0', 'us.anthropic.claude-sonnet-4-20250514-v1:0'],
    ['global.anthropic.claude-sonnet-4-20250514-v1:0', 'global.anthropic.claude-sonnet-4-20250514-v1:0'],
    ['arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0', `arn:aws:bedrock:${WEST}::foundation-model/amazon.nova-pro-v1:0`],
    [
      `arn:aws:bedrock:us-east-1:${ACCOUNT}:inference-profile/us.amazon.nova-pro-v1:0`,
      `arn:aws:bedrock:${WEST}:${ACCOUNT}:inference-profile/us.amazon.nova-pro-v1:0`,
    ],
    [
      `arn:aws:bedrock:us-east-1:${ACCOUNT}:inference-profile/global.amazon.nova-pro-v1:0`,
      `arn:aws:bedrock:${WEST}:${ACCOUNT}:inference-profile/global.amazon.nova-pro-v1:0`,
    ],
  ])('%s is %s', (given, translated) => {
    expect(tryModelInRegion(given, WEST)).toBe(translated);
  });

  test.each([
    'eu.anthropic.claude-sonnet-4-20250514-v1:0',
    'jp.anthropic.claude-sonnet-4-20250514-v1:0',
    'us-gov.anthropic.claude-sonnet-4-20250514-v1:0',
    `arn:aws:bedrock:eu-west-1:${ACCOUNT}:inference-profile/eu.amazon.nova-pro-v1:0`,
    `arn:aws:bedrock:us-east-1:${ACCOUNT}:application-inference-profile/abcdefghijkl`,
    `arn:aws:bedrock:us-east-1:${ACCOUNT}:provisioned-model/abcdefghijkl`,
    `arn:aws:bedrock:us-east-1:${ACCOUNT}:custom-model/amazon.nova-pro-v1:0/abcdefghijkl`,
    `arn:aws:bedrock:us-east-1:${ACCOUNT}:imported-model/abcdefghijkl`,
    `arn:aws:bedrock:us-east-1:${ACCOUNT}:prompt/ABCDEFGHIJ:1`,
    `arn:aws:bedrock:us-east-1:${ACCOUNT}:default-prompt-router/anthropic.claude:1`,
    `arn:aws:sagemaker:us-east-1:${ACCOUNT}:endpoint/marketplace`,
    'arn:nonsense',
  ])('%s is nowhere else', modelId => {
    expect(tryModelInRegion(modelId, WEST)).toBeUndefined();
  });
});

describe('a profile of a geography', () => {
  const { primary, fallback } = clientPolicy.regions;
  const reached = Object.entries(profiles.geographies).flatMap(([geography, { sources }]) =>
    [primary, fallback].map(region => [geography, region, (sources as string[]).includes(region)] as const));

  test.each(reached)('%s can be called from %s: %s, as the contract says', (geography, region, isSource) => {
    expect(tryModelInRegion(`${geography}.amazon.nova-pro-v1:0`, region) !== undefined).toBe(isSource);
  });
});

describe('a request for another Region', () => {
  const modelId = 'amazon.nova-pro-v1:0';

  test('is the same object when nothing in it names the Region', () => {
    const input = { modelId };
    expect(inputForRegion('ConverseCommand', input, WEST)).toBe(input);
  });

  test('names the model of the other Region, and leaves the input of the caller as it is', () => {
    const input = { modelId: `arn:aws:bedrock:us-east-1::foundation-model/${modelId}`, body: '{}' };
    const before = structuredClone(input);
    expect(inputForRegion('InvokeModelCommand', input, WEST)).toEqual({ ...input, modelId: `arn:aws:bedrock:${WEST}::foundation-model/${modelId}` });
    expect(input).toEqual(before);
  });

  test.each([
    ['ConverseCommand', { modelId, guardrailConfig: { guardrailIdentifier: 'abc', guardrailVersion: '1' } }],
    ['InvokeModelCommand', { modelId, guardrailIdentifier: 'abc' }],
    ['ApplyGuardrailCommand', { guardrailIdentifier: 'abc' }],
    ['StartAsyncInvokeCommand', { modelId }],
    ['GetAsyncInvokeCommand', { invocationArn: 'arn' }],
    ['ListAsyncInvokesCommand', {}],
    ['InvokeModelWithBidirectionalStreamCommand', { modelId }],
    ['ConverseCommand', {}],
  ])('%s with %j does not exist: it belongs to its Region', (commandName, input) => {
    expect(inputForRegion(commandName, input, WEST)).toBeUndefined();
  });
});
