import clientPolicy from '../../../../contract/client-policy.json';
import profiles from '../../../../contract/inference-profiles.json';
import modelReferences from '../../../../contract/vectors/model-references.json';
import modelRoutes from '../../../../contract/vectors/model-routes.json';
import { inputForRegion } from '../../../../runtime/node/bedrock/client/model-route';
import { tryModelInRegion, tryModelReference } from '../../../../src/contract/model-reference';

const WEST = 'us-west-2';
const ACCOUNT = '111122223333';

test.each(modelReferences.cases as readonly { name: string; given: string; read?: object }[])(
  'the name of a model is read as the contract says: $name',
  ({ given, read }) => {
    const found = tryModelReference(given);
    if (read) expect(found).toMatchObject(read);
    else expect(found).toBeUndefined();
  },
);

describe('a model is called in another Region as the contract says', () => {
  test.each(modelRoutes.cases as readonly { name: string; model: string; region: string; called?: string }[])(
    '$name',
    ({ model, region, called }) => {
      expect(tryModelInRegion(model, region)).toBe(called);
    },
  );
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
  const route = { from: 'us-east-1', to: WEST, twins: {} };
  const east = { guardrailIdentifier: 'east1guard', guardrailVersion: '3' };
  const west = { guardrailIdentifier: 'west2guard', guardrailVersion: '7' };
  const guarded = { ...route, twins: { guardrails: { 'us-east-1': east, [WEST]: west } } };

  test('is the same object when nothing in it names the Region', () => {
    const input = { modelId };
    expect(inputForRegion(input, route)).toBe(input);
    expect(inputForRegion(input, guarded)).toBe(input);
  });

  test('names the model of the other Region, and leaves the input of the caller as it is', () => {
    const input = { modelId: `arn:aws:bedrock:us-east-1::foundation-model/${modelId}`, body: '{}' };
    const before = structuredClone(input);
    expect(inputForRegion(input, route)).toEqual({ ...input, modelId: `arn:aws:bedrock:${WEST}::foundation-model/${modelId}` });
    expect(input).toEqual(before);
  });

  test.each([
    { modelId, guardrailConfig: { guardrailIdentifier: 'abc', guardrailVersion: '1' } },
    { modelId, guardrailIdentifier: 'abc' },
    { guardrailIdentifier: 'abc' },
    { invocationArn: 'arn' },
    {},
  ])('does not exist for %j: it belongs to its Region', input => {
    expect(inputForRegion(input, route)).toBeUndefined();
    expect(inputForRegion(input, guarded)).toBeUndefined();
  });

  test.each([
    ['Converse', { modelId, guardrailConfig: { ...east, trace: 'enabled' } }, { modelId, guardrailConfig: { ...west, trace: 'enabled' } }],
    ['InvokeModel', { modelId, body: '{}', ...east, trace: 'ENABLED' }, { modelId, body: '{}', ...west, trace: 'ENABLED' }],
  ])('of %s has the guardrail of that Region, where it has one', (_operation, input, expected) => {
    const before = structuredClone(input);
    expect(inputForRegion(input, guarded)).toEqual(expected);
    expect(input).toEqual(before);
    expect(inputForRegion(expected, { ...guarded, from: WEST, to: 'us-east-1' })).toEqual(before);
  });

  test.each([
    ['another guardrail', { guardrailIdentifier: 'other', guardrailVersion: '3' }],
    ['another version of it', { ...east, guardrailVersion: 'DRAFT' }],
    ['no version', { guardrailIdentifier: 'east1guard' }],
  ])('does not exist for %s than the one that has a twin', (_what, guardrail) => {
    expect(inputForRegion({ modelId, ...guardrail }, guarded)).toBeUndefined();
    expect(inputForRegion({ modelId, guardrailConfig: guardrail }, guarded)).toBeUndefined();
  });

  test('names the profile that the other Region has instead', () => {
    const profile = (region: string) => `arn:aws:bedrock:${region}:${ACCOUNT}:application-inference-profile/${region}abc`;
    const models = { 'us-east-1': profile('us-east-1'), [WEST]: profile(WEST) };
    expect(inputForRegion({ modelId: profile('us-east-1') }, { ...route, twins: { models } })).toEqual({ modelId: profile(WEST) });
    expect(inputForRegion({ modelId }, { ...route, twins: { models } })).toEqual({ modelId });
    expect(inputForRegion({ modelId: profile('us-east-1') }, route)).toBeUndefined();
  });
});
