import { MemoryStore } from './support/registry-model/memory-store';
import { runHistories, Tally } from './support/registry-model/registry-model';

test('whatever happens to a prompt at the same moment and wherever a command dies, the registry keeps its promises', async () => {
  const tally = new Tally();
  const runs = Number(process.env.PLUMBLINE_REGISTRY_HISTORIES ?? 40);
  const environments = ['dev', 'staging', 'production'];
  await runHistories({ environments, commands: 6, served: 2, runs, store: () => new MemoryStore(), tally });
  // A model that meets nothing shows nothing.
  for (const what of ['publish done', 'approve done', 'promote done', 'rollback done', 'promote refused', 'cut off']) {
    expect([what, tally.of(what) > 0]).toEqual([what, true]);
  }
}, 600_000);
