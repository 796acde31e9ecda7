import { MemoryRegistry } from './memory-registry';
import type { RegistryPort } from '../../../../cli/aws/registry-port';
import { hashesOf } from '../../../../cli/prompts/prompt';
import { parsePrompt } from '../../../../cli/prompts/prompt-file';
import { Registry } from '../../../../cli/prompts/registry/registry';
import { currentKey, TableKey } from '../../../../src/contract/prompts/registry-keys';
import type { Deployment } from '../../../../src/contract/prompts/statements';
import { Ran, Workplace } from '../../support/command';

export const ENVIRONMENTS = ['dev', 'staging', 'production'];
export const ID = 'greeting';
const PASSED = { passed: 20, failed: 0 };

export const fileOf = (version: string, text = `Say hello to {{name}}, ${version}.`, variables = 'name: { sample: Ada, maxLength: 40 }') =>
  `---\nid: ${ID}\nversion: ${version}\nmodel: amazon.nova-pro-v1:0\nvariables:\n  ${variables}\n---\n${text}\n`;

type Item = Record<string, unknown> & TableKey;

/** A registry in memory, and the commands that work with it. */
export class PromptStage {
  public readonly memory = new MemoryRegistry();
  public readonly place = new Workplace();

  public registry(port: RegistryPort = this.memory, isSandbox = false): Registry {
    return new Registry(port, { environments: isSandbox ? ['sandbox'] : ENVIRONMENTS, eventBus: 'bus', isSandbox });
  }

  public async publish(version: string, text?: string, variables?: string): Promise<void> {
    const { prompt, text: source } = parsePrompt(fileOf(version, text, variables), 'file');
    const { id, templateHash, compiledHash } = hashesOf(prompt);
    const document = {
      id,
      version,
      ...prompt.content,
      variables: prompt.variables,
      source,
      template_hash: templateHash,
      compiled_hash: compiledHash,
      track: 'standard' as const,
    };
    await this.registry().publish({ document, author: 'ada', golden: PASSED, safety: PASSED });
  }

  public async approve(version: string, role = 'engineer', reviewer = 'bob'): Promise<void> {
    this.memory.who = `arn:aws:iam::000000000000:user/${reviewer}`;
    await this.registry().approve({ id: ID, version, role, reviewer });
  }

  public async promote(version: string, environments = ENVIRONMENTS, toAll = true): Promise<void> {
    const isFirst = this.served('production') === undefined;
    for (const environment of environments) await this.registry().promote({ id: ID, version, environment });
    if (toAll && !isFirst && environments.includes('production')) {
      await this.registry().promote({ id: ID, version, environment: 'production', toAll });
    }
  }

  public async release(version: string, text?: string): Promise<void> {
    await this.publish(version, text);
    await this.approve(version);
    await this.promote(version);
  }

  /** The table's item with these keys as whoever may write it changes it. */
  public edit(isIt: (item: Item) => boolean, change: (item: Item) => object | undefined): void {
    const found = [...this.memory.table].filter(([, item]) => isIt(item as Item));
    if (found.length === 0) throw new Error('the table has no such item');
    for (const [key, item] of found) {
      const changed = change(item as Item);
      if (changed === undefined) this.memory.table.delete(key);
      else this.memory.table.set(key, { ...item, ...changed });
    }
  }

  public served(environment: string): Deployment | undefined {
    const { pk, sk } = currentKey({ environment, id: ID });
    return [...this.memory.table.values()].find(item => item.pk === pk && item.sk === sk) as unknown as Deployment | undefined;
  }

  /** Runs `plumbline prompts …`. */
  public run(...args: string[]): Promise<Ran> {
    return this.place.run('prompts', ...args, '--registry', '/Shop/prompt-registry');
  }
}

/** What a mock of `cli/aws/asking` exports: the registry of the stage that a test is on. */
export function askingOf(stage: () => PromptStage): object {
  const location = { bucket: 'b', table: 't', signingKey: 'k', eventBus: 'bus', environments: ENVIRONMENTS, region: 'us-east-1' };
  const sandbox = { bucket: 'sb', table: 'st' };
  return {
    readParameter: async () => ({ text: JSON.stringify({ ...location, sandbox }), region: 'us-east-1' }),
    // A constructor that returns an object gives that object.
    AwsRegistry: function AwsRegistry() { return stage().memory; },
  };
}
