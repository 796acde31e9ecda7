import { existsSync } from 'fs';
import { join } from 'path';
import { Stack } from 'aws-cdk-lib';
import { Code, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct, IConstruct } from 'constructs';
import { RUNTIME_ENVIRONMENT } from '../contract/data';
import { libraryVersion } from '../standards/library-version';
import { sharedChild } from '../standards/shared-child';

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
    return sharedChild(Stack.of(scope), ID, (stack, id) => new NodeRuntimeLayer(stack, id));
  }

  private constructor(stack: Construct, id: string) {
    if (!existsSync(ASSET)) {
      throw new Error(`The Node runtime layer is not built (${asset}): run "npx projen bundle:runtime".`);
    }
    super(stack, id, {
      code: Code.fromAsset(ASSET),
      compatibleRuntimes: [Runtime.NODEJS_22_X, Runtime.NODEJS_24_X],
      description: `cdk-plumbline ${libraryVersion()} runtime for Node.js`,
    });
  }
}
