/** What is wrong with a text that should be JSON, and on which line. */
export interface JsonFault {
  readonly line: number;
  readonly problem: string;
}

/** JSON, and the line on which each of its values begins. */
export class JsonText {
  /** Reads a text; what is no JSON, or says one key twice, is a fault. A byte-order mark passes. */
  public static read(text: string): JsonText | JsonFault {
    const reader = new Reader(text.replace(/^\uFEFF/, ''));
    try {
      return new JsonText(reader.read(), reader.lines);
    } catch (fault) {
      if (!(fault instanceof Unreadable)) throw fault;
      return { line: reader.line, problem: fault.message };
    }
  }

  private constructor(public readonly value: unknown, private readonly lines: ReadonlyMap<string, number>) {}

  /** The line of the value at a path of keys and indexes; that of the nearest value around it where there is none. */
  public lineOf(path: readonly (string | number)[]): number {
    return this.lines.get(keyOf(path)) ?? this.lineOf(path.slice(0, -1));
  }
}

class Unreadable extends Error {}

const TOKEN = new RegExp(`[ \\t\\r\\n]*(?:${[
  '([{}[\\],:])',
  '("(?:[^"\\\\\\u0000-\\u001f]|\\\\["\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4})*")',
  '(?:-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|true|false|null)(?![\\w.])',
  '$',
].join('|')})`, 'y');
const MAX_DEPTH = 100;

const newlinesIn = (text: string): number => text.split('\n').length - 1;
const SEPARATOR = '\u0000';
const keyOf = (path: readonly (string | number)[]): string => path.map(part => `${SEPARATOR}${part}`).join('');

class Reader {
  public readonly lines = new Map<string, number>();
  /** The line on which the reader stands. */
  public line = 1;
  private at = 0;
  private token = '';

  constructor(private readonly text: string) {}

  public read(): unknown {
    this.next();
    const value = this.value('', 0);
    if (this.token !== '') throw this.unexpected('the end of the file');
    return value;
  }

  private value(path: string, depth: number): unknown {
    if (depth > MAX_DEPTH) throw new Unreadable('it is nested too deep');
    this.lines.set(path, this.line);
    if (this.token === '{') return this.object(path, depth + 1);
    if (this.token === '[') return this.array(path, depth + 1);
    if (this.token === '' || '}],:'.includes(this.token)) throw this.unexpected('a value');
    const value: unknown = JSON.parse(this.token);
    this.next();
    return value;
  }

  private object(path: string, depth: number): unknown {
    const entries = new Map<string, unknown>();
    this.next();
    while (this.token !== '}') {
      if (entries.size > 0) this.pass(',', '"," or "}"');
      if (!this.token.startsWith('"')) throw this.unexpected('a key in quotation marks');
      const key = JSON.parse(this.token) as string;
      if (entries.has(key)) throw new Unreadable(`the key "${key}" is there twice`);
      this.next();
      this.pass(':', '":"');
      entries.set(key, this.value(`${path}${SEPARATOR}${key}`, depth));
    }
    this.next();
    return Object.fromEntries(entries);
  }

  private array(path: string, depth: number): unknown {
    const values: unknown[] = [];
    this.next();
    while (this.token !== ']') {
      if (values.length > 0) this.pass(',', '"," or "]"');
      values.push(this.value(`${path}${SEPARATOR}${values.length}`, depth));
    }
    this.next();
    return values;
  }

  private pass(token: string, shown: string): void {
    if (this.token !== token) throw this.unexpected(shown);
    this.next();
  }

  /** Stands behind the next token; at the end of the text the token is empty. */
  private next(): void {
    TOKEN.lastIndex = this.at;
    const found = TOKEN.exec(this.text);
    if (found) {
      this.at = TOKEN.lastIndex;
      this.line += newlinesIn(found[0]);
      this.token = found[0].trimStart();
      return;
    }
    const blank = /[ \t\r\n]*/y;
    blank.lastIndex = this.at;
    const between = blank.exec(this.text)![0];
    this.line += newlinesIn(between);
    const rest = this.text.slice(blank.lastIndex, blank.lastIndex + 40).split('\n')[0];
    throw new Unreadable(/^(<{7}|={7}|>{7})/.test(rest) ? 'a merge left its conflict there' : `no JSON begins with ${rest}`);
  }

  private unexpected(expected: string): Unreadable {
    const { token } = this;
    return new Unreadable(token === '' ? `the file ends where ${expected} should stand` : `${token} stands where ${expected} should`);
  }
}
