import { existsSync } from 'fs';
import { join } from 'path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { LIBRARY_FUNCTIONS } from '../contract/data';

const { asset } = LIBRARY_FUNCTIONS;

/** The code of one of the library's functions, built ahead. */
export function libraryCode(name: keyof typeof LIBRARY_FUNCTIONS.functions): Code {
  const folder = join(__dirname, '..', '..', asset, name);
  if (!existsSync(folder)) throw new Error(`The function ${name} is not built (${asset}/${name}): run "npx projen bundle:runtime".`);
  return Code.fromAsset(folder);
}
