import * as fc from 'fast-check';
import { isOrigin, suggestedOrigin } from '../../src/contract/origin';

test.each([
  'https://www.example.com', 'https://example.com:8443', 'http://localhost', 'http://localhost:3000', 'http://127.0.0.1:5173',
  'https://[::1]:8443', 'https://xn--mnchen-3ya.example', 'https://my_host.example', 'capacitor://localhost', 'chrome-extension://abcdef',
])('%s is an origin', origin => expect(isOrigin(origin)).toBe(true));

test.each([
  '', '*', 'null', ' ', 'www.example.com', 'https:', 'https://', 'https:/example.com', '//example.com',
  'https://*.x', 'https://*.example.com', 'https://*', 'https://www.*.com', 'https://example.com:*', '*://example.com',
  'javascript://x', 'javascript:alert(1)', 'data://x', 'file://', 'file://host', 'blob://x', 'ftp://example.com', 'ws://example.com',
  'wss://example.com', 'about://blank', 'vbscript://x', 'view-source://x',
  'https://user@example.com', 'https://user:password@example.com', 'https://:password@example.com', 'https://@example.com',
  'https://example.com/', 'https://example.com/app', 'https://example.com?x=1', 'https://example.com?', 'https://example.com#top', 'https://example.com\\',
  ' https://example.com', 'https://example.com ', 'https://exa mple.com', 'https://example.com\n', 'https://example.com\r\nX-Evil: 1', '\thttps://example.com',
  'https://a.example,https://b.example', 'https://a.example https://b.example', "https://a'b.example", 'https://a"b', 'https://a;b', 'https://a<b>',
  'https://Example.com', 'HTTPS://example.com', 'https://example.com:443', 'http://example.com:80', 'https://example.com:', 'https://example.com:0443',
  'https://example.com:99999', 'https://example.com:port', 'https://münchen.example', 'https://127.1', 'https://.example.com', 'https://a..example',
])('%j is none', text => expect(isOrigin(text)).toBe(false));

test.each([
  ['www.example.com', 'https://www.example.com'],
  ['https://www.example.com/app/', 'https://www.example.com'],
  ['https://user:password@example.com:8443/', 'https://example.com:8443'],
  ['HTTPS://Example.com:443', 'https://example.com'],
  ['https://münchen.example', 'https://xn--mnchen-3ya.example'],
  [' https://example.com\n', 'https://example.com'],
])('for %j the origin %s is suggested', (text, origin) => expect(suggestedOrigin(text)).toBe(origin));

test.each(['', '*', 'https://*.x', 'javascript://x', 'https://a.example, https://b.example'])('for %j none is suggested', text => {
  expect(suggestedOrigin(text)).toBeUndefined();
});

test('whatever is suggested is an origin', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.webUrl()), text => {
    const origin = suggestedOrigin(text);
    return origin === undefined || isOrigin(origin);
  }), { numRuns: 500 });
});

test('what a browser writes as the origin of a page is an origin', () => {
  fc.assert(fc.property(fc.webUrl({ validSchemes: ['http', 'https'] }), url => isOrigin(new URL(url).origin)));
});

test('a long text is refused without delay', () => {
  const start = performance.now();
  expect(isOrigin(`https://${'a'.repeat(50_000)}!`)).toBe(false);
  expect(isOrigin(`https://${'a.'.repeat(50_000)}!`)).toBe(false);
  expect(performance.now() - start).toBeLessThan(500);
});
