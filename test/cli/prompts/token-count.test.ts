import { fileOf, ID, PromptStage } from './support/prompt-stage';
import { awsFault } from '../../../cli/aws/aws-faults';
import { hashesOf } from '../../../cli/prompts/prompt';
import { parsePrompt } from '../../../cli/prompts/prompt-file';

let stage: PromptStage;
beforeEach(() => { stage = new PromptStage(); });
afterEach(() => stage.place.remove());

function publish(model: string) {
  const file = fileOf('1.0.0').replace('amazon.nova-pro-v1:0', `"${model}"`);
  const { prompt: { content, variables, ...prompt }, text } = parsePrompt(file, 'file');
  const { templateHash, compiledHash } = hashesOf({ content, variables, ...prompt });
  const { id, version } = prompt;
  const hashes = { template_hash: templateHash, compiled_hash: compiledHash };
  const passed = { passed: 20, failed: 0 };
  const document = { id, version, ...content, variables, source: text, track: 'standard' as const, ...hashes };
  return stage.registry().publish({ document, golden: passed, safety: passed });
}

test.each<[string, string]>([
  ['amazon.nova-pro-v1:0', 'amazon.nova-pro-v1:0'],
  ['us.amazon.nova-pro-v1:0', 'amazon.nova-pro-v1:0'],
  ['us-gov.amazon.nova-pro-v1:0', 'amazon.nova-pro-v1:0'],
  ['global.anthropic.claude-haiku-4-5-20251001-v1:0', 'anthropic.claude-haiku-4-5-20251001-v1:0'],
  ['arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.amazon.nova-pro-v1:0', 'amazon.nova-pro-v1:0'],
  ['arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-pro-v1:0', 'amazon.nova-pro-v1:0'],
  ['what AWS may know', 'what AWS may know'],
])('the tokens of %s are those of %s', async (model, asked) => {
  const count = jest.spyOn(stage.memory, 'countTokens');
  const { result } = await publish(model);
  expect(count.mock.calls.map(([question]) => question.model)).toEqual([asked, asked]);
  expect(result.model).toBe(model);
});

test.each<[string, string]>([
  ['application-inference-profile/abc', 'an application inference profile'],
  ['provisioned-model/abcdefghijkl', 'a provisioned model'],
  ['imported-model/abcdefghijkl', 'an imported model'],
])('whose tokens nothing counts is told so before AWS is asked: %s', async (resource, kind) => {
  await expect(publish(`arn:aws:bedrock:eu-west-1:111122223333:${resource}`))
    .rejects.toThrow(new RegExp(` is ${kind}.*Publish with --no-token-count`));
  expect(stage.memory.objects.size).toBe(0);
});

test('what AWS does not count is told so', () => {
  const error = Object.assign(new Error('The provided model doesn\'t support counting tokens.'), { name: 'ValidationException' });
  const asked = { region: 'eu-west-1', attempts: 3, service: { prefix: 'bedrock', name: 'Bedrock', needs: [] } };
  expect(awsFault(error, { ...asked, operation: 'CountTokens' }).message)
    .toMatch(/counting tokens[\s\S]*eu-west-1 does not count.*publish with --no-token-count/);
  expect(awsFault(error, { ...asked, operation: 'PutItem' }).message).not.toContain('--no-token-count');
});

test('a record that lists who never approved stops what comes next', async () => {
  await stage.publish('1.0.0');
  await stage.approve('1.0.0');
  const approvals = [{ reviewer: 'mallory', role: 'engineer', time: '2026-11-28T08:00:00Z' }];
  stage.edit(({ sk }) => sk === 'version#1.0.0', () => ({ approvals }));
  const name = { id: ID, version: '1.0.0' };
  await expect(stage.registry().promote({ ...name, environment: 'dev' })).rejects.toThrow('lists an approval that nobody signed');
  await expect(stage.approve('1.0.0', 'tech_lead', 'eve')).rejects.toThrow('lists an approval that nobody signed');
});
