import { Refused } from './refused';
import { Seal, sha256 } from './seal';
import { Tampered } from './tampered';
import { PROMPT_REGISTRY } from '../../../src/contract/data';
import { canonicalJson, JsonValue } from '../../../src/contract/prompts/canonical-json';
import { findMissingReviewers } from '../../../src/contract/prompts/gates';
import { isApprovalOf, isGatesOf, judgedDocument } from '../../../src/contract/prompts/genuine-statements';
import {
  approvalPrefix, environmentObject, gatesKey, promptPartition, recordKey, VersionName, versionObject,
} from '../../../src/contract/prompts/registry-keys';
import { Approval, Gates, PublishedVersion, Release } from '../../../src/contract/prompts/statements';
import type { Members, RegistryPort } from '../../aws/registry-port';
import { CouldNotRun } from '../../system/could-not-run';

/** A published version with the bytes of its document. */
export interface KnownVersion {
  readonly document: PublishedVersion;
  readonly bytes: Uint8Array;
  readonly objectVersion: string;
  readonly record: Members | undefined;
}

/** Reads what the registry knows of versions. Whatever is not signed by its key, or is another's, is an error. */
export class Versions {
  constructor(private readonly port: RegistryPort, private readonly seal: Seal, private readonly isSandbox: boolean) {}

  /** A version whose publication came to its end. */
  public async require(name: VersionName): Promise<KnownVersion> {
    const known = await this.tryKnown(name);
    if (known?.record) return known;
    throw new CouldNotRun(`${name.id} ${name.version} is not ${known ? 'wholly ' : ''}published. `
      + 'Publish it: plumbline prompts publish FILE');
  }

  /** A version whose document is there, maybe without its record. */
  public async tryKnown(name: VersionName): Promise<KnownVersion | undefined> {
    const record = await this.port.tryItem(recordKey(name));
    const key = versionObject(name);
    const object = await this.port.tryObject(key, record?.object_version_id as string | undefined);
    if (!object) {
      if (record) throw new Tampered(`${key} is not there, though its record is`);
      return undefined;
    }
    const document = await this.requireDocument(object.bytes, name, key);
    if (record && (record.template_hash !== document.template_hash || record.compiled_hash !== document.compiled_hash)) {
      throw new Tampered(`The record of ${name.id} ${name.version} has other hashes than ${key}`);
    }
    return { document, bytes: object.bytes, objectVersion: object.versionId, record };
  }

  /** The document that a release names. */
  public async requireReleased(release: Release, id: string): Promise<PublishedVersion> {
    const { key, object_version_id, sha256: hash, version, template_hash } = release;
    const object = await this.port.tryObject(key, object_version_id);
    if (!object) throw new Tampered(`${key} is not there in the version ${object_version_id}`);
    if (sha256(object.bytes) !== hash) throw new Tampered(`${key} is not what was deployed`);
    const document = await this.requireDocument(object.bytes, { id, version }, key);
    if (document.template_hash !== template_hash) throw new Tampered(`${key} has another hash than its deployment`);
    return document;
  }

  /** Copies a version to where an environment may read it; a copy that is there already has to be the same to the byte. */
  public async release({ document, bytes }: KnownVersion, environment: string): Promise<Release> {
    const { id, version, template_hash, compiled_hash } = document;
    const key = environmentObject({ environment, id, version });
    let objectVersion = await this.port.putObjectOnce(key, new TextDecoder().decode(bytes));
    if (objectVersion === undefined) {
      const there = await this.port.tryObject(key);
      if (!there || sha256(there.bytes) !== sha256(bytes)) {
        throw new Tampered(`${key} has another content than ${id} ${version}`);
      }
      objectVersion = there.versionId;
    }
    return { version, template_hash, compiled_hash, key, object_version_id: objectVersion, sha256: sha256(bytes) };
  }

  public async approvals({ id, version }: VersionName): Promise<Approval[]> {
    const items = await this.port.items(promptPartition(id), approvalPrefix(version));
    const cryptography = await this.seal.cryptography();
    const forged = items.find(item => !isApprovalOf(item, { id, version }, cryptography));
    if (forged) throw new Tampered(`The approval ${forged.sk} of ${id} is forged`);
    return items as unknown as Approval[];
  }

  public async tryGates(name: VersionName): Promise<Gates | undefined> {
    const gates = await this.port.tryItem(gatesKey(name));
    if (!gates) return undefined;
    if (!isGatesOf(gates, name, await this.seal.cryptography())) throw new Tampered(`The gates of ${name.id} ${name.version} are forged`);
    return gates as unknown as Gates;
  }

  /** Errors: what is missing before a version may be served. */
  public async requireApproved({ document }: KnownVersion, policyChange: boolean): Promise<void> {
    if (this.isSandbox) return;
    const faults = findMissingReviewers(document, await this.approvals(document), policyChange);
    if (faults.length > 0) throw new Refused(faults);
  }

  private async requireDocument(bytes: Uint8Array, name: VersionName, key: string): Promise<PublishedVersion> {
    const { document, fault } = judgedDocument(bytes, name, await this.seal.cryptography(), key);
    if (!document) throw new Tampered(fault!);
    return document;
  }
}

export function documentText(document: PublishedVersion): string {
  return canonicalJson(document as unknown as JsonValue);
}

/** Every role that a contract's track asks for. */
export const ROLES: readonly string[] = [...new Set([
  ...Object.values(PROMPT_REGISTRY.tracks).flatMap(({ reviewers }) => reviewers), PROMPT_REGISTRY.contentPolicyChangeNeeds,
])];
