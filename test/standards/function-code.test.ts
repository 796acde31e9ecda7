import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { deflateRawSync } from 'zlib';
import { App, Stack } from 'aws-cdk-lib';
import { CfnFunction, Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { scriptsOf, stagedAsset } from '../../src/standards/function-code';
import { resolvedProperties } from '../../src/standards/late-values/references';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'plumbline-code-')); });
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Record<string, string | Buffer>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

function functionFrom(code: Code, context: Record<string, unknown> = {}): CfnFunction {
  const stack = new Stack(new App({ context }), 'Stack');
  return new Function(stack, 'Fn', { code, handler: 'index.handler', runtime: Runtime.NODEJS_22_X }).node.defaultChild as CfnFunction;
}

function scripts(code: Code, context?: Record<string, unknown>): string[] {
  const fn = functionFrom(code, context);
  const asset = stagedAsset(fn, resolvedProperties(fn));
  return asset ? [...scriptsOf(asset)] : [];
}

interface Packed {
  readonly name: string;
  readonly content: string;
  readonly method?: 'stored' | 'deflated' | 'other';
}

/** A zip file as tools write it: heads and files, the list, its end. */
function zip(files: readonly Packed[], comment = ''): Buffer {
  const heads: Buffer[] = [];
  const list: Buffer[] = [];
  for (const { name, content, method = 'deflated' } of files) {
    const packed = method === 'deflated' ? deflateRawSync(content) : Buffer.from(content);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE({ stored: 0, deflated: 8, other: 12 }[method], 4);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(Buffer.byteLength(content), 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const at = Buffer.concat(heads).length;
    heads.push(Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name), packed);
    const entry = Buffer.alloc(46);
    entry.write('PK\x01\x02', 'latin1');
    fields.copy(entry, 6);
    entry.writeUInt32LE(at, 42);
    list.push(entry, Buffer.from(name));
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(Buffer.concat(heads).length, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...heads, ...list, end, Buffer.from(comment)]);
}

describe('the scripts of a folder', () => {
  test('are its ES modules and CommonJS files, those at the top first, without packages and other files', () => {
    const path = write({
      'deep/er/c.cjs': 'c',
      'deep/b.mjs': 'b',
      'index.js': 'a',
      'README.md': 'no',
      'data.json': 'no',
      'index.js.map': 'no',
      'node_modules/x/index.js': 'no',
      'deep/node_modules/y/index.js': 'no',
    });
    expect(scripts(Code.fromAsset(path))).toEqual(['a', 'b', 'c']);
  });

  test('are read up to 8 MB in all', () => {
    const path = write({ 'a.js': 'a'.repeat(7e6), 'b.js': 'b'.repeat(7e6), 'c.js': 'c' });
    const read = scripts(Code.fromAsset(path));
    expect(read).toHaveLength(2);
    expect(read.map(script => script[0])).toEqual(['a', 'b']);
    expect(read.join('').length).toBe(8 * 1024 * 1024);
  });

  test('are looked for among 2000 entries at most', () => {
    const files = Object.fromEntries(Array.from({ length: 2100 }, (_, index) => [`f${String(index).padStart(5, '0')}.js`, 'x']));
    expect(scripts(Code.fromAsset(write(files)))).toHaveLength(2000);
  });

  test('are none where the CDK left out the bundling: the asset is the folder of the sources then', () => {
    const image = { image: Runtime.NODEJS_22_X.bundlingImage };
    const path = write({ 'index.js': 'a' });
    expect(scripts(Code.fromAsset(path, { bundling: image }), { 'aws:cdk:bundling-stacks': [] })).toEqual([]);
  });
});

describe('the scripts of a zip file', () => {
  const asset = (content: Buffer): Code => Code.fromAsset(join(write({ 'code.zip': content }), 'code.zip'));

  test('are read as those of a folder', () => {
    expect(scripts(asset(zip([
      { name: 'index.js', content: 'a'.repeat(1000) },
      { name: 'lib/b.mjs', content: 'b', method: 'stored' },
      { name: 'node_modules/x/index.js', content: 'no' },
      { name: 'README.md', content: 'no' },
    ], 'a comment')))).toEqual(['a'.repeat(1000), 'b']);
  });

  test('are empty when they are packed in another way, or larger than what is read', () => {
    expect(scripts(asset(zip([
      { name: 'a.js', content: 'a', method: 'other' }, { name: 'b.js', content: 'b'.repeat(9e6) }, { name: 'c.js', content: 'c' },
    ])))).toEqual(['', '', 'c']);
  });

  const broken = zip([{ name: 'index.js', content: 'a'.repeat(100) }]);
  test.each([
    ['is no zip file', Buffer.from('not a zip')],
    ['is empty', Buffer.alloc(0)],
    ['was cut in the list', broken.subarray(0, broken.length - 30)],
    ['names a file outside', Buffer.concat([broken.subarray(0, -22 - 8 - 4), Buffer.from([255, 255, 255, 127]), broken.subarray(-22 - 8)])],
    ['has a list outside', Buffer.concat([broken.subarray(0, -6), Buffer.from([255, 255, 255, 127]), broken.subarray(-2)])],
  ])('are none, and no error, when it %s', (_what, content) => {
    expect(scripts(asset(content)).join('')).toBe('');
  });
});

test('an asset that the template does not name is not the function\'s', () => {
  const fn = functionFrom(Code.fromAsset(write({ 'index.js': 'a' })));
  fn.code = { zipFile: '//' };
  expect(stagedAsset(fn, resolvedProperties(fn))).toBeUndefined();
});
