import { onDemand } from './on-demand';

/** The newest Node.js that Lambda runs, and the default of `StandardLambda`. */
const VERSION = '24.21.0';

/** The path of Lambda's own Node.js for this machine. */
export function lambdaNode(): string {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  return onDemand({ name: `node-${platform}-${process.arch}`, version: VERSION, proof: platform === 'win' ? 'bin/node.exe' : 'bin/node' });
}
