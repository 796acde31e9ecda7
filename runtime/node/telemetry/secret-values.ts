import { HINTS, isQualifiedWord, isSecretParameter, MAX_NAME, trySecretName } from './secret-names';
import { REDACTION } from '../../../src/contract/data';

/** Where a secret stands in a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const HINT_IN_TEXT = new RegExp(`${HINTS}|${REDACTION.names.inQueries.map(name => `${name}(?<=[?&#]${name})(?![\\w-])`).join('|')}`, 'gi');
const LONGEST_WORD = 20;

/** After a name in a log, in code, in JSON within JSON (`\"name\":`), in a list of `{"name":…,"value":…}`. */
const SEPARATOR = /\\{0,16}["'`]?\]?(?:\s{0,8}(?:=>|:=|[:=])|%3[AaDd]|\s{0,8},\s{0,8}\\{0,16}["'][Vv]alue\\{0,16}["']\s{0,8}:)\s{0,8}/y;
const BEGINS_SEPARATOR = ['\\', '"', '\'', '`', ']', ' ', '\t', '\n', '\r', '=', ':', '%', ','];
const SEPARATOR_OF_OPTION = /[ \t=]\s{0,8}(?!-)/y;
const SEPARATOR_OF_ELEMENT = /(?:\s[^<>]{0,256})?>/y;

const VALUE_IN_QUERY = /[^\s"'<>&#\\]*/y;
const VALUE_OF_OPTION = /\S*/y;
const VALUE_OF_ELEMENT = /[^<]*/y;
const BEGINS_QUOTED = ['"', '\'', '\\', '`', 'b'];
const OPENING_QUOTE = /b?(\\{0,16})(["'`])/y;
const BRACKETS: Readonly<Record<string, string>> = { '[': ']', '{': '}' };
/** A value without quotes may hold spaces: it ends with its line or its quoted text, or where the next name begins. */
const END_OF_LINE = /[\r\n]|\\{1,16}[nr]|\\{0,16}["'`](?=[\s;})\]]|,(?!\s{0,8}\w{1,64}=)|$)/g;
const END_OF_VALUE = new RegExp(`${END_OF_LINE.source}|[\\s,;&|]\\s{0,8}["']?[A-Za-z_][\\w.-]{0,64}["']?\\s?[:=]`, 'g');
const WHOLE_LINE = /authorization|cookie/i;

const NOT_VALUES: ReadonlySet<string> = new Set(REDACTION.notValues);
const FIRST_WORD = /[A-Za-z]{1,16}(?![\w-])/y;
/** Stars, or nothing at all. */
const NOTHING = /[*.…]+(?!\w)|[,;)}\]]|$/y;
const ONLY_STARS = /^[*.…]*$/;
/** A token with its likelihood is a piece of a model's answer. */
const LIKELIHOOD = /^["']\s{0,8},\s{0,8}\\{0,16}["']?(?:logprob|bytes)/;
const LONGEST_LIKELIHOOD = 64;

/** The values in a text that stand behind the name of a secret: `dbPassword=x`, `"api_key": "x"`, `?access_token=x`, `--token x`. */
export function findNamedSecrets(text: string): Span[] {
  const found: Span[] = [];
  let read = 0;
  HINT_IN_TEXT.lastIndex = 0;
  while (HINT_IN_TEXT.test(text)) {
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

/** What follows a name is looked at first: few of the words that sound like a secret's name are followed by a value. */
function trySecretBehind(text: string, hint: number, end: number, read: number): Span | undefined {
  const next = text[end];
  if (!BEGINS_SEPARATOR.includes(next)) return next === '>' ? trySecretOfElement(text, startOfName(text, hint, read), end) : undefined;
  const value = endOf(SEPARATOR, text, end);
  if (value === undefined && next !== ' ' && next !== '\t') return undefined;
  const start = startOfName(text, hint, read);
  if (value === undefined) return trySecretOfElement(text, start, end) ?? trySecretOfOption(text, start, end);
  const name = text.slice(start, end);
  const before = text[start - 1];
  if (before === '?' || before === '&' || before === '#') return isSecretParameter(name) ? upTo(VALUE_IN_QUERY, text, value) : undefined;
  const isPartOfArn = before === ':' && next === ':';
  const hasWordBefore = before === ' ' && isQualifiedWord(name);
  if (isPartOfArn || !trySecretName(hasWordBefore ? text.slice(startOfWordBefore(text, start), end) : name)) return undefined;
  return trySecretAt(text, value, name);
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
  if (!text.startsWith('--', start)) return undefined;
  const value = endOf(SEPARATOR_OF_OPTION, text, end);
  return value !== undefined && trySecretName(text.slice(start, end)) ? upTo(VALUE_OF_OPTION, text, value) : undefined;
}

function trySecretAt(text: string, start: number, name: string): Span | undefined {
  const quote = quoteAt(text, start);
  if (quote) return tryQuoted(text, quote);
  const closing = BRACKETS[text[start]];
  return closing ? bracketed(text, start, closing) : tryBare(text, start, name);
}

interface Quote {
  readonly mark: string;
  /** How many backslashes stand in front of it. */
  readonly escapes: number;
  readonly end: number;
}

function quoteAt(text: string, start: number): Quote | undefined {
  if (!BEGINS_QUOTED.includes(text[start])) return undefined;
  OPENING_QUOTE.lastIndex = start;
  const match = OPENING_QUOTE.exec(text);
  return match ? { mark: match[2], escapes: match[1].length, end: OPENING_QUOTE.lastIndex } : undefined;
}

/** The quotes around it may be escaped, once or often: the one that closes is escaped as the one that opens. */
function tryQuoted(text: string, { mark, escapes, end: first }: Quote): Span | undefined {
  for (let at = text.indexOf(mark, first); at >= 0; at = text.indexOf(mark, at + 1)) {
    let backslashes = 0;
    while (at - backslashes > first && text[at - backslashes - 1] === '\\') backslashes += 1;
    if (backslashes % (2 * (escapes + 1)) !== escapes) continue;
    const end = at - escapes;
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
  const wordEnd = endOf(FIRST_WORD, text, start) ?? start;
  if (NOT_VALUES.has(text.slice(start, wordEnd).toLowerCase()) || endOf(NOTHING, text, start) !== undefined) return undefined;
  const end = WHOLE_LINE.test(name) ? END_OF_LINE : END_OF_VALUE;
  end.lastIndex = start;
  return span(start, end.exec(text)?.index ?? text.length);
}

function startOfName(text: string, hint: number, read: number): number {
  let start = hint;
  while (start > read && hint - start < MAX_NAME && isOfName(text.charCodeAt(start - 1))) start -= 1;
  return start;
}

function endOfName(text: string, hint: number): number {
  let end = hint;
  while (end - hint < MAX_NAME && isOfName(text.charCodeAt(end))) end += 1;
  return end;
}

/** A letter, a digit, `_` or `-`. */
function isOfName(code: number): boolean {
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

function span(start: number, end: number): Span | undefined {
  return end > start ? { start, end } : undefined;
}

/** Where a match of a sticky pattern that begins here ends. */
function endOf(sticky: RegExp, text: string, start: number): number | undefined {
  sticky.lastIndex = start;
  return sticky.test(text) ? sticky.lastIndex : undefined;
}
