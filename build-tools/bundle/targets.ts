import { cli } from './cli';
import { functions } from './functions';
import { nodeLayer } from './node-layer';
import { nodeTypes } from './node-types';
import { pythonLayer } from './python-layer';
import { BundleTarget } from './target';

/** Everything that is built ahead, in the order in which it is built. */
export const TARGETS: readonly BundleTarget[] = [nodeLayer, nodeTypes, pythonLayer, functions, cli];
