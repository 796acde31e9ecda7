import { remembered } from './remembered';
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
  ...Object.entries(names.qualifiedWords).map(([word, qualifiers]) => `${word}(?<=(?:${qualifiers.join('|')})[\\s._-]?${word})`),
].join('|');

/** What comes before the last of these characters of a name cannot make it harmless. */
export const MAX_NAME = 128;
const WORD = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|[\p{Lo}\p{Lm}]+/gu;
const HINT = new RegExp(HINTS, 'i');
/** What a person types is written in one with what it is for: `dbpassword`, `Benutzerkennwort`; some alphabets know no other way. */
const TYPED = names.numericSecretWords.filter(word => word.length > 5 || !/^[a-z]+$/.test(word));
/** Written in one: `apikey`, `dbpassword`, `accesskeyid`. */
const GLUED = new RegExp(`^(.+?)(${[...TYPED, 'secret', 'token', 'key', 'keyid'].join('|')})$`);

export interface SecretName {
  /** A number under this name is a secret too, not a count. */
  readonly numbersToo: boolean;
}

/** What a field name says of its value; undefined for nearly every name. */
export function trySecretName(name: string): SecretName | undefined {
  return trySecretEnd(name.length > MAX_NAME ? name.slice(-MAX_NAME) : name);
}

const trySecretEnd = remembered(end => HINT.test(end) ? readName(end) : undefined);

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
    const secretWord = trySecretWord(words, index);
    if (secretWord !== undefined) return { numbersToo: NUMERIC_SECRET_WORDS.has(secretWord) };
    if (DESCRIBING_WORDS.has(words[index]) && !isKeyId(words, index)) return undefined;
  }
  const inOne = words.join('');
  return SECRET_WORDS.has(inOne) ? { numbersToo: NUMERIC_SECRET_WORDS.has(inOne) } : undefined;
}

/** The word here that says that the name is one of a secret, be it written as two as in `passWord`. */
function trySecretWord(words: readonly string[], index: number): string | undefined {
  const word = words[index];
  const before = words[index - 1] ?? '';
  if (SECRET_WORDS.has(word)) return word;
  if (SECRET_WORDS.has(before + word)) return before + word;
  if (QUALIFIED_WORDS.get(word)?.has(before)) return word;
  return word === 'token' && index === words.length - 1 && !HARMLESS_TOKENS.has(before) ? word : undefined;
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
