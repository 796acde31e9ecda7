import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const { startFunction } = createRequire(import.meta.url)('./start.js');

/** What Lambda calls. Awaited here so that a failed start fails the init, not the first request. */
export const handler = await startFunction(fileURLToPath(new URL('.', import.meta.url)));
