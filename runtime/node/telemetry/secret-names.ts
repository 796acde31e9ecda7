import { REDACTION } from '../../../src/contract/data';

const { names } = REDACTION;
const SECRET_WORDS: ReadonlySet<string> = new Set(names.secretWords);
const NUMERIC_SECRET_WORDS: ReadonlySet<string> = new Set(names.numericSecretWords);
const DESCRIBING_WORDS: ReadonlySet<string> = new Set(names.describingWords);
const NEUTRAL_WORDS: ReadonlySet<string> = new Set(names.neutralWords);
const HARMLESS_TOKENS: ReadonlySet<string> = new Set(names.harmlessTokens);
const QUALIFIED_WORDS: ReadonlyMap<string, ReadonlySet<string>> =
  new Map(Object.entries(names.qualifiedWords).map(([word, qualifiers]) => [word, new Set<string>(qualifiers)]));

/** What every name of a secret holds: where none of them is, no name needs to be read. */
export const HINTS: string = [
  ...names.secretWords.filter((word, _index, all) => !all.some(other => other !== word && word.startsWith(other))),
  'token',
  ...Object.entries(names.qualifiedWords).map(([word, qualifiers]) => `${word}(?<=(?:${qualifiers.join('|')})[\\s_-]?${word})`),
].join('|');

/** What comes before the last of these characters of a name cannot make it harmless. */
export const MAX_NAME = 128;
const WORD = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g;
const HINT = new RegExp(HINTS, 'i');
/** Written in one: `apikey`, `dbpassword`, `accesskeyid`. */
const GLUED = /^(.+?)(password|passwd|passphrase|secret|token|key|keyid)$/;

export interface SecretName {
  /** A number under this name is a secret too, not a count. */
  readonly numbersToo: boolean;
}

const MAX_KNOWN_NAMES = 2000;
const knownNames = new Map<string, SecretName | null>();

/** What a field name says of its value; undefined for nearly every name. */
export function trySecretName(name: string): SecretName | undefined {
  const end = name.length > MAX_NAME ? name.slice(-MAX_NAME) : name;
  const known = knownNames.get(end);
  if (known !== undefined) return known ?? undefined;
  const secret = HINT.test(end) ? readName(end) : undefined;
  if (knownNames.size >= MAX_KNOWN_NAMES) knownNames.clear();
  knownNames.set(end, secret ?? null);
  return secret;
}

/** Whether the word before decides what this one names. */
export function isQualifiedWord(name: string): boolean {
  return QUALIFIED_WORDS.has(name.toLowerCase());
}

/** Whether a parameter in the query of a URL holds a secret: there a signature opens doors. */
export function isSecretParameter(name: string): boolean {
  return trySecretName(name) !== undefined || (names.inQueries as readonly string[]).includes(name.toLowerCase());
}

function readName(name: string): SecretName | undefined {
  const words = wordsOf(name);
  while (words.length > 1 && NEUTRAL_WORDS.has(words[words.length - 1])) words.pop();
  for (let index = words.length - 1; index >= 0; index -= 1) {
    if (namesSecret(words, index)) return { numbersToo: NUMERIC_SECRET_WORDS.has(words[index]) };
    if (DESCRIBING_WORDS.has(words[index]) && !isKeyId(words, index)) return undefined;
  }
  return undefined;
}

function namesSecret(words: readonly string[], index: number): boolean {
  const word = words[index];
  if (SECRET_WORDS.has(word)) return true;
  const before = words[index - 1] ?? '';
  if (QUALIFIED_WORDS.get(word)?.has(before)) return true;
  return word === 'token' && index === words.length - 1 && !HARMLESS_TOKENS.has(before);
}

/** The id of an access key is half of the key. */
function isKeyId(words: readonly string[], index: number): boolean {
  return words[index] === 'id' && words[index - 1] === 'key' && words[index - 2] === 'access';
}

function wordsOf(name: string): string[] {
  return (name.match(WORD) ?? []).flatMap(word => partsOf(word.toLowerCase()));
}

function partsOf(word: string): string[] {
  const glued = GLUED.exec(word);
  if (!glued) return [word];
  const [, front, end] = glued;
  return [...partsOf(front), ...(end === 'keyid' ? ['key', 'id'] : [end])];
}
