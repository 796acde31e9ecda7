import { spawnSync } from 'child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';

const VERSION = '4.0.2';
const CACHE = join(__dirname, '..', '..', 'node_modules', '.cache', 'plumbline');
const HOME = join(CACHE, `aws-lambda-ric-${VERSION}`);
const ENTRY = join('node_modules', 'aws-lambda-ric', 'index.mjs');
const LOCK = `${HOME}.lock`;
const PATIENCE_MS = 300_000;
const BUILD_TOOLS = ['autoconf', 'automake', 'libtoolize', 'make', 'g++'];

/**
 * The entry of Lambda's own runtime interface client for Node.js. Built when it is absent, which takes a minute and a half:
 * too long for everybody's `npm ci`.
 */
export function runtimeInterfaceClient(): string {
  const entry = join(HOME, ENTRY);
  if (!existsSync(entry)) once(() => existsSync(entry) || install());
  return entry;
}

/** Of several test workers one builds, and the others wait for it. */
function once(build: () => void): void {
  mkdirSync(CACHE, { recursive: true });
  const until = Date.now() + PATIENCE_MS;
  while (!lock()) {
    if (Date.now() > until) throw new Error(`Another process has been building Lambda's runtime interface client for too long. If none does, remove ${LOCK}`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  }
  try {
    build();
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

function lock(): boolean {
  try {
    mkdirSync(LOCK);
    return true;
  } catch {
    return false;
  }
}

function install(): void {
  const missing = BUILD_TOOLS.filter(tool => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0);
  if (missing.length > 0) {
    throw new Error(`Lambda's runtime interface client cannot be built without ${missing.join(', ')}: apt-get install autoconf automake libtool make g++`);
  }
  // Built beside its place and moved: an interrupted build leaves nothing that looks finished.
  const build = `${HOME}.${process.pid}`;
  mkdirSync(build, { recursive: true });
  writeFileSync(join(build, 'package.json'), '{ "private": true }\n');
  writeFileSync(join(build, '.npmrc'), 'allow-scripts=aws-lambda-ric\n');
  try {
    const npm = spawnSync('npm', ['install', `aws-lambda-ric@${VERSION}`, '--no-audit', '--no-fund', '--no-save'], { cwd: build, encoding: 'utf8' });
    if (npm.status !== 0 || !existsSync(join(build, ENTRY))) {
      throw new Error(`Lambda's runtime interface client could not be built: ${(npm.stderr || npm.stdout).trim().split('\n').slice(-3).join(' ')}`);
    }
    rmSync(HOME, { recursive: true, force: true });
    renameSync(build, HOME);
  } finally {
    rmSync(build, { recursive: true, force: true });
  }
}
