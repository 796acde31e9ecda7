import { App, Stack } from 'aws-cdk-lib';
import { FoundationModelIdentifier } from 'aws-cdk-lib/aws-bedrock';
import guardrails from '../../contract/guardrails.json';
import { BedrockTaskRole } from '../../src';
import { ACCOUNT } from './support/simulation';

const REGION = 'us-east-1';
const own = (resource: string) => `arn:aws:bedrock:${REGION}:${ACCOUNT}:${resource}`;
const APPLICATION_PROFILE = own('application-inference-profile/abcdefghijkl');

/** Every way to name a model. */
const WAYS: Record<string, (id: string) => { name: string; model?: string }> = {
  'by its id': id => ({ name: id }),
  'by its ARN': id => ({ name: `arn:aws:bedrock:${REGION}::foundation-model/${id}` }),
  'by a profile': id => ({ name: `us.${id}` }),
  'by a global profile': id => ({ name: `global.${id}` }),
  'by the ARN of a profile': id => ({ name: own(`inference-profile/us.${id}`) }),
  'by an application inference profile': id => ({ name: APPLICATION_PROFILE, model: id }),
  'by an application inference profile of a profile': id => ({ name: APPLICATION_PROFILE, model: own(`inference-profile/us.${id}`) }),
};

function guardedRole(id: string, way: string): BedrockTaskRole {
  const { name, model } = WAYS[way](id);
  return new BedrockTaskRole(new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: REGION } }), 'Role', {
    allowedModels: [name],
    allowEmbeddings: true,
    inferenceProfiles: model === undefined ? [] : [{ profile: name, model }],
    guardrail: { guardrailArn: own('guardrail/gr1'), version: '1' },
  });
}

describe.each(Object.keys(WAYS))('a model named %s', way => {
  test.each(guardrails.unguardable.flatMap(({ work, models }) => models.map(id => [work, id])))(
    'for %s, %s, is no model for a role with a guardrail', (work, id) => {
      expect(() => guardedRole(id, way)).toThrow(`fix:     give models of ${work} a role of their own, without a guardrail`);
    });
});

describe('model ids of aws-cdk-lib', () => {
  const isIdentifier = (value: unknown): value is FoundationModelIdentifier => value instanceof FoundationModelIdentifier;
  const ids = [...new Set(Object.values(FoundationModelIdentifier).filter(isIdentifier).map(({ modelId }) => modelId))];
  const isUnguardable = (id: string) => {
    try {
      guardedRole(id, 'by its id');
      return false;
    } catch {
      return true;
    }
  };

  test('take a guardrail, but for embeddings, rerankers, speech and video', () => {
    expect(ids.length).toBeGreaterThan(50);
    expect(ids.filter(isUnguardable).sort()).toEqual(ids.filter(id => /embed|rerank|sonic|nova-reel|luma/.test(id)).sort());
  });
});
