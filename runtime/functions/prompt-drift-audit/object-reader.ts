import type { RegistryStore } from './registry-store';
import { PROMPT_REGISTRY } from '../../../src/contract/data';
import type { ObjectVersion } from '../../../src/contract/prompts/judged-objects';

const { maxDocumentBytes: MAX_BYTES } = PROMPT_REGISTRY.read;

/** The objects of a prompt, each version of them read once, and only when it is in the listing. */
export class ObjectReader {
  private readonly known = new Map<string, Promise<Uint8Array | undefined>>();

  /** By key: a prompt may have tens of thousands. */
  private readonly listed = new Map<string, ObjectVersion[]>();

  public constructor(private readonly store: RegistryStore, listed: readonly ObjectVersion[]) {
    for (const version of listed) {
      const known = this.listed.get(version.key);
      if (known) known.push(version);
      else this.listed.set(version.key, [version]);
    }
  }

  /** All versions of a key, the latest first. */
  public versionsOf(key: string): ObjectVersion[] {
    const all = this.listed.get(key) ?? [];
    return [...all.filter(({ isLatest }) => isLatest), ...all.filter(({ isLatest }) => !isLatest)];
  }

  /** What a reader who names no version gets. */
  public async tryLatest(key: string): Promise<Uint8Array | undefined> {
    return this.read(this.versionsOf(key)[0]);
  }

  public async tryVersion(key: string, versionId: unknown): Promise<Uint8Array | undefined> {
    return this.read(this.versionsOf(key).find(version => version.versionId === versionId));
  }

  public async tryOldest(key: string): Promise<Uint8Array | undefined> {
    return this.read(this.versionsOf(key).filter(({ isDeleteMarker }) => !isDeleteMarker).at(-1));
  }

  /** Of what is too long for a prompt, no bytes: their hash is none that was ever signed. */
  private async read(version: ObjectVersion | undefined): Promise<Uint8Array | undefined> {
    if (!version || version.isDeleteMarker) return undefined;
    if (version.bytes > MAX_BYTES) return new Uint8Array();
    const name = `${version.key}?${version.versionId}`;
    const known = this.known.get(name);
    if (known) return known;
    const reading = this.store.object(version.key, version.versionId);
    this.known.set(name, reading);
    return reading;
  }
}
