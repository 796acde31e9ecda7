import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'fs';
import { join } from 'path';
import { inflateRawSync } from 'zlib';
import { AssetStaging, CfnResource, Stack } from 'aws-cdk-lib';

/** Where a construct keeps the files of its function or layer: an `Asset`, or those of the CDK's custom resources. */
const PLACES = [['Code', 'Stage'], ['Staging']];
const SCRIPT = /\.[cm]?js$/;
const PACKAGES = 'node_modules';

/** How much of an asset is read: what bundlers write is far smaller, and a synthesis does not wait for what is larger. */
const LIMIT = { bytes: 8 * 1024 * 1024, entries: 2000 };

/** The asset that a function or a layer really uses: the one whose hash its template names. */
export function stagedAsset(construct: CfnResource, properties: Record<string, unknown>): AssetStaging | undefined {
  const staging = PLACES.map(place => stagingAt(construct, place)).find(found => found !== undefined);
  return staging && JSON.stringify(properties.Code ?? properties.Content ?? '').includes(staging.assetHash) ? staging : undefined;
}

/**
 * The scripts of an asset, a folder or a zip file, one after the other; not those of packages in it. Each character is one byte of a file,
 * and no more than the first 8 MB are read.
 *
 * Where the CDK left the bundling out, since the stack is not wanted, the asset is the folder of the sources: it has no scripts then.
 */
export function* scriptsOf(asset: AssetStaging): Generator<string> {
  if (!Stack.of(asset).bundlingRequired) return;
  const path = asset.absoluteStagedPath;
  let left = LIMIT.bytes;
  for (const read of statSync(path).isFile() ? scriptsOfZip(path) : scriptsOfFolder(path)) {
    if (left <= 0) return;
    const script = read(left);
    left -= script.length;
    yield script;
  }
}

/** Reads at most so many bytes of a script. */
type ReadScript = (bytes: number) => string;

function stagingAt(construct: CfnResource, place: string[]): AssetStaging | undefined {
  let node = construct.node.scope;
  for (const id of place) node = node?.node.tryFindChild(id);
  return node instanceof AssetStaging ? node : undefined;
}

/** Folder by folder from the top: a handler and its parts come before what lies deep. */
function* scriptsOfFolder(root: string): Generator<ReadScript> {
  const folders = [root];
  let entries = 0;
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (++entries > LIMIT.entries) return;
      const path = join(folder, entry.name);
      if (entry.isDirectory() && entry.name !== PACKAGES) folders.push(path);
      if (entry.isFile() && SCRIPT.test(entry.name)) yield bytes => firstBytes(path, bytes);
    }
  }
}

function firstBytes(path: string, bytes: number): string {
  const file = openSync(path, 'r');
  try {
    const content = Buffer.alloc(Math.min(bytes, statSync(path).size));
    return content.toString('latin1', 0, readSync(file, content));
  } finally {
    closeSync(file);
  }
}

/** @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
const ZIP = {
  /** The end of the list of files: its signature, and where the list begins and how long it is. */
  end: { signature: 0x06054b50, size: 22, mostComment: 65_535, count: 10, listAt: 16 },
  /** An entry of the list. */
  entry: { signature: 0x02014b50, size: 46, method: 10, packed: 20, nameLength: 28, extraLength: 30, commentLength: 32, fileAt: 42 },
  /** The head of a file. */
  head: { size: 30, nameLength: 26, extraLength: 28 },
  deflated: 8,
  stored: 0,
};

/** A zip file that is too large to be read, or is none, has no scripts. */
function* scriptsOfZip(path: string): Generator<ReadScript> {
  if (statSync(path).size > LIMIT.bytes * 2) return;
  const zip = readFileSync(path);
  const endAt = zip.lastIndexOf(signature(ZIP.end.signature));
  if (endAt < 0 || endAt + ZIP.end.size > zip.length) return;
  const count = Math.min(zip.readUInt16LE(endAt + ZIP.end.count), LIMIT.entries);
  let at = zip.readUInt32LE(endAt + ZIP.end.listAt);
  for (let index = 0; index < count && at + ZIP.entry.size <= endAt; index++) {
    const entry = at;
    const nameLength = zip.readUInt16LE(entry + ZIP.entry.nameLength);
    const name = zip.toString('utf8', entry + ZIP.entry.size, entry + ZIP.entry.size + nameLength);
    if (SCRIPT.test(name) && !name.split('/').includes(PACKAGES)) yield bytes => unpacked(zip, entry, bytes);
    at += ZIP.entry.size + nameLength + zip.readUInt16LE(entry + ZIP.entry.extraLength) + zip.readUInt16LE(entry + ZIP.entry.commentLength);
  }
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** A file of a zip; empty when it is packed in another way, is broken, or is larger than wanted. */
function unpacked(zip: Buffer, entry: number, bytes: number): string {
  const head = zip.readUInt32LE(entry + ZIP.entry.fileAt);
  if (head + ZIP.head.size > zip.length) return '';
  const start = head + ZIP.head.size + zip.readUInt16LE(head + ZIP.head.nameLength) + zip.readUInt16LE(head + ZIP.head.extraLength);
  const packed = zip.subarray(start, start + zip.readUInt32LE(entry + ZIP.entry.packed));
  const method = zip.readUInt16LE(entry + ZIP.entry.method);
  if (method === ZIP.stored) return packed.toString('latin1', 0, bytes);
  if (method !== ZIP.deflated) return '';
  try {
    return inflateRawSync(packed, { maxOutputLength: bytes }).toString('latin1');
  } catch {
    return '';
  }
}
