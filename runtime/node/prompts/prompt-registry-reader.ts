import { Attributes } from './attributes';
import { Deployment, Release, requireDeployment } from './deployment';
import type { PromptStore } from './ports';
import { PublishedPrompt, requirePublished } from './published-prompt';
import { SigningKey } from './signing-key';
import { currentKey, Placed } from '../../../src/contract/prompts/registry-keys';

/** What the registry says, so far as it can be believed. */
export class PromptRegistryReader {
  /** Asked for once; again only after it could not be had. */
  private key: Promise<SigningKey> | undefined;

  /** @param keyId undefined where nothing is signed: in the sandbox */
  public constructor(private readonly store: PromptStore, private readonly keyId: string | undefined) {}

  /** What an environment serves; undefined when nothing is deployed there. */
  public async deployment(asked: Placed, signal: AbortSignal): Promise<Deployment | undefined> {
    const [item, key] = await bothOf<Attributes | undefined, SigningKey | undefined>(
      this.store.deployment(currentKey(asked), signal), this.signingKey(signal));
    return item && requireDeployment(item, asked, key);
  }

  public async prompt(id: string, release: Release, signal: AbortSignal): Promise<PublishedPrompt> {
    const [bytes, key] = await bothOf(this.store.object(release.key, release.objectVersionId, signal), this.signingKey(signal));
    return requirePublished(bytes, id, release, key);
  }

  private async signingKey(signal: AbortSignal): Promise<SigningKey | undefined> {
    const { keyId } = this;
    if (keyId === undefined) return undefined;
    this.key ??= this.store.signingKey(keyId, signal).then(key => SigningKey.require(key, keyId));
    const asked = this.key;
    try {
      return await asked;
    } catch (error) {
      if (this.key === asked) this.key = undefined;
      throw error;
    }
  }
}

/** Both results. When one fails the other is still waited for by nobody, and its failure is none that nobody caught. */
async function bothOf<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  return Promise.all([one, other]);
}
