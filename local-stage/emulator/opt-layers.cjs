/**
 * Loaded into every Node process of the emulator. Lambda puts layers at /opt, which nobody may touch on a developer's
 * machine; so paths below /opt lead to the folders where the emulator keeps the function's layers.
 *
 * Also keeps what a function writes: the emulator forgets the log of a function that fails to start.
 */
'use strict';
const Module = require('module');
const { appendFileSync, existsSync, statSync } = require('fs');
const { delimiter, join } = require('path');

const layers = (process.env._LAMBDA_LAYERS_DIRS ?? '').split(delimiter).filter(Boolean);
const EXTENSIONS = ['', '.js', '.mjs', '.cjs'];

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function resolveBelowOpt(request, ...rest) {
  if (typeof request === 'string' && request.startsWith('/opt/') && !existsSync(request)) {
    for (const layer of layers) {
      for (const extension of EXTENSIONS) {
        const file = join(layer, request.slice('/opt/'.length)) + extension;
        if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
      }
    }
  }
  return resolveFilename.call(this, request, ...rest);
};

const { LOCAL_STAGE_LOGS: logs, AWS_LAMBDA_FUNCTION_NAME: name } = process.env;
if (logs && name) {
  const write = process.stderr.write;
  process.stderr.write = function writeAndKeep(chunk, ...rest) {
    appendFileSync(join(logs, `${name}.log`), chunk);
    return write.call(this, chunk, ...rest);
  };
}
