import { tryBlock } from './secret-block';
import { HINTS, isQualifiedWord, isSecretParameter, MAX_NAME, trySecretName } from './secret-names';
import { span, type Span } from './span';
import { REDACTION } from '../../../src/contract/data';

const HINT_IN_TEXT = new RegExp(`${HINTS}|${REDACTION.names.inQueries.map(name => `${name}(?<=[?&#]${name})(?![\\w-])`).join('|')}`, 'gi');
const LONGEST_WORD = 20;

const QUOTE = /\\{0,16}["']/.source;
const NEWLINE = /(?:\r?\n|(?:\\{1,16}r)?\\{1,16}n)/.source;
const FIELD = `${QUOTE}\\w{1,32}${QUOTE}\\s{0,8}:\\s{0,8}(?:${QUOTE}[^"'\\\\]{0,128}${QUOTE}|[\\w.]{1,32})\\s{0,8},\\s{0,8}`;
const SIGNS: readonly string[] = [
  /(?:[\s\u200b]|\\{1,16}[nrt]){0,8}(?:=>|->|:=|[:=：＝])/.source,
  /\s{1,8}(?:is|was)\s{0,8}[:=]/.source,
  // In `<add key="…" value="…">`, in `ParameterKey=…,ParameterValue=…`.
  /(?<=["'])\s{1,8}[Vv]alue=/.source,
  /,(?:Parameter)?Value=/.source,
  `(?<=["'])${NEWLINE}{2}`,
  '%3[AaDd]',
  // In a list of `{"name":…,"value":…}`, in JSON and in YAML.
  `\\s{0,8},\\s{0,8}(?:${FIELD}){0,3}${QUOTE}(?:[Vv]alue|received|input)${QUOTE}\\s{0,8}:`,
  `[ \\t]{0,8}${NEWLINE}[ \\t]{0,64}[Vv]alue:`,
];
/** Nearly every one. */
const COMMON_SEPARATOR = /\\{0,16}["'`]?\s{0,8}(?:=>|:=|::|[:=])\s{0,32}/y;
/** After a name in a log, in code, in JSON within JSON (`\"name\":`), in a URL's encoding, in a field of CSV. */
const SEPARATOR = new RegExp(
  '(?:(?:\\\\{0,16}["\'`]){0,2}|\\\\{0,16}|%2[27]|&quot;|&#3[49];|\\\\{1,16}u0022)(?:\\[\\d{0,4}\\]|\\])?'
  + `(?:${SIGNS.join('|')})(?:\\s|\\\\{1,16}t){0,32}`, 'y');
const BEGINS_SEPARATOR = ['\\', '"', '\'', '`', ']', ' ', '\t', '\n', '\r', '=', ':', '%', ',', '[', '：', '＝', '\u00a0', '\u200b'];
const IS_WORD = /[a-hj-uxyzA-UW-Z0-9]/;
/** A quote in HTML. */
const ENTITIES = ['&quot;', '&#34;', '&#39;'];
/** Between name and value in a list of pairs: `[["x-api-key", "x"]]`, `[('x-api-key', 'x')]`. */
const SEPARATOR_OF_PAIR = new RegExp(`${QUOTE}\\s{0,8},\\s{0,8}(?=b?${QUOTE})`, 'y');
const BEGINS_PAIR = new RegExp(`(?:\\(|[[,(]\\s{0,8}\\[)\\s{0,8}b?${QUOTE}$`);
const LONGEST_BEGINNING = 36;
const ENDS_PAIR = new RegExp(`${QUOTE}\\s{0,8}[\\])]`, 'y');
const SEPARATOR_OF_OPTION = /[ \t=]\s{0,8}(?!-)/y;
const SEPARATOR_OF_ELEMENT = /(?:\s[^<>]{0,256})?>/y;
/** Without a sign, as a shell or a Dockerfile has it, only what looks like a key is the value of a variable. */
const VALUE_OF_VARIABLE = /[ \t]{1,8}(?=[^\s\d]{0,64}\d)(?=[^\sA-Za-z]{0,64}[A-Za-z])[\w+/=.~-]{16,}/y;

const VALUE_IN_QUERY = /[^\s"'<>&#\\]*/y;
const VALUE_OF_OPTION = /\S*/y;
const VALUE_OF_ELEMENT = /(?:<!\[CDATA\[)?[^<]*/y;
/** In SQL and in words only what a person types is followed by its value at once: `PASSWORD 'x'`, `invalid password "x"`. */
const BEFORE_QUOTED = /[ \t]{1,4}(?=\\{0,16}["'])/y;
const BEGINS_QUOTED = ['"', '\'', '\\', '`', 'b'];
const OPENING_QUOTE = /b?(\\{0,16})(["'`])(\1\2(?![\s,;:)}\]"'`]|$))?/y;
const BRACKETS: Readonly<Record<string, string>> = { '[': ']', '{': '}' };
/** A value without quotes may hold spaces: it ends with its line or its quoted text, or where the next name begins. */
const END_OF_LINE = /[\r\n]|\\{1,16}[nr]|\\{0,16}["'`](?=[\s;})\]]|,(?!\s{0,8}\w{1,64}=)|$)/g;
const NEXT_PAIR = /[\s,;&|]\s{0,8}["']?[A-Za-z_][\w.-]{0,64}["']?[ \t]?(?::|=(?!=|[\s,;]|$))/;
const END_OF_VALUE = new RegExp(`${END_OF_LINE.source}|${NEXT_PAIR.source}`, 'g');
const NEXT_NAME = /["']?[\w.-]{1,64}["']?\s?[:=]/y;
const WHOLE_LINE = /authorization|cookie/i;

const NOT_VALUES: ReadonlySet<string> = new Set(REDACTION.notValues);
const FIRST_WORD = /[A-Za-z]{1,16}(?![\w(-])/y;
const IS_LETTER = /[A-Za-z]/;
/** Stars, or nothing at all. */
const NOTHING = /[*.…]+(?![\w*.…])|[,;)}\]](?=[\s,;)}\]"'`]|$)|<\/|$/y;
const ONLY_STARS = /^[*.…]*$/;
/** A token with its likelihood is a piece of a model's answer. */
const LIKELIHOOD = /^["']\s{0,8},\s{0,8}\\{0,16}["']?(?:logprob|likelihood|bytes)/;
const LIKELIHOOD_INSIDE = /^\{[^{}]{0,256}["'](?:logprob|likelihood)/;
const LONGEST_LIKELIHOOD = 320;

/** A text with more names of secrets than this was written to keep the function busy: what is left of it becomes black unread. */
const FEWEST_NAMES = 200;
const CHARACTERS_FOR_A_NAME = 20;

/** The values in a text that stand behind the name of a secret: `dbPassword=x`, `"api_key": "x"`, `?access_token=x`, `--token x`. */
export function findNamedSecrets(text: string): Span[] {
  const found: Span[] = [];
  let read = 0;
  let left = FEWEST_NAMES + text.length / CHARACTERS_FOR_A_NAME;
  HINT_IN_TEXT.lastIndex = 0;
  while (HINT_IN_TEXT.test(text)) {
    left -= 1;
    if (left < 0) return [...found, { start: read, end: text.length }];
    const hint = HINT_IN_TEXT.lastIndex;
    const end = endOfName(text, hint);
    const secret = trySecretBehind(text, hint, end, read);
    if (secret) found.push(secret);
    // Never back: each character is read a bounded number of times, whatever the text.
    read = secret ? secret.end : end;
    HINT_IN_TEXT.lastIndex = read;
  }
  return found;
}

/** Whether a text under the name of a secret only says something of it. */
export function isNoValue(text: string): boolean {
  return NOT_VALUES.has(text.toLowerCase()) || ONLY_STARS.test(text);
}

/** Every shell has it, and so has the environment of every function. */
export function isWorkingDirectory(name: string, value: string): boolean {
  return name === 'PWD' && value.startsWith('/');
}

/** What follows a name is looked at first: few of the words that sound like a secret's name are followed by a value. */
function trySecretBehind(text: string, hint: number, end: number, read: number): Span | undefined {
  const next = text[end];
  if (!BEGINS_SEPARATOR.includes(next) && !ENTITIES.some(entity => text.startsWith(entity, end))) {
    return next === '>' ? trySecretOfElement(text, startOfName(text, hint, read), end) : undefined;
  }
  const value = mayBeSign(text, end) ? endOf(COMMON_SEPARATOR, text, end) ?? endOf(SEPARATOR, text, end) : undefined;
  const start = startOfName(text, hint, read);
  if (value === undefined) return trySecretWithoutSign(text, start, end);
  const name = text.slice(start, end);
  const before = text[start - 1];
  if (before === '?' || before === '&' || before === '#') return isSecretParameter(name) ? upTo(VALUE_IN_QUERY, text, value) : undefined;
  const isPartOfArn = before === ':' && next === ':';
  const hasWordBefore = (before === ' ' || before === '.') && isQualifiedWord(name);
  if (isPartOfArn || !trySecretName(hasWordBefore ? text.slice(startOfWordBefore(text, start), end) : name)) return undefined;
  return trySecretAt(text, { end, value, name });
}

/** A word that follows is no sign, but for `is`, `was` and `value`. */
function mayBeSign(text: string, end: number): boolean {
  return text[end] !== ' ' || !IS_WORD.test(text[end + 1]);
}

interface Named {
  /** Where the name ends. */
  readonly end: number;
  /** Where the value begins. */
  readonly value: number;
  readonly name: string;
}

function trySecretWithoutSign(text: string, start: number, end: number): Span | undefined {
  if (text[end] !== ' ' && text[end] !== '\t') return trySecretOfPair(text, start, end);
  if (IS_WORD.test(text[end + 1]) && text[start] !== '-' && !text.slice(start, end).includes('_')) return undefined;
  return trySecretOfElement(text, start, end) ?? trySecretOfOption(text, start, end) ?? trySecretOfVariable(text, start, end)
    ?? trySecretInQuotes(text, start, end);
}

function trySecretInQuotes(text: string, start: number, end: number): Span | undefined {
  const value = endOf(BEFORE_QUOTED, text, end);
  return value !== undefined && trySecretName(text.slice(start, end))?.numbersToo ? tryQuoted(text, quoteAt(text, value)!) : undefined;
}

/** As in `<Password>x</Password>`, also with a prefix. */
function trySecretOfElement(text: string, start: number, end: number): Span | undefined {
  const first = text[start - 1] === ':' ? startOfName(text, start - 1, 0) : start;
  if (text[first - 1] !== '<') return undefined;
  const value = endOf(SEPARATOR_OF_ELEMENT, text, end);
  return value !== undefined && trySecretName(text.slice(start, end)) ? upTo(VALUE_OF_ELEMENT, text, value) : undefined;
}

/** As in `--password x`. */
function trySecretOfOption(text: string, start: number, end: number): Span | undefined {
  if (text[start] !== '-') return undefined;
  const value = endOf(SEPARATOR_OF_OPTION, text, end);
  return value !== undefined && trySecretName(text.slice(start, end)) ? upTo(VALUE_OF_OPTION, text, value) : undefined;
}

/** As in `set AWS_SECRET_ACCESS_KEY x`. */
function trySecretOfVariable(text: string, start: number, end: number): Span | undefined {
  const name = text.slice(start, end);
  if (!name.includes('_')) return undefined;
  const last = endOf(VALUE_OF_VARIABLE, text, end);
  return last !== undefined && trySecretName(name) ? { start: end + 1, end: last } : undefined;
}

function trySecretOfPair(text: string, start: number, end: number): Span | undefined {
  const value = endOf(SEPARATOR_OF_PAIR, text, end);
  const isOption = text.startsWith('--', start);
  if (value === undefined || !(isOption || BEGINS_PAIR.test(text.slice(Math.max(0, start - LONGEST_BEGINNING), start)))) return undefined;
  const found = trySecretName(text.slice(start, end)) && tryQuoted(text, quoteAt(text, value)!);
  return found && (isOption || endOf(ENDS_PAIR, text, found.end) !== undefined) ? found : undefined;
}

function trySecretAt(text: string, { end, value: start, name }: Named): Span | undefined {
  const block = tryBlock(text, end, start);
  if (block) return isWordOfNoValue(text, block.start) ? undefined : block;
  const quote = quoteAt(text, start);
  if (quote) return tryQuoted(text, quote);
  const closing = BRACKETS[text[start]];
  if (!closing) return tryBare(text, start, name);
  return LIKELIHOOD_INSIDE.test(text.slice(start, start + LONGEST_LIKELIHOOD)) ? undefined : bracketed(text, start, closing);
}

interface Quote {
  readonly mark: string;
  /** How many backslashes stand in front of it. */
  readonly escapes: number;
  /** Two of them stand for one, as everywhere within a field of CSV. */
  readonly doubled: boolean;
  readonly end: number;
}

function quoteAt(text: string, start: number): Quote | undefined {
  if (!BEGINS_QUOTED.includes(text[start])) return undefined;
  OPENING_QUOTE.lastIndex = start;
  const match = OPENING_QUOTE.exec(text);
  return match ? { mark: match[2], escapes: match[1].length, doubled: match[3] !== undefined, end: OPENING_QUOTE.lastIndex } : undefined;
}

/**
 * The quotes around it may be escaped, once or often: the one that closes is escaped as the one that opens. Two quotes within are one of
 * the value, as connection strings have it.
 */
function tryQuoted(text: string, { mark, escapes, doubled, end: first }: Quote): Span | undefined {
  for (let at = text.indexOf(mark, first); at >= 0; at = text.indexOf(mark, at + 1)) {
    let backslashes = 0;
    while (at - backslashes > first && text[at - backslashes - 1] === '\\') backslashes += 1;
    if (backslashes % (2 * (escapes + 1)) !== escapes) continue;
    const end = at - escapes;
    if (!doubled && end > first && text.startsWith(text.slice(end, at + 1), at + 1)) {
      at += 1 + escapes;
      continue;
    }
    const isHarmless = isNoValue(text.slice(first, end)) || LIKELIHOOD.test(text.slice(at, at + LONGEST_LIKELIHOOD));
    return isHarmless ? undefined : { start: first, end };
  }
  return span(first, text.length);
}

/** A list or an object, to the bracket that closes it. */
function bracketed(text: string, start: number, closing: string): Span {
  const opening = text[start];
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === opening) depth += 1;
    else if (text[at] === closing) depth -= 1;
    if (depth === 0) return { start, end: at + 1 };
  }
  return { start, end: text.length };
}

function tryBare(text: string, start: number, name: string): Span | undefined {
  if (IS_LETTER.test(text[start]) ? isWordOfNoValue(text, start) : endOf(NOTHING, text, start) !== undefined) return undefined;
  if (text[start - 1] === '\n' && endOf(NEXT_NAME, text, start) !== undefined) return undefined;
  if (isWorkingDirectory(name, text.charAt(start))) return undefined;
  const end = WHOLE_LINE.test(name) ? END_OF_LINE : END_OF_VALUE;
  end.lastIndex = start;
  return span(start, end.exec(text)?.index ?? text.length);
}

function isWordOfNoValue(text: string, start: number): boolean {
  const end = endOf(FIRST_WORD, text, start);
  return end !== undefined && NOT_VALUES.has(text.slice(start, end).toLowerCase());
}

function startOfName(text: string, hint: number, read: number): number {
  let start = hint;
  while (start > read && hint - start < MAX_NAME && isOfName(text.charCodeAt(start - 1))) start -= 1;
  return Math.min(hint, start + encodedBefore(text, start));
}

/** How much of what reads like a name belongs to a sign in front of it, as in `%3Ftoken` and in `\ntoken` within JSON. */
function encodedBefore(text: string, start: number): number {
  if (text[start - 1] === '%') return 2;
  return text[start - 1] === '\\' && ['n', 'r', 't'].includes(text[start]) ? 1 : 0;
}

function endOfName(text: string, hint: number): number {
  let end = hint;
  while (end - hint < MAX_NAME && isOfName(text.charCodeAt(end))) end += 1;
  return end;
}

/** A letter, also of another alphabet, a digit, `_` or `-`. */
function isOfName(code: number): boolean {
  if (code > 127) return (code >= 0xc0 && code < 0x2000) || (code > 0x3040 && code < 0xd7a4);
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code === 45;
}

/** An `API key: x` is a secret, an `unexpected token: x` is none. */
function startOfWordBefore(text: string, start: number): number {
  let first = start - 1;
  while (start - first <= LONGEST_WORD && isOfName(text.charCodeAt(first - 1))) first -= 1;
  return first;
}

function upTo(value: RegExp, text: string, start: number): Span | undefined {
  return span(start, endOf(value, text, start)!);
}

/** Where a match of a sticky pattern that begins here ends. */
function endOf(sticky: RegExp, text: string, start: number): number | undefined {
  sticky.lastIndex = start;
  return sticky.test(text) ? sticky.lastIndex : undefined;
}
