import { writeFileSync } from 'fs';
import { join } from 'path';

/** What Lambda's runtime interface client has loaded before it loads a handler. */
export const LOADED_BY_LAMBDA = ['path', 'fs', 'net', 'http', 'os', 'util', 'worker_threads', 'async_hooks'];

/** How Lambda starts Node for a function of 512 MB. The first one makes Node compile its own modules anew. */
export const LAMBDA_FLAGS = ['--expose-gc', '--max-http-header-size=81920', '--max-semi-space-size=25', '--max-old-space-size=460'];

/** The environment of a function whose code lies in the folder, and whose AWS is the server at the URL, known by its certificate. */
export function functionEnvironment(folder: string, aws: { readonly url: string; readonly certificate: string }): Record<string, string> {
  const trusted = join(folder, 'trusted.pem');
  writeFileSync(trusted, aws.certificate);
  return {
    AWS_ENDPOINT_URL: aws.url,
    NODE_EXTRA_CA_CERTS: trusted,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    LAMBDA_TASK_ROOT: folder,
  };
}
