import { PublishOrder, Registry } from '../../../../../cli/prompts/registry/registry';
import type { RollbackOrder } from '../../../../../cli/prompts/registry/rollback';
import { sha256 } from '../../../../../cli/prompts/registry/seal';
import { compiledText, templateText } from '../../../../../src/contract/prompts/hashed-text';

/** One command of a user, without the prompt that it is about. */
export type Order =
  | { readonly do: 'publish'; readonly version: string; readonly isEdited: boolean }
  | { readonly do: 'approve'; readonly version: string; readonly role: string; readonly reviewer: string }
  | { readonly do: 'promote'; readonly version: string; readonly environment: string; readonly toAll: boolean }
  | ({ readonly do: 'rollback' } & Omit<RollbackOrder, 'id'>);

/** All of nearly one length: a standard version may not have many more tokens. Two say the same, and one has a content policy. */
const TEXTS: Readonly<Record<string, string>> = {
  '1.0.0': 'Say hello to them.',
  '1.1.0': 'Say howdy to them.',
  '1.2.0': 'Never say hi to us.',
  '1.3.0': 'Say hello to them.',
  '1.4.0': 'Say it at once now.',
};
export const VERSIONS: readonly string[] = Object.keys(TEXTS);
export const EXPEDITED = '1.4.0';
export const AUTHOR = 'ada';
const PASSED = { passed: 20, failed: 0 };

export function publishOrder(id: string, version: string, isEdited = false): PublishOrder {
  const text = TEXTS[version] + (isEdited ? '!' : '');
  const content = { model: 'amazon.nova-pro-v1:0', messages: [{ role: 'user' as const, text }] };
  return {
    document: {
      id,
      version,
      ...content,
      variables: {},
      source: text,
      track: version === EXPEDITED ? 'expedited' : 'standard',
      template_hash: sha256(templateText(content)),
      compiled_hash: sha256(compiledText(content, {})),
    },
    author: AUTHOR,
    golden: PASSED,
    safety: PASSED,
  };
}

/** A whole release: what a team does one after the other. */
export function releaseOrders(version: string, environments: readonly string[]): Order[] {
  const reviews = [['engineer', 'bob'], ['tech_lead', 'bob'], ['safety_officer', 'eve']] as const;
  return [
    { do: 'publish', version, isEdited: false },
    ...reviews.filter(([role]) => version === EXPEDITED || role !== 'tech_lead')
      .map(([role, reviewer]): Order => ({ do: 'approve', version, role, reviewer })),
    ...environments.map((environment): Order => ({ do: 'promote', version, environment, toAll: false })),
    { do: 'promote', version, environment: environments[environments.length - 1], toAll: true },
  ];
}

/** What each command answers. */
export async function carryOut(registry: Registry, id: string, order: Order) {
  switch (order.do) {
    case 'publish': return [await registry.publish(publishOrder(id, order.version, order.isEdited))];
    case 'approve': return [await registry.approve({ ...order, id })];
    case 'promote': return [await registry.promote({ ...order, id })];
    case 'rollback': return registry.rollback({ ...order, id });
  }
}
