import { readFileSync, readdirSync, writeFileSync } from 'fs';
import { join } from 'path';

const LAZY = '// Each module loads when one of its names is first read.';

/**
 * jsii emits index files that load every module at once, and cdk-nag with them: more than 100 ms that a user pays on
 * every synth. This rewrites the index files below a folder so that a module loads when one of its names is first read.
 */
export function makeIndexesLazy(directory: string): void {
  const indexes = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name === 'index.js')
    .map(entry => join(entry.parentPath, entry.name));
  for (const file of indexes) rewrite(file);
}

function rewrite(file: string): void {
  const source = readFileSync(file, 'utf8');
  if (source.includes(LAZY)) return;
  const names = new Map<string, string>();
  for (const target of reExports(file, source)) {
    for (const name of exportedNames(join(file, '..', target))) names.set(name, target);
  }
  writeFileSync(file, lazyIndex(names));
}

/** The modules that an index file re-exports. One that does anything else would lose it, so it is refused. */
function reExports(file: string, source: string): string[] {
  const calls = source.split('\n').filter(line => /\brequire\(/.test(line));
  return calls.map(line => {
    const match = /^__exportStar\(require\("(.+)"\), exports\);$/.exec(line);
    if (!match) throw new Error(`${file} does more than \`export * from '…'\`, so that it cannot load lazily: ${line}`);
    return match[1];
  });
}

function exportedNames(module: string): string[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- names are known only to the compiled module
  return Object.keys(require(module)).filter(name => name !== '__esModule');
}

function lazyIndex(names: Map<string, string>): string {
  const sorted = [...names].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    '"use strict";',
    LAZY,
    'Object.defineProperty(exports, "__esModule", { value: true });',
    // Never runs; Node reads from it which names `import { … }` finds in this CommonJS module.
    `0 && (module.exports = { ${sorted.map(([name]) => name).join(', ')} });`,
    'let _;',
    // With the name written in the call itself, Node would take these for the exports and overlook the line above.
    ...sorted.map(([name, target]) =>
      `Object.defineProperty(exports, _ = "${name}", { enumerable: true, configurable: true, get: () => require("${target}").${name} });`),
    '',
  ].join('\n');
}

if (require.main === module) makeIndexesLazy(process.argv[2] ?? join(__dirname, '..', 'lib'));
