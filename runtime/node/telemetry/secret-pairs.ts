import { remembered } from './remembered';
import { read, readList } from './thrown';
import { REDACTION } from '../../../src/contract/data';

const { names, values } = REDACTION.names.pairs;
const NAME_FIELDS: ReadonlySet<string> = new Set(names);
const VALUE_FIELDS: ReadonlySet<string> = new Set(values);
/** Who holds a name and much else is no pair. */
const MOST_FIELDS = 16;
const DEEPEST_PATH = 32;
const LONGEST_FIELD = 20;

/**
 * In `{ name: 'DB_PASSWORD', value: 'x' }` the name of the value is a value itself, and so it is in
 * `{ path: ['user', 'password'], input: 'x' }`, as what validates requests has it. Empty where nothing beside a field names it.
 */
export function nameBeside(field: string, holder: object): string {
  if (field === 'pass') return LOGINS.some(login => typeof read(holder, login) === 'string') ? 'password' : '';
  if (field === 'auth') return isUserAndPassword(read(holder, field)) ? 'password' : '';
  if (field.length > LONGEST_FIELD || !VALUE_FIELDS.has(inOneWord(field))) return '';
  const fields = Object.keys(holder);
  if (fields.length > MOST_FIELDS) return '';
  const naming = fields.filter(other => other.length <= LONGEST_FIELD && NAME_FIELDS.has(inOneWord(other)));
  const given = naming.map(other => lastOf(read(holder, other)));
  return given.find(name => name !== '') ?? '';
}

/** Beside one of them, `pass` is no result of a test. */
const LOGINS = ['user', 'username', 'login', 'email'];

/** As Node's own HTTP client takes it. */
function isUserAndPassword(value: unknown): boolean {
  return typeof value === 'string' && /^[^\s:]+:\S+$/.test(value);
}

const inOneWord = remembered(field => field.replace(/[_-]/g, '').toLowerCase());

function lastOf(name: unknown): string {
  if (typeof name === 'string') return name;
  const parts = readList(name, DEEPEST_PATH).filter(part => typeof part === 'string');
  return parts[parts.length - 1] ?? '';
}
