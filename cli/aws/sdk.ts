import { Asked, awsFault } from './aws-faults';
import type { Asker } from './pages';
import { isRegion } from '../../src/contract/regions';
import { CouldNotRun } from '../system/could-not-run';

/** How often a request is tried that AWS throttles. With the waits between, over half a minute. */
export const ATTEMPTS = 8;

/** Loaded when it is needed: the SDK is longer than the whole command. It warns of old versions of Node, and nobody can update it apart. */
export function sdk(): typeof import('./asking') {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it together with this file
  return require('./asking') as typeof import('./asking');
}

/** Makes requests to a service, whose errors say what to do. */
export function askerOf(asked: Omit<Asked, 'operation' | 'attempts'>): Asker {
  return async (operation, request) => {
    try {
      return await request();
    } catch (error) {
      throw awsFault(error as Error, { ...asked, operation, attempts: ATTEMPTS });
    }
  };
}

/** The Regions that options name, each once; none where none is named. Errors: one that is no Region. */
export function namedRegions(named: readonly string[] = []): string[] {
  const given = [...new Set(named.flatMap(text => text.split(',')).map(text => text.trim()))];
  const wrong = given.find(region => !isRegion(region));
  if (wrong !== undefined) throw new CouldNotRun(`"${wrong}" is no Region. Name each by its code: --region us-east-1 --region eu-west-1`);
  return given.sort();
}
