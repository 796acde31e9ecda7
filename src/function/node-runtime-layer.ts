import { existsSync } from 'fs';
import { join } from 'path';
import { Stack } from 'aws-cdk-lib';
import { Code, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';
import { RUNTIME_ENVIRONMENT } from '../contract/data';
import { libraryVersion } from '../standards/library-version';

const ID = 'PlumblineNodeRuntime';
const { asset } = RUNTIME_ENVIRONMENT.layers.node;
const ASSET = join(__dirname, '..', '..', asset);

/**
 * The layer with the Node runtime of the standard; one a stack, shared by its functions.
 *
 * Layer versions are immutable: an earlier release of the library deploys the earlier layer again.
 */
export class NodeRuntimeLayer extends LayerVersion {
  /** The layer of the stack that holds `scope`. */
  public static of(scope: IConstruct): NodeRuntimeLayer {
    const stack = Stack.of(scope);
    return (stack.node.tryFindChild(ID) as NodeRuntimeLayer | undefined) ?? new NodeRuntimeLayer(stack);
  }

  private constructor(stack: Stack) {
    if (!existsSync(ASSET)) {
      throw new Error(`The Node runtime layer is not built (${asset}): run "npx projen bundle:runtime".`);
    }
    super(stack, ID, {
      code: Code.fromAsset(ASSET),
      compatibleRuntimes: [Runtime.NODEJS_22_X, Runtime.NODEJS_24_X],
      description: `cdk-plumbline ${libraryVersion()} runtime for Node.js`,
    });
  }
}
