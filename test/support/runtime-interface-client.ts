import { spawnSync } from 'child_process';
import type { LambdaNodeMajor } from '../../build-tools/lambda-node';
import { onDemand } from '../../build-tools/on-demand';

const BUILD_TOOLS = ['autoconf', 'automake', 'libtoolize', 'cmake', 'make', 'g++'];
/** The generation of the client that Lambda runs on each Node.js; the older one ends the process on errors that nobody catches. */
const CLIENTS = {
  24: { version: '4.0.2', proof: 'index.mjs' },
  22: { version: '3.3.0', proof: 'bin/index.mjs' },
} as const;

/**
 * The entry of Lambda's own runtime interface client for Node.js. Built when it is absent, which takes a minute and a half.
 */
export function runtimeInterfaceClient(major: LambdaNodeMajor = 24): string {
  try {
    return onDemand({ name: 'aws-lambda-ric', ...CLIENTS[major], allowScript: true });
  } catch (error) {
    const missing = BUILD_TOOLS.filter(tool => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0);
    if (missing.length === 0) throw error;
    const install = 'apt-get install autoconf automake libtool cmake make g++';
    throw new Error(`Lambda's runtime interface client cannot be built without ${missing.join(', ')}: ${install}`);
  }
}
