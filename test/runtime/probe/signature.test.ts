import { createHash, createHmac } from 'crypto';
// eslint-disable-next-line import/no-extraneous-dependencies -- every SDK client brings it, in the version it was made for
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { signedHeaders } from '../../../runtime/node/probe/signature';

type Key = Parameters<typeof createHmac>[1];

class Sha256 {
  private readonly hash;
  constructor(secret?: Key) {
    this.hash = secret ? createHmac('sha256', secret) : createHash('sha256');
  }
  public update(data: Uint8Array): void { this.hash.update(data); }
  public async digest(): Promise<Uint8Array> { return this.hash.digest(); }
  public reset(): void {}
}

/** Which a signer resolves, and which no model is called. */
const notADotSegment = (model: string) => model !== '.' && model !== '..';

const request = fc.record({
  method: fc.constantFrom('GET', 'POST'),
  host: fc.constantFrom('sts.us-east-1.amazonaws.com', '127.0.0.1:4566'),
  path: fc.oneof(
    fc.constantFrom('/', '/foundation-models', '/prefix/foundation-models'),
    fc
      .string({ minLength: 1 })
      .filter(notADotSegment)
      .map(model => `/model/${encodeURIComponent(model)}/invoke`),
  ),
  contentType: fc.constantFrom(undefined, 'application/json'),
  body: fc.constantFrom('', '{}', 'Action=GetCallerIdentity&Version=2011-06-15'),
});
const credentials = fc.record({
  accessKeyId: fc.constant('AKIAIOSFODNN7EXAMPLE'),
  secretAccessKey: fc.string({ minLength: 1, maxLength: 40 }),
  sessionToken: fc.constantFrom(undefined, 'a+session/token=='),
});
const scope = fc.record({
  service: fc.constantFrom('sts', 'bedrock'),
  region: fc.constantFrom('us-east-1', 'cn-north-1'),
  date: fc.date({ min: new Date('2020-01-01'), max: new Date('2039-12-31'), noInvalidDate: true }),
});

test('signs as the SDK\'s own signer does', async () => {
  await fc.assert(fc.asyncProperty(request, credentials, scope, async (unsigned, keys, { service, region, date }) => {
    const { method, host, path, contentType, body } = unsigned;
    const signer = new SignatureV4({ service, region, credentials: keys, sha256: Sha256 as never });
    const expected = await signer.sign(
      {
        method,
        protocol: 'https:',
        hostname: host,
        path,
        query: {},
        headers: { host, ...(contentType && { 'content-type': contentType }) },
        body,
      },
      { signingDate: date },
    );
    expect(signedHeaders(unsigned, keys, { service, region, date })).toEqual(expected.headers);
  }), { numRuns: 500 });
});
