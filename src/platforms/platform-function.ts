import { existsSync } from 'fs';
import { join } from 'path';
import { Duration } from 'aws-cdk-lib';
import { Code, Tracing } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { LIBRARY_FUNCTIONS } from '../contract/data';
import { StandardLambda, StandardLambdaProps } from '../function/standard-lambda';

const { asset, handler, functions: FUNCTIONS } = LIBRARY_FUNCTIONS;

/** A function that answers for a platform. */
export type PlatformFunctionName = 'text-generation' | 'image-jobs' | 'image-worker';

type PlatformFunctionProps = Pick<StandardLambdaProps, 'allowOrigins' | 'alarms' | 'environment' | 'kind' | 'traffic' | 'vpc'>;

/** One of a platform's functions, built ahead: a service of the product like any other, in private subnets. */
export class PlatformFunction extends StandardLambda {
  constructor(scope: Construct, id: string, name: PlatformFunctionName, props: PlatformFunctionProps) {
    const { description, timeoutSeconds, memoryMb } = FUNCTIONS[name];
    super(scope, id, {
      ...props,
      serviceName: name,
      code: Code.fromAsset(requireBuilt(name)),
      handler,
      description,
      timeout: Duration.seconds(timeoutSeconds),
      memorySize: memoryMb,
      tracing: Tracing.ACTIVE,
    });
  }
}

function requireBuilt(name: PlatformFunctionName): string {
  const folder = join(__dirname, '..', '..', asset, name);
  if (!existsSync(folder)) throw new Error(`The function ${name} is not built (${asset}/${name}): run "npx projen bundle:runtime".`);
  return folder;
}
