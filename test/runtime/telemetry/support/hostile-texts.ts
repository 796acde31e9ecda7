export const KB = 1024;

/** Beginnings of secrets, separators and names: repeated, a pattern that goes back meets its worst case. */
const PARTS: readonly string[] = [
  'a.', 'a-', 'a+', 'a_', 'a/', 'shop.example.', 'a://', '://', '://:', '://a:', '://:a@', '://a:b/', 'a:b@', '"', '\\"', '\\\\\\"', '\\',
  "'", '`', '{"', '["', '[', '{', '}{', ' ', '\t', '\n', ' \n', '=', ':', ': ', ' = ', ',', ', ',
  ';', '&', '?', '&a=', '?sig=', '&sig', 'key', 'key ', 'key=', 'key: ', 'api_key', 'apikey=', 'api key ', 'api_key="', 'api_key=[',
  'token', 'token=', 'token:', 'token1=2&', 'tokenid=', 'token_a=b ', 'next_token=x ', 'password', 'password=',
  'password: ', 'password: is ', 'password="', 'password=\\"', 'password":"', '"password":{', 'password -', '--password ', '<password>',
  '<password ', 'secret_', 'secret-', 'Secret', 'secretkey', 'SECRET', 'authorization: ', 'cookie=', 'cookie: a=b; ',
  'AKIA', 'AKIAIOSFODNN7EXAMPLE', 'ABSK', 'ABSKABSKABSKABSK=', 'bedrock-api-key-', 'bedrock-api-key-aaaaaaaaaaa.', 'Bearer ', 'bearer%20',
  'Bearer a', 'Basic ', 'Basic Ab', 'Basic AAAA', 'eyJ', 'eyJaaaaa', 'eyJaaaaa.', 'eyJaaaaa-', '-eyJ', '.eyJaaaaa.a',
  '\\neyJ', '%0AeyJaaaaa', 'sk-', 'sk-a', 'sk_live_', 'ghp_', 'github_pat_', 'glpat-', 'xoxb-', 'hooks.slack.com/services/', 'AIza',
  'ya29.', 'npm_', 'hf_', 'pypi-AgE', 'SG.', 'SG.aaaaaaaaaaaaaaaa', 'SG.aaaaaaaaaaaaaaaa.', '-----BEGIN ',
  '-----BEGIN PRIVATE KEY-----', '-----BEGIN A ', 'PRIVATE KEY', 'IQoJb3JpZ2lu', 'saml', 'SAMLResponse=', 'signature', 'signature=',
  'pass=', 'otp', 'otp=', 'otp: ', 'pwd ', 'jwt: ', 'jwt=is ', 'A', 'Aa', 'aA', 'é', '模', '\u2028', '[redacted]', '***', 'at a:1:1 ', 'at ',
  '/var/', 'a1b2', 'password:\n  ', 'password:\\n  ', 'password: |\n  ', 'password:\n- ', 'password is ', 'password -> ',
  '["password", "', '("password","', '[["key","', '"name":"otp","a":"', 'DB_PASSWORD ', 'DB_PASSWORD 1', 'login a password ',
  ' -u a:', 'jdbc:oracle:thin:a/', 'Private-Lines: 1\n', '---- BEGIN SSH2 ', 'Signature=aaaa', 'hvs.', 'r8_', 'gsk_aaaaaaa', '密码',
  'пароль', 'пароль:', '""password"":""', 'password="a""', 'password=""', 'webhook.office.com/webhook/', '{"token":{"logprob"',
  '{"token":{"id":5,"text":"Hi","logprob":1},', 'api.key=', 'api.key.', '%22password%22%3A', 'password\n value:', 'password "',
  'password "a" ', '--password","', 'password[0]=', 'password[]=', '&quot;password&quot;:', 'password="a" value=',
  '"password"\n\n', '-password a ', '<password><![CDATA[', 'docker login ', 'docker login -p a', 'IDENTIFIED BY ', '%3Ftoken=', '\\ntoken:',
  'machine h login u password x ',
];

/** A value that turns out to be harmless at its end must not be read again for each name in it. */
const NESTED: readonly (readonly [opening: string, closing: string])[] = [
  ['{"token":[', '],"logprob":1}'], ['{"token":{', '},"logprob":1}'], ['"token":"', '","logprob":1'], ['token=\\"', '\\","logprob"'],
  ['password=[', ']'], ['"secret":{', '}'],
];

/** Texts of about this length that are as hard as texts can be. */
export function hostileTexts(length: number): [what: string, text: string][] {
  const all = PARTS.join('');
  return [
    ...PARTS.map((part): [string, string] => [JSON.stringify(part), repeated(part, length)]),
    ...['.', '-', '+', '_', '/', ''].map((joint): [string, string] => [
      `words joined by "${joint}" with one "key" in it`, `key ${repeated(`a${joint}`, length)}`,
    ]),
    ...NESTED.map(([opening, closing]): [string, string] => [
      `${opening} within one another`, repeated(opening, length / 2) + repeated(closing, length / 2),
    ]),
    ['everything in turn', repeated(all, length)],
  ];
}

function repeated(part: string, length: number): string {
  return part.repeat(Math.ceil(length / part.length));
}
