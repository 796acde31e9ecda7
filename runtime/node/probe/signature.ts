import { createHash, createHmac } from 'node:crypto';

const ALGORITHM = 'AWS4-HMAC-SHA256';

export interface UnsignedRequest {
  readonly method: string;
  readonly host: string;
  /** As it is sent: percent-encoded once. */
  readonly path: string;
  readonly body: string;
  readonly contentType?: string;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface SigningScope {
  readonly service: string;
  readonly region: string;
  readonly date: Date;
}

/**
 * The headers of a request with an AWS signature of version 4, for requests without a query.
 *
 * By hand: the SDK's signer brings streams and compression with it, which take longer to load than the probe takes.
 * A test holds the two against each other.
 */
export function signedHeaders(request: UnsignedRequest, credentials: Credentials, scope: SigningScope): Record<string, string> {
  const time = scope.date.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const headers: Record<string, string> = {
    ...(request.contentType && { 'content-type': request.contentType }),
    'host': request.host,
    'x-amz-content-sha256': sha256(request.body),
    'x-amz-date': time,
    ...(credentials.sessionToken && { 'x-amz-security-token': credentials.sessionToken }),
  };
  const names = Object.keys(headers).join(';');
  const canonical = [
    request.method,
    canonicalPath(request.path),
    '',
    ...Object.entries(headers).map(([name, value]) => `${name}:${value}`),
    '',
    names,
    sha256(request.body),
  ].join('\n');

  const place = [time.slice(0, 8), scope.region, scope.service, 'aws4_request'];
  const key = place.reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${credentials.secretAccessKey}`);
  const signature = hmac(key, [ALGORITHM, time, place.join('/'), sha256(canonical)].join('\n')).toString('hex');
  const credential = `${credentials.accessKeyId}/${place.join('/')}`;
  return { ...headers, authorization: `${ALGORITHM} Credential=${credential}, SignedHeaders=${names}, Signature=${signature}` };
}

/** Every service but S3 signs the path encoded a second time. */
function canonicalPath(path: string): string {
  return path.split('/').map(segment => encodeURIComponent(segment).replace(/[!'()*]/g, encodeCharacter)).join('/');
}

function encodeCharacter(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
