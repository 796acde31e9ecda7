import { REST_API } from './data';

const FORM = /^([a-z][a-z0-9+.-]*):\/\/([a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(:[0-9]{1,5})?$/;

/**
 * Whether a browser may send this text as the origin of a page: scheme and host, and a port that is not the scheme's own;
 * in small letters, without a user, a path, a slash at the end or a wildcard.
 *
 * @see https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
 */
export function isOrigin(text: string): boolean {
  const [, scheme] = FORM.exec(text) ?? [];
  if (scheme === undefined || !(REST_API.originSchemes as readonly string[]).includes(scheme)) return false;
  return !isWeb(scheme) || writtenOrigin(text) === text;
}

/** The origin that was probably meant; undefined when none can be seen. */
export function suggestedOrigin(text: string): string | undefined {
  const meant = text.trim();
  const [, scheme] = /^([^:/?#]+):\/\//.exec(meant) ?? [];
  if (scheme === undefined) return suggestedOrigin(`https://${meant}`);
  const origin = writtenOrigin(meant);
  return origin !== undefined && isOrigin(origin) ? origin : undefined;
}

function isWeb(scheme: string): boolean {
  return scheme === 'http' || scheme === 'https';
}

/** How a browser writes the origin of a page at this address. */
function writtenOrigin(address: string): string | undefined {
  try {
    return new URL(address).origin;
  } catch {
    return undefined;
  }
}
