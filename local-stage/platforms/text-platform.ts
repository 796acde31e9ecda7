import { showPages } from './pages';
import { ask, Platform, PlatformRequest, PREFLIGHT } from './platform';
import { signIn } from './sign-in';
import { PLATFORMS } from '../../src/contract/data';
import { PlatformShow } from '../report/platforms-report';

const { path, text: LIMITS } = PLATFORMS.textGeneration;

const ARTICLE = {
  text: 'Every morning a cat named Kuro sits by the pond behind the town hall.\n\n   A heron had lived there for years, until the winter '
    + 'of the long frost. In March Kuro was seen there again, and on Friday the heron came back.',
};

const REQUESTS: readonly PlatformRequest[] = [
  { method: 'POST', path, body: ARTICLE, status: 200, says: 'success' },
  { method: 'POST', path, body: '{"text": ', but: 'a body cut off', status: 400, says: 'INVALID_REQUEST' },
  { method: 'POST', path, body: { text: ' \n ' }, but: 'an empty text', status: 400, says: 'INVALID_REQUEST' },
  {
    method: 'POST',
    path,
    body: { text: 'a'.repeat(LIMITS.maxLength + 1) },
    but: 'a text too long for the model',
    status: 413,
    says: 'CONTEXT_TOO_LARGE',
  },
  { method: 'POST', path, body: ARTICLE, but: 'the endpoint is down', model: 'unavailable', status: 503, says: 'MODEL_UNAVAILABLE' },
  { method: 'POST', path, body: ARTICLE, but: 'the endpoint takes no more', model: 'throttle', status: 429, says: 'THROTTLE' },
  { method: 'POST', path, body: ARTICLE, but: 'the model talks nonsense', model: 'malformed', status: 503, says: 'MODEL_UNAVAILABLE' },
  { method: 'POST', path, body: ARTICLE, but: 'the role lacks a permission', model: 'access-denied', status: 500, says: 'INTERNAL_ERROR' },
];

/** What the pages of the text platform do, for somebody who is signed in. */
export async function showTextPlatform(platform: Platform): Promise<PlatformShow> {
  const authorization = await signIn(platform.client, platform.stack.physicalId('Users'));
  const before = [
    await ask(platform, { method: 'OPTIONS', path, status: 204, says: PREFLIGHT }),
    await ask(platform, { method: 'POST', path, body: ARTICLE, but: 'nobody signed in', status: 401, says: 'AUTH_FAILED' }),
  ];
  const answered = [];
  for (const request of REQUESTS) answered.push(await ask(platform, { ...request, headers: { authorization } }));
  const nowhere = await ask(platform, { method: 'GET', path: 'no-such-path', status: 404, says: 'NOT_FOUND' });
  const [{ answer }] = answered;
  return {
    requests: [...before, ...answered, nowhere].map(({ report }) => report),
    pages: await showPages(platform, 'Text generation'),
    answer: answer.body,
  };
}
