import { ViewerAnswer } from './cloud-front';
import { Look, look, Platform } from './platform';
import { WEBSITE } from '../../src/contract/data';
import { RequestReport } from '../report/demo-report';

const { configurationFile, headers: HEADERS } = WEBSITE;

const SECURITY: Readonly<Record<string, string>> = {
  'strict-transport-security': `max-age=${HEADERS.strictTransportSecuritySeconds}; includeSubDomains; preload`,
  'x-frame-options': HEADERS.frameOption,
  'x-content-type-options': 'nosniff',
  'x-xss-protection': '1; mode=block',
  'referrer-policy': HEADERS.referrerPolicy,
};

/** The pages as browsers get them: they know where the API is, come with the security headers, and never without TLS. */
export async function showPages(platform: Platform, title: string): Promise<readonly RequestReport[]> {
  const { websiteUrl, apiUrl } = platform;
  const page = {
    expected: `200 "${title}", with the security headers`,
    seenIn: (answer: ViewerAnswer) => `${titleIn(answer)}, ${securityOf(answer, apiUrl)}`,
  };
  const looks: readonly Look[] = [
    { request: 'GET /', address: `${websiteUrl}/`, ...page },
    { request: 'GET /no/such/page', address: `${websiteUrl}/no/such/page`, ...page },
    {
      request: `GET /${configurationFile}`,
      address: `${websiteUrl}/${configurationFile}`,
      expected: '200 tells the address of the API',
      seenIn: answer => addressIn(answer, apiUrl),
    },
    {
      request: 'GET / without TLS',
      address: websiteUrl.replace('https:', 'http:'),
      expected: '403 and no page',
      seenIn: answer => answer.body.includes(title) ? 'and the page' : 'and no page',
    },
  ];
  return Promise.all(looks.map(async one => (await look(platform, one)).report));
}

function titleIn({ body }: ViewerAnswer): string {
  return `"${/<title>(.*)<\/title>/.exec(body.toString())?.[1] ?? 'no page'}"`;
}

export function securityOf({ headers }: ViewerAnswer, apiUrl: string): string {
  const missing = Object.entries(SECURITY).filter(([name, value]) => headers[name] !== value).map(([name]) => name);
  const policy = String(headers['content-security-policy']);
  const mayCall = /connect-src 'self' (\S+)$/m.exec(policy.replaceAll('; ', '\n'))?.[1];
  if (mayCall !== new URL(apiUrl).origin) missing.push('content-security-policy');
  return missing.length === 0 ? 'with the security headers' : `without the right ${missing.join(', ')}`;
}

function addressIn({ body }: ViewerAnswer, apiUrl: string): string {
  const found = /"apiUrl": ?"([^"]*)"/.exec(body.toString())?.[1];
  return found === apiUrl ? 'tells the address of the API' : `tells ${found}`;
}
