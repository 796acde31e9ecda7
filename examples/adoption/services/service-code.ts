import { join } from 'path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunctionProps } from 'aws-cdk-lib/aws-lambda-nodejs';

const CODE = join(__dirname, '..', 'code');
const REPOSITORY = join(__dirname, '..', '..', '..');

/** The code of a service that needs no bundling. */
export function serviceCode(service: string): Code {
  return Code.fromAsset(join(CODE, service), { exclude: ['__pycache__'] });
}

/** How esbuild bundles the code of a service: the lock file is the one of the repository, whose root is two folders up. */
export function bundled(service: string, file = 'index.ts'): NodejsFunctionProps {
  return {
    entry: join(CODE, service, file),
    projectRoot: REPOSITORY,
    depsLockFilePath: join(REPOSITORY, 'package-lock.json'),
    // Lambda has the one by itself; the runtime layer brings the other.
    bundling: { externalModules: ['@aws-sdk/*', 'cdk-plumbline/runtime'], logLevel: LogLevel.ERROR },
  };
}
