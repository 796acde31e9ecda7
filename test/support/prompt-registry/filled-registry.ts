import { sha256 } from './signed-prompts';
import { PublishOrder, Registry } from '../../../cli/prompts/registry/registry';
import { Seal } from '../../../cli/prompts/registry/seal';
import { compiledText, templateText } from '../../../src/contract/prompts/hashed-text';
import { MemoryRegistry } from '../../cli/prompts/support/memory-registry';

export const ENVIRONMENTS = ['dev', 'staging', 'prod'];
const ID = 'greeting';
const VARIABLES = { name: { sample: 'Ada', maxLength: 40 } };
const LONG_AGO = new Date('2026-11-20T04:00:00Z');

/** What commands have made of a registry. */
export interface FilledRegistry {
  readonly memory: MemoryRegistry;
  readonly hashOf: (version: string) => string;
  /** By the registry's own key. */
  readonly sign: <T extends object>(statement: T) => Promise<T>;
}

/**
 * A registry after real commands: 1.0.0 of one prompt was everywhere, then 1.1.0 serves all but production, where it is a candidate, after
 * dev went there and back; and what else is said.
 */
export async function filledRegistry(
  further: (commands: Registry) => Promise<unknown> = () => Promise.resolve(), at = LONG_AGO,
): Promise<FilledRegistry> {
  const memory = new MemoryRegistry();
  const commands = new Registry(memory, { environments: ENVIRONMENTS, eventBus: 'bus', isSandbox: false });
  await asOf(LONG_AGO, async () => {
    for (const version of ['1.0.0', '1.1.0']) {
      memory.who = 'arn:aws:iam::111122223333:user/ada';
      await commands.publish(orderOf(version));
      memory.who = 'arn:aws:iam::111122223333:user/bob';
      await commands.approve({ id: ID, version, role: 'engineer', reviewer: 'bob' });
      for (const environment of ENVIRONMENTS) await commands.promote({ id: ID, version, environment });
    }
    await commands.rollback({ id: ID, environments: ['dev'], reason: 'slow' });
    await commands.promote({ id: ID, version: '1.1.0', environment: 'dev' });
  });
  await asOf(at, () => further(commands));
  const seal = new Seal(memory, false);
  return { memory, hashOf: version => orderOf(version).document.template_hash, sign: statement => seal.sign(statement) };
}

async function asOf(time: Date, work: () => Promise<unknown>): Promise<void> {
  const clock = jest.spyOn(Date.prototype, 'toISOString').mockReturnValue(time.toJSON());
  try {
    await work();
  } finally {
    clock.mockRestore();
  }
}

function orderOf(version: string): PublishOrder {
  const content = { model: 'amazon.nova-pro-v1:0', messages: [{ role: 'user' as const, text: `Say hello to {{name}}, ${version}.` }] };
  return {
    document: {
      id: ID,
      version,
      ...content,
      variables: VARIABLES,
      source: `Say hello to {{name}}, ${version}.`,
      track: 'standard',
      template_hash: sha256(templateText(content)),
      compiled_hash: sha256(compiledText(content, VARIABLES)),
    },
    author: 'ada',
    golden: { passed: 20, failed: 0 },
    safety: { passed: 20, failed: 0 },
  };
}
