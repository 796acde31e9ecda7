import { LocalPromptRegistry, useLocalAws, withLocalPromptRegistry } from './support/local-prompt-registry';
import { sentEvents } from './support/sent-events';
import { AwsStore } from '../test/cli/prompts/support/registry-model/aws-store';
import { runHistories, Tally } from '../test/cli/prompts/support/registry-model/registry-model';

/** Generated histories of prompts by the registry's own code on the local AWS's S3, DynamoDB, KMS and EventBridge. */
const ENVIRONMENTS = ['dev', 'staging', 'production'];
const HISTORIES = Number(process.env.PLUMBLINE_REGISTRY_HISTORIES ?? 30);

async function main(registry: LocalPromptRegistry): Promise<boolean> {
  useLocalAws(registry);
  const tally = new Tally();
  const store = new AwsStore(registry.location);
  const began = performance.now();
  try {
    // Short ones: a history of the test in memory has three times the steps.
    await runHistories({ environments: ENVIRONMENTS, commands: 3, served: 2, runs: HISTORIES, store: () => store, tally });
  } finally {
    store.destroy();
    console.log(`${tally.toString()}; ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
  const { expected, arrived, missing } = await sentEvents(registry);
  console.log([`${expected} deployments, ${arrived} events out of the bus, missing ${missing.length}.`, ...missing].join('\n'));
  return expected > 0 && missing.length === 0;
}

withLocalPromptRegistry(ENVIRONMENTS, main).then(good => process.exit(good ? 0 : 1), error => {
  console.error(error);
  process.exit(2);
});
