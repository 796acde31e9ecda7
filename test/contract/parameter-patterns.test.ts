import { allowsWildcards, NO_WILDCARDS } from '../../src/contract/template/parameter-patterns';

test.each([
  NO_WILDCARDS, '', 'abc', '^[a-z0-9-]+$', '[A-Za-z0-9_/]*', 'v\\d+\\.\\d+', '(dev|prod)(/[a-z]+)?', '\\w{1,20}', 'a{2,}', 'a+?b*?',
  '(?:x|y)+', '[^*?]+', '[^\\*\\?]{0,64}', '^arn:aws:bedrock:[a-z0-9-]+:\\d{12}:guardrail/[a-z0-9]+$', '\\x41+', '\\u0041', '[ -)]',
])('a text that matches %j holds no wildcard', pattern => {
  expect(allowsWildcards(pattern)).toBe(false);
});

test.each([
  '.*', '.', '[^a]+', '\\S+', '[!-~]+', 'a\\*', 'a\\?', '[a-z*]+', '[a-z?]', '\\W', '[^*]+', '[^?]+', '(a|.)', '[\\s\\S]*',
  '\\x2a', '\\u003F', '\\D', 'a.?b', '[ -~]*',
])('a text that matches %j can hold one', pattern => {
  expect(allowsWildcards(pattern)).toBe(true);
});

test.each(['\\p{Punct}', '\\Q*\\E', '[a-z&&[^b]]', '[a[*]]', '\\H', '[\\p{Graph}]', '\\N', '\\R'])(
  'what CloudFormation reads otherwise than JavaScript is in doubt: %j', pattern => {
    expect(allowsWildcards(pattern)).toBe(true);
  });
