import { trySecretName, type SecretName } from './secret-names';
import { findNamedSecrets, isNoValue } from './secret-values';
import { isError } from './thrown';
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

const MAX_DEPTH = 30;
const MAX_VALUES = 20_000;
const TOO_MUCH = '[more]';
const UNREADABLE = '[unreadable]';
/** A token with a likelihood is a piece of a model's answer. */
const LIKELIHOOD = 'logprob';
const ERROR_FIELDS = ['name', 'message', 'stack', 'cause', 'errors'];

/** Bounded in depth and in number, so that no object that is logged can stop the function. */
class RedactedCopy {
  private readonly ancestors: object[] = [];
  private left = MAX_VALUES;

  public of(value: unknown): unknown {
    this.left -= 1;
    if (typeof value === 'string') return redactText(value);
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

  private ofObject(value: object): unknown {
    const toJson = (value as { toJSON?: unknown }).toJSON;
    if (typeof toJson === 'function') return this.of(toJson.call(value));
    if (Array.isArray(value)) return this.ofList(value);
    const fields = Object.keys(value);
    const names = isError(value) ? [...new Set([...ERROR_FIELDS, ...fields])] : fields;
    const copy: [string, unknown][] = [];
    for (const name of names) {
      if (this.left <= 0) break;
      copy.push([redactText(name), this.ofField(name, value)]);
    }
    return Object.fromEntries(copy);
  }

  private ofList(list: readonly unknown[]): unknown[] {
    const copy: unknown[] = [];
    for (const element of list) {
      if (this.left <= 0) return [...copy, TOO_MUCH];
      copy.push(this.of(element));
    }
    return copy;
  }

  private ofField(name: string, holder: object): unknown {
    const value = read(holder, name);
    const secret = trySecretName(name) ?? trySecretName(nameBeside(name, holder));
    return secret && holdsSecret(value, secret) && !(LIKELIHOOD in holder) ? REDACTED : this.of(value);
  }
}

/** A number may be a count, and a switch tells nothing. */
function holdsSecret(value: unknown, { numbersToo }: SecretName): boolean {
  switch (typeof value) {
    case 'string': return !isNoValue(value);
    case 'object': return value !== null;
    default: return numbersToo && typeof value === 'number';
  }
}

/** In `{ name: 'DB_PASSWORD', value: 'x' }` the name of the value is a value itself. */
function nameBeside(name: string, holder: object): string {
  if (name.toLowerCase() !== 'value') return '';
  const beside = ['name', 'Name', 'key', 'Key'].find(candidate => Object.hasOwn(holder, candidate));
  const given = beside && read(holder, beside);
  return typeof given === 'string' ? given : '';
}

function read(holder: object, name: string): unknown {
  try {
    return (holder as Record<string, unknown>)[name];
  } catch {
    return UNREADABLE;
  }
}
