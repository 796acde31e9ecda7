import { Duration } from 'aws-cdk-lib';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { LIBRARY_FUNCTIONS } from '../contract/data';
import { libraryCode } from '../function/library-code';
import { StandardLambda, StandardLambdaProps } from '../function/standard-lambda';

const { handler, functions: FUNCTIONS } = LIBRARY_FUNCTIONS;

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
      code: libraryCode(name),
      handler,
      description,
      timeout: Duration.seconds(timeoutSeconds),
      memorySize: memoryMb,
      tracing: Tracing.ACTIVE,
    });
  }
}
