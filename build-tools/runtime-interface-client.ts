import { spawnSync } from 'child_process';
import { copyFileSync, readFileSync } from 'fs';
import { dirname, join } from 'path';
import type { LambdaNodeMajor } from './lambda-node';
import { onDemand } from './on-demand';

const NAME = 'aws-lambda-ric';
const BUILD_TOOLS = ['autoconf', 'automake', 'libtoolize', 'cmake', 'make', 'g++'];
/** The generation of the client that Lambda runs on each Node.js; the older one ends the process on errors that nobody catches. */
const CLIENTS = {
  24: { version: '4.0.2', proof: 'index.mjs', source: 'src/native/rapid-client.cc', built: 'rapid-client.node' },
  22: { version: '3.3.0', proof: 'bin/index.mjs', source: 'src/rapid-client.cc', built: 'dist/rapid-client.node' },
} as const;

/** The entry of Lambda's own runtime interface client for Node.js. Built when it is absent, which takes a minute and a half. */
export function runtimeInterfaceClient(major: LambdaNodeMajor = 24): string {
  const newest = onceBuilt();
  if (major === 24) return newest;
  const { version, proof } = CLIENTS[major];
  // Its native part is the same source, with the same curl: it need not be compiled twice.
  return onDemand({ name: NAME, version, proof, finish: folder => takeNative(dirname(newest), folder) });
}

function onceBuilt(): string {
  const { version, proof } = CLIENTS[24];
  try {
    return onDemand({ name: NAME, version, proof, allowScript: true });
  } catch (error) {
    const missing = BUILD_TOOLS.filter(tool => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0);
    if (missing.length === 0) throw error;
    const install = 'apt-get install autoconf automake libtool cmake make g++';
    throw new Error(`Lambda's runtime interface client cannot be built without ${missing.join(', ')}: ${install}`);
  }
}

function takeNative(from: string, to: string): void {
  const [newer, older] = [CLIENTS[24], CLIENTS[22]];
  if (readFileSync(join(from, newer.source), 'utf8') !== readFileSync(join(to, older.source), 'utf8')) {
    throw new Error(`${NAME}@${older.version} has another native part than ${newer.version}: let its own install script build it`);
  }
  copyFileSync(join(from, newer.built), join(to, older.built));
}
