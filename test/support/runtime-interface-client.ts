import { spawnSync } from 'child_process';
import { onDemand } from '../../build-tools/on-demand';

const BUILD_TOOLS = ['autoconf', 'automake', 'libtoolize', 'cmake', 'make', 'g++'];

/**
 * The entry of Lambda's own runtime interface client for Node.js. Built when it is absent, which takes a minute and a half.
 */
export function runtimeInterfaceClient(): string {
  try {
    return onDemand({ name: 'aws-lambda-ric', version: '4.0.2', proof: 'index.mjs', allowScript: true });
  } catch (error) {
    const missing = BUILD_TOOLS.filter(tool => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0);
    if (missing.length === 0) throw error;
    const install = 'apt-get install autoconf automake libtool cmake make g++';
    throw new Error(`Lambda's runtime interface client cannot be built without ${missing.join(', ')}: ${install}`);
  }
}
