/** What Lambda's runtime interface client has loaded before it loads a handler. */
export const LOADED_BY_LAMBDA = ['path', 'fs', 'net', 'http', 'os', 'util', 'worker_threads', 'async_hooks'];

/** How Lambda starts Node for a function of 512 MB. The first one makes Node compile its own modules anew. */
export const LAMBDA_FLAGS = ['--expose-gc', '--max-http-header-size=81920', '--max-semi-space-size=25', '--max-old-space-size=460'];
