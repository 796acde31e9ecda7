import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

// A file URL, because a path would be looked up where the function's own modules are.
const runtimeFolder = new URL('../node_modules/cdk-plumbline/runtime/', import.meta.url);
const { startFunction } = createRequire(import.meta.url)(fileURLToPath(new URL('layer.js', runtimeFolder)));

/** What Lambda calls. Awaited here so that a failed start fails the init, not the first request. */
export const handler = await startFunction(fileURLToPath(runtimeFolder));
