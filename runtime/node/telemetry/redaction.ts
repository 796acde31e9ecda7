import { REDACTION } from '../../../src/contract/data';
import { isError } from '../envelope/thrown';
import { HINTS, trySecretName, type SecretName } from './secret-names';
import { findNamedSecrets, isNoValue } from './secret-values';

const REDACTED = REDACTION.replacement;

interface Form {
  readonly keeps?: string;
  readonly pattern: string;
}

const FORMS = (REDACTION.forms as readonly Form[]).map(({ keeps = '', pattern }) => new RegExp(`(${keeps})${pattern}`, 'g'));
/** True wherever a form or the name of a secret is, and seldom elsewhere: most texts are read once, not once for each form. */
const SUSPICIOUS = new RegExp(
  `${HINTS}|[?&#]sig|basic|A[KSBC]IA|ACCA|ABSK|eyJ|IQoJ|FwoG|sk-|[sr]k_|whsec|gh[oprsu]_|github_|glpat|xox|slack|AIza|ya29|npm_|hf_|pypi|SG\\.|://|PRIVATE`, 'i',
);

/** The text with every secret in it blacked out. The work grows with the length of the text and with nothing else. */
export function redactText(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  let result = text;
  for (const form of FORMS) result = result.replace(form, `$1${REDACTED}`);
  return withoutNamedSecrets(result);
}

/** A copy of plain data in which secrets are blacked out, by the name of their field and by their form; what JSON has no word for is put into words. */
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
