import { types } from 'node:util';
import { remembered } from './remembered';
import { MAX_NAME, trySecretName, type SecretName } from './secret-names';
import { nameBeside } from './secret-pairs';
import { findNamedSecrets, isNoValue, isWorkingDirectory } from './secret-values';
import { isError, read as tryRead } from './thrown';
import { REDACTION } from '../../../src/contract/data';

const REDACTED = REDACTION.replacement;

interface Form {
  readonly keeps?: string;
  readonly pattern: string;
}

const forms: readonly Form[] = REDACTION.forms;
const FORMS = forms.map(({ keeps = '', pattern }) => new RegExp(`(${keeps})${pattern}`, 'g'));
const ANY_FORM = new RegExp(forms.map(({ keeps = '', pattern }) => `${keeps}(?:${pattern})`).join('|'));

/** The text with every secret in it blacked out. The work grows with the length of the text and with nothing else. */
export function redactText(text: string): string {
  if (!ANY_FORM.test(text)) return withoutNamedSecrets(text);
  return withoutNamedSecrets(FORMS.reduce((result, form) => result.replace(form, `$1${REDACTED}`), text));
}

/** A copy in which secrets are blacked out, by the name of their field and by their form; what JSON has no word for is put into words. */
export function redacted(value: unknown): unknown {
  return new RedactedCopy().of(value);
}

function withoutNamedSecrets(text: string): string {
  let result = '';
  let copied = 0;
  for (const { start, end } of findNamedSecrets(text)) {
    result += text.slice(copied, start) + REDACTED;
    copied = end;
  }
  return copied === 0 ? text : result + text.slice(copied);
}

const isHarmlessName = remembered(name => redactText(name) === name);

/** A name of a field that holds a secret itself is black. */
function redactName(name: string): string {
  return name.length <= MAX_NAME && isHarmlessName(name) ? name : redactText(name);
}

/** What a secret at the end of a text may reach beyond it. */
const LONGEST_SECRET = 2048;

/** The beginning of a text without its secrets. Cut first, half a secret might remain that nobody knows as one. */
export function redactStart(text: string, length: number): string {
  return text.length <= length ? redactText(text) : redactText(text.slice(0, length + LONGEST_SECRET)).slice(0, length);
}

const MAX_DEPTH = 30;
const MAX_VALUES = 20_000;
/** More than one line of a log may have. */
const MAX_TEXT = 1_048_576;
const TOO_MUCH = '[more]';
const UNREADABLE = '[unreadable]';
/** A token with a likelihood is a piece of a model's answer. */
const LIKELIHOODS = ['logprob', 'likelihood'];
const MOST_HEADERS = 400;
const ERROR_FIELDS = ['name', 'message', 'stack', 'cause', 'errors'];

/** Bounded in depth, in number and in length, so that no object that is logged can stop the function. */
class RedactedCopy {
  private readonly ancestors: object[] = [];
  private left = MAX_VALUES;
  private textLeft = MAX_TEXT;

  public of(value: unknown): unknown {
    this.left -= 1;
    if (typeof value === 'string') return this.ofText(value);
    if (typeof value === 'bigint') return String(value);
    if (typeof value !== 'object' || value === null) return value;
    if (this.ancestors.includes(value)) return undefined;
    if (this.left <= 0 || this.ancestors.length >= MAX_DEPTH) return TOO_MUCH;
    this.ancestors.push(value);
    try {
      return this.ofObject(value);
    } catch {
      return UNREADABLE;
    } finally {
      this.ancestors.pop();
    }
  }

  private ofText(text: string, redact = redactText): string {
    const most = this.textLeft;
    this.textLeft = Math.max(0, most - text.length);
    if (text.length <= most) return redact(text);
    return most === 0 ? TOO_MUCH : `${redactStart(text, most)}${TOO_MUCH}`;
  }

  private ofObject(value: object): unknown {
    // Before their toJSON: the bytes of a secret are the secret.
    if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return `[${value.byteLength} bytes]`;
    const toJson = (value as { toJSON?: unknown }).toJSON;
    if (typeof toJson === 'function') return this.of(toJson.call(value));
    if (Array.isArray(value)) return this.ofList(value);
    if (types.isBoxedPrimitive(value)) return this.of(value.valueOf());
    if (types.isSet(value)) return this.ofList(value);
    if (isDictionary(value)) return this.ofFields(Object.fromEntries(entriesOf(value)));
    return this.ofFields(value);
  }

  private ofFields(value: object): object {
    const fields = Object.keys(value);
    const names = isError(value) ? [...new Set([...ERROR_FIELDS, ...fields])] : fields;
    const copy: [string, unknown][] = [];
    for (const name of names) {
      if (this.left <= 0) break;
      copy.push([this.ofText(name, redactName), this.ofField(name, value)]);
    }
    return Object.fromEntries(copy);
  }

  private ofList(list: Iterable<unknown>): unknown[] {
    const copy: unknown[] = [];
    let before: unknown;
    for (const element of list) {
      if (this.left <= 0) return [...copy, TOO_MUCH];
      const isOfOption = typeof before === 'string' && typeof element === 'string' && before.startsWith('--') && !element.startsWith('-');
      before = element;
      if (isOfOption) copy.push(this.ofField('value', { value: element }, String(copy[copy.length - 1])));
      else copy.push(isPair(element) ? [this.ofText(element[0]), this.ofField('1', element, element[0])] : this.of(element));
    }
    return copy;
  }

  private ofField(field: string, holder: object, name = field): unknown {
    const value = read(holder, field);
    const secret = trySecretName(name) ?? trySecretName(nameBeside(name, holder));
    if (secret && holdsSecret(name, value, secret) && !isPieceOfAnswer(holder) && !isPieceOfAnswer(value)) return REDACTED;
    return isRawHeaders(name, value) ? this.ofRawHeaders(value) : this.of(value);
  }

  private ofRawHeaders(flat: readonly unknown[]): unknown[] {
    const given = flat.slice(0, MOST_HEADERS);
    const name = (index: number): string => String(given[index - 1]);
    return given.map((text, index) => (index % 2 === 0 ? this.ofText(String(text)) : this.ofField(String(index), given, name(index))));
  }
}

function isPieceOfAnswer(value: unknown): boolean {
  return LIKELIHOODS.some(likelihood => tryRead(value, likelihood) !== undefined);
}

/** Names and values in turn, as Node's HTTP has them. */
function isRawHeaders(name: string, value: unknown): value is unknown[] {
  return name === 'rawHeaders' && Array.isArray(value);
}

/** As `Object.entries` gives them, and `Headers`. */
function isPair(value: unknown): value is [string, unknown] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string';
}

/** What holds its values by name, and shows JSON none of them. */
function isDictionary(value: object): value is Iterable<readonly unknown[]> {
  return types.isMap(value) || value instanceof URLSearchParams || value instanceof Headers || value instanceof FormData;
}

function entriesOf(dictionary: Iterable<readonly unknown[]>): [string, unknown][] {
  const entries: [string, unknown][] = [];
  for (const [key, value] of dictionary) {
    if (entries.length >= MAX_VALUES) break;
    entries.push([typeof key === 'symbol' ? key.toString() : String(key), value]);
  }
  return entries;
}

/** A number may be a count, and a switch tells nothing. */
function holdsSecret(name: string, value: unknown, { numbersToo }: SecretName): boolean {
  switch (typeof value) {
    case 'string': return !isNoValue(value) && !isWorkingDirectory(name, value);
    case 'object': return value !== null;
    default: return numbersToo && (typeof value === 'number' || typeof value === 'bigint');
  }
}

function read(holder: object, name: string): unknown {
  try {
    return (holder as Record<string, unknown>)[name];
  } catch {
    return UNREADABLE;
  }
}
