import { readFileSync, readdirSync, writeFileSync } from 'fs';
import { join } from 'path';

/**
 * jsii emits index files that load every module at once, and cdk-nag with them: more than 100 ms that a user pays on
 * every synth. This rewrites index files that only re-export so that a module loads when one of its names is first read.
 */
const LIB = join(__dirname, '..', 'lib');

for (const entry of readdirSync(LIB, { recursive: true, withFileTypes: true })) {
  if (entry.isFile() && entry.name === 'index.js') rewrite(join(entry.parentPath, entry.name));
}

function rewrite(file: string): void {
  const targets = reExports(readFileSync(file, 'utf8'));
  if (!targets) return;
  const names = new Map<string, string>();
  for (const target of targets) {
    for (const name of exportedNames(join(file, '..', target))) names.set(name, target);
  }
  writeFileSync(file, lazyIndex(names));
}

/** The modules that an index file re-exports; undefined when it holds anything else. */
function reExports(source: string): string[] | undefined {
  const targets: string[] = [];
  for (const line of source.split('\n')) {
    const match = /^__exportStar\(require\("(.+)"\), exports\);$/.exec(line);
    if (match) targets.push(match[1]);
    else if (/\brequire\(/.test(line)) return undefined;
  }
  return targets.length > 0 ? targets : undefined;
}

function exportedNames(module: string): string[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- names are known only to the compiled module
  return Object.keys(require(module)).filter(name => name !== '__esModule');
}

function lazyIndex(names: Map<string, string>): string {
  const sorted = [...names].sort(([a], [b]) => a.localeCompare(b));
  return [
    '"use strict";',
    'Object.defineProperty(exports, "__esModule", { value: true });',
    // Never runs; Node reads from it which names `import { … }` finds in this CommonJS module.
    `0 && (module.exports = { ${sorted.map(([name]) => name).join(', ')} });`,
    'let _;',
    ...sorted.map(([name, target]) =>
      `Object.defineProperty(exports, _ = "${name}", { enumerable: true, configurable: true, get: () => require("${target}").${name} });`),
    '',
  ].join('\n');
}
