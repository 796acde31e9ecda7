import { CallValue, Code, RecordValue, Value } from './code-value';
import { pythonTokens, Token } from './python-tokens';

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
/** What a value may be followed by; anything else makes it a part of a longer expression. */
const ENDS = new Set([',', ')', ']', '}', ':', 'for']);
const MAX_DEPTH = 100;

/** Reads Python: calls, dictionaries and constants; everything between them is skipped. */
export function readPython(text: string): Code {
  return new Reader(pythonTokens(text)).read();
}

class Reader {
  private readonly tokens: readonly Token[];
  private readonly constants = new Map<string, Value>();
  private at = 0;
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = withoutLinesInBrackets(tokens);
  }

  public read(): Code {
    this.learn();
    const calls: CallValue[] = [];
    const blobs: RecordValue[] = [];
    for (let index = 0; index < this.tokens.length; index++) {
      if (this.is(index, '{')) {
        const value = this.valueAt(index);
        if (value.kind === 'record' && value.entries.some(([name]) => name === '_aws')) blobs.push(value);
      }
      if (this.tokens[index].kind !== 'name' || !this.is(index + 1, '(') || this.isDefinition(index)) continue;
      const start = this.startOfChain(index);
      const value = this.callAt(start, index);
      calls.push({ ...value, ...this.assignedAt(start) });
    }
    return { calls, blobs };
  }

  /** `NAME = "text"`, where a file says it once. */
  private learn(): void {
    for (let index = 0; index < this.tokens.length; index++) {
      const { kind, value: name, at } = this.tokens[index];
      const isStart = index === 0 || this.tokens[index - 1].kind === 'line';
      if (kind !== 'name' || !isStart || !this.is(index + 1, '=')) continue;
      this.constants.set(name, this.constants.has(name) ? { kind: 'unknown', at } : this.valueAt(index + 2));
    }
  }

  private valueAt(index: number): Value {
    this.at = index;
    this.depth = 0;
    return this.value();
  }

  /** The call of the name at `index`, whatever is called on its result. */
  private callAt(start: number, index: number): CallValue {
    this.at = index + 1;
    this.depth = 0;
    const owner = this.is(index - 1, '.') ? this.ownerBefore(index - 1) : '';
    return this.call(this.tokens[start].at, owner, this.tokens[index].value);
  }

  /** Before a full stop: a name, or the name of the call whose bracket ends there. */
  private ownerBefore(stop: number): string {
    let index = stop - 1;
    for (let depth = 0; index >= 0; index--) {
      if (this.is(index, ')')) depth++;
      if (this.is(index, '(')) depth--;
      if (depth === 0 && this.tokens[index].kind === 'name') return this.tokens[index].value;
      if (depth === 0 && !this.is(index, '(')) return '';
    }
    return '';
  }

  private value(): Value {
    const start = this.at;
    const value = this.depth++ > MAX_DEPTH ? unknownAt(this.next?.at) : this.primary(this.next?.at ?? 0);
    this.depth--;
    if (!this.next || ENDS.has(this.next.value) || this.next.kind === 'line') return value;
    this.skipToEnd();
    return unknownAt(this.tokens[start]?.at);
  }

  private primary(at: number): Value {
    const token = this.next;
    if (token?.kind === 'text') return this.text(at);
    if (token?.kind === 'name') return this.chain(at);
    if (token?.value === '[' || token?.value === '(') return this.list(at, CLOSING[token.value]);
    if (token?.value === '{') return this.record(at);
    this.at++;
    return unknownAt(at);
  }

  /** Texts beside each other are one. */
  private text(at: number): Value {
    let value = '';
    while (this.next?.kind === 'text') value += this.tokens[this.at++].value;
    return { kind: 'text', value, at };
  }

  /** `a.b.c`, and its calls: the last one counts. */
  private chain(at: number): Value {
    let [owner, name] = ['', this.tokens[this.at++].value];
    let result: Value | undefined;
    while (this.next && (this.is(this.at, '.') || this.is(this.at, '('))) {
      if (this.is(this.at, '.')) {
        [owner, name] = [name, this.tokens[this.at + 1]?.value ?? ''];
        this.at += 2;
        result = undefined;
      } else {
        result = this.call(at, owner, name);
      }
    }
    return result ?? (owner === '' ? located(this.constants.get(name), at) : unknownAt(at));
  }

  private call(at: number, owner: string, name: string): CallValue {
    const args: Value[] = [];
    const entries: (readonly [string, Value])[] = [];
    this.members(')', () => {
      if (this.next?.kind === 'name' && this.is(this.at + 1, '=')) {
        const key = this.next.value;
        this.at += 2;
        entries.push([key, this.value()]);
      } else {
        args.push(this.value());
      }
    });
    return { kind: 'call', name, owner, args, named: { kind: 'record', entries, at }, at };
  }

  private list(at: number, end: string): Value {
    const items: Value[] = [];
    const commas = this.members(end, () => items.push(this.value()));
    return end === ')' && items.length === 1 && commas === 0 ? items[0] : { kind: 'list', items, at };
  }

  private record(at: number): Value {
    const entries: (readonly [string, Value])[] = [];
    this.members('}', () => {
      const key = this.value();
      if (!this.is(this.at, ':')) return;
      this.at++;
      const value = this.value();
      entries.push([key.kind === 'text' ? key.value : '', value]);
    });
    return { kind: 'record', entries, at };
  }

  /** Returns how many commas there were. */
  private members(end: string, read: () => void): number {
    let commas = 0;
    this.at++;
    while (this.next && this.next.value !== end) {
      const before = this.at;
      if (this.is(this.at, ',')) {
        commas++;
        this.at++;
        continue;
      }
      read();
      if (this.next && !this.is(this.at, ',') && !this.is(this.at, end)) this.skipToEnd();
      if (this.at === before) this.at++;
    }
    this.at++;
    return commas;
  }

  /** Over the rest of an expression. */
  private skipToEnd(): void {
    let depth = 0;
    for (; this.next; this.at++) {
      const { kind, value } = this.next;
      if (kind === 'text') continue;
      if (depth === 0 && (value === ',' || value === ')' || value === ']' || value === '}' || value === ':' || kind === 'line')) return;
      if (value in CLOSING) depth++;
      else if (value === ')' || value === ']' || value === '}') depth--;
    }
  }

  private get next(): Token | undefined {
    return this.tokens[this.at];
  }

  private is(index: number, sign: string): boolean {
    return this.tokens[index]?.kind === 'sign' && this.tokens[index].value === sign;
  }

  private isDefinition(index: number): boolean {
    return /^(def|class)$/.test(this.tokens[index - 1]?.value ?? '');
  }

  private startOfChain(index: number): number {
    let start = index;
    while (this.is(start - 1, '.') && this.tokens[start - 2]?.kind === 'name') start -= 2;
    return start;
  }

  private assignedAt(start: number): Pick<CallValue, 'assignedTo'> {
    return this.is(start - 1, '=') && this.tokens[start - 2]?.kind === 'name' ? { assignedTo: this.tokens[start - 2].value } : {};
  }
}

function withoutLinesInBrackets(tokens: readonly Token[]): Token[] {
  let depth = 0;
  return tokens.filter(({ kind, value }) => {
    if (kind === 'sign' && value in CLOSING) depth++;
    if (kind === 'sign' && /^[)\]}]$/.test(value)) depth = Math.max(0, depth - 1);
    return kind !== 'line' || depth === 0;
  });
}

function located(value: Value | undefined, at: number): Value {
  return value ? { ...value, at } : unknownAt(at);
}

function unknownAt(at = 0): Value {
  return { kind: 'unknown', at };
}
