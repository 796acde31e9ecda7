import * as fc from 'fast-check';
import { MemoryStore } from './support/registry-model/memory-store';
import { runHistories, Tally } from './support/registry-model/registry-model';
import { HistoryBackwards } from '../../../cli/prompts/registry/backwards';
import type { Deployment } from '../../../src/contract/prompts/statements';

test('whatever happens to a prompt at the same moment and wherever a command dies, the registry keeps its promises', async () => {
  const tally = new Tally();
  const runs = Number(process.env.PLUMBLINE_REGISTRY_HISTORIES ?? 40);
  const environments = ['dev', 'staging', 'production'];
  await runHistories({ environments, commands: 6, served: 2, runs, store: () => new MemoryStore(), tally });
  // A model that meets nothing shows nothing.
  const met = ['publish done', 'approve done', 'promote done', 'rollback done', 'promote refused', 'cut off', 'as rollback of several',
    'as revocation'];
  for (const what of met) {
    expect([what, tally.of(what) > 0]).toEqual([what, true]);
  }
}, 600_000);

/** What stands, told in the simplest way: a stack, which a rollback cuts. */
function stackOf(history: readonly Deployment[]): string[] {
  const stack: string[] = [];
  for (const { active: { version }, reason } of history) {
    const at = stack.lastIndexOf(version);
    if (reason !== undefined && at >= 0) stack.length = at;
    else if (at >= 0 && at === stack.length - 1) stack.pop();
    stack.push(version);
  }
  return stack;
}

test('read from its end, a history tells what stands as it does from its beginning, and mostly reads a few copies', async () => {
  const deployment = fc.record({ version: fc.constantFrom('1.0.0', '1.1.0', '1.2.0', '1.3.0'), isBack: fc.boolean() });
  await fc.assert(fc.asyncProperty(fc.array(deployment, { maxLength: 60, size: 'max' }), async steps => {
    const history = steps.map(({ version, isBack }, index) =>
      ({ sequence: index + 1, active: { version }, ...isBack && { reason: 'slow' } }) as Deployment);
    const found: string[] = [];
    const backwards = new HistoryBackwards(history.length, async sequence => history[sequence - 1]);
    for (let one = await backwards.standing(); one; one = await one.below()) found.unshift(one.release.version);
    expect(found).toEqual(stackOf(history));
  }), { numRuns: 300 });
  let reads = 0;
  const long = new HistoryBackwards(10_000, async sequence => {
    reads += 1;
    return { sequence, active: { version: `1.0.${sequence}` } } as Deployment;
  });
  expect((await (await long.standing())?.below())?.release.version).toBe('1.0.9999');
  expect((await long.findLast(({ sequence }) => sequence === 9_990))?.sequence).toBe(9_990);
  expect(reads).toBeLessThan(50);
});
