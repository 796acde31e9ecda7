import { lambdaNode, type LambdaNodeMajor } from '../../build-tools/lambda-node';
import { runtimeInterfaceClient } from '../../build-tools/runtime-interface-client';

/** One of Lambda's Node.js runtimes: its Node and the runtime interface client it runs. */
export interface LambdaGeneration {
  readonly major: LambdaNodeMajor;
  readonly node: string;
  readonly client: string;
}

// Built when absent, which takes longer than a test may: while the module loads.
export const NODE_24 = generation(24);
export const NODE_22 = generation(22);

/** For `describe.each`: what holds on one of Lambda's runtimes holds on each. */
export const GENERATIONS: readonly (readonly [name: string, generation: LambdaGeneration])[] =
  [NODE_24, NODE_22].map(one => [`Node.js ${one.major}`, one]);

function generation(major: LambdaNodeMajor): LambdaGeneration {
  return { major, node: lambdaNode(major), client: runtimeInterfaceClient(major) };
}
