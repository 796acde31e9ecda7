import { delimiter, dirname } from 'path';
import { LOOPBACK } from '../system/ports';

export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

/** Environment variables of this machine that would lead to a real account, or turn the local endpoints off. */
const OF_THE_MACHINE = /^(AWS_|CDK_|MINISTACK_|LOCALSTACK_|LAMBDA_|NODE_OPTIONS$|npm_)/;

/** What every program of the demo runs with: no credentials but invented ones, no endpoint but local ones. */
export function localEnvironment(endpoint: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !OF_THE_MACHINE.test(name));
  return {
    ...Object.fromEntries(inherited),
    AWS_ACCESS_KEY_ID: 'local-stage',
    AWS_SECRET_ACCESS_KEY: 'local-stage',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ENDPOINT_URL: endpoint,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    NO_PROXY: `${LOOPBACK},localhost`,
    no_proxy: `${LOOPBACK},localhost`,
  };
}

/** The emulator runs functions on the first Node of the PATH; that shall be the one that runs the demo. */
export function withThisNodeFirst(path: string | undefined): string {
  return [dirname(process.execPath), path].filter(Boolean).join(delimiter);
}
