import { join } from 'path';
import type { FakeApi } from './fake-api';
import { LambdaFunction } from './runtime-function';
import type { LambdaGeneration } from './runtime-generations';
import { LIBRARY_FUNCTIONS, RUNTIME_ENVIRONMENT } from '../../src/contract/data';

const { asset, handler, servicePrefix } = LIBRARY_FUNCTIONS;
const { kind, serviceName } = RUNTIME_ENVIRONMENT.variables;

export interface LibraryFunctionOptions {
  readonly name: keyof typeof LIBRARY_FUNCTIONS.functions;
  readonly generation: LambdaGeneration;
  /** Answers for every service that the function calls. */
  readonly aws: FakeApi;
  readonly environment?: Readonly<Record<string, string>>;
}

/** One of the library's own functions as it is built, under Lambda's real runtime interface client and the layer. */
export async function startLibraryFunction({ name, generation, aws, environment }: LibraryFunctionOptions): Promise<LambdaFunction> {
  return LambdaFunction.start({
    generation,
    code: join(__dirname, '..', '..', asset, name),
    handler,
    environment: {
      [kind.name]: 'EVENT',
      [serviceName.name]: `${servicePrefix}${name}`,
      AWS_ENDPOINT_URL: aws.url,
      ...environment,
    },
  });
}
