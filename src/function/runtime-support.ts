import { existsSync } from 'fs';
import { join } from 'path';
import { Stack } from 'aws-cdk-lib';
import { Code, Function, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct, IConstruct } from 'constructs';
import { HandlerKind } from './handler-kind';
import { RUNTIME_ENVIRONMENT } from '../contract/data';
import { libraryVersion } from '../standards/library-version';
import { sharedChild } from '../standards/shared-child';
import { teachingError } from '../standards/teaching-error';

/** What the standard runs with in functions of one language. */
export interface RuntimeSupport {
  readonly language: string;
  /** The names of the Lambda runtimes. */
  readonly runtimes: string;
  /** The built layer, from the root of the package. */
  readonly asset: string;
  /** What Lambda calls instead of the function's own handler. */
  readonly handler: string;
  /** The id of the layer in a stack. */
  readonly layerId: string;
  readonly compatibleRuntimes: readonly Runtime[];
  /** Whether Lambda lets a handler of this language answer in a stream. */
  readonly streams: boolean;
}

const { node, python } = RUNTIME_ENVIRONMENT.layers;
const LANGUAGES: readonly RuntimeSupport[] = [
  { ...node, layerId: 'PlumblineNodeRuntime', compatibleRuntimes: [Runtime.NODEJS_22_X, Runtime.NODEJS_24_X], streams: true },
  {
    ...python,
    layerId: 'PlumblinePythonRuntime',
    compatibleRuntimes: [Runtime.PYTHON_3_11, Runtime.PYTHON_3_12, Runtime.PYTHON_3_13, Runtime.PYTHON_3_14],
    streams: false,
  },
];

/** What the standard has for the runtime of a function, which is to answer as `kind` says. */
export function requireRuntimeSupport(fn: Function, kind?: HandlerKind): RuntimeSupport {
  const { name } = fn.runtime;
  const support = LANGUAGES.find(({ runtimes }) => new RegExp(runtimes).test(name));
  if (!support) {
    throw teachingError(fn, {
      problem: 'The standard has no runtime layer for this function',
      given: name,
      allowed: 'zip functions with a Node.js runtime, or with Python 3.11 or newer',
      fix: 'use such a runtime; for others put the function behind a StandardLambda',
    });
  }
  if (kind === HandlerKind.STREAM && !support.streams) {
    throw teachingError(fn, {
      problem: `Lambda's ${support.language} runtimes do not stream their answers`,
      given: { kind, runtime: name },
      allowed: 'HandlerKind.STREAM with a Node.js runtime',
      fix: 'answer at once with HandlerKind.AUTO or HandlerKind.API, stream from a Node.js function, or run the service in a container',
    });
  }
  return support;
}

/**
 * The layer with the runtime of the standard for one language; one a stack, shared by its functions.
 *
 * Layer versions are immutable: an earlier release of the library deploys the earlier layer again.
 */
export class RuntimeLayer extends LayerVersion {
  /** The layer of the stack that holds `scope`. */
  public static of(scope: IConstruct, support: RuntimeSupport): RuntimeLayer {
    return sharedChild(Stack.of(scope), support.layerId, (stack, id) => new RuntimeLayer(stack, id, support));
  }

  private constructor(stack: Construct, id: string, { asset, language, compatibleRuntimes }: RuntimeSupport) {
    const path = join(__dirname, '..', '..', asset);
    if (!existsSync(path)) {
      throw new Error(`The ${language} runtime layer is not built (${asset}): run "npx projen bundle:runtime".`);
    }
    super(stack, id, {
      code: Code.fromAsset(path),
      compatibleRuntimes: [...compatibleRuntimes],
      description: `cdk-plumbline ${libraryVersion()} runtime for ${language}`,
    });
  }
}
