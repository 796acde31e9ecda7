import { onDemand } from './on-demand';

/** The Node.js versions that Lambda runs; 24 is the default of `StandardLambda`. */
const VERSIONS = { 24: '24.21.0', 22: '22.23.3' } as const;

export type LambdaNodeMajor = keyof typeof VERSIONS;

/** The path of Lambda's own Node.js for this machine. */
export function lambdaNode(major: LambdaNodeMajor = 24): string {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const proof = platform === 'win' ? 'bin/node.exe' : 'bin/node';
  return onDemand({ name: `node-${platform}-${process.arch}`, version: VERSIONS[major], proof });
}
