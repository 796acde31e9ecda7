import { Layer, Node, TextNode } from './node';

/** What stands for a value that only a deployment knows, in a text put together of parts: one character each, of Unicode's private area. */
export const FIRST_PLACEHOLDER = 0xe000;
export const LAST_PLACEHOLDER = 0xf8ff;

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const ATOM = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/y;
/** What a template puts in where a value is meant to stand: `"period": ${Period}`. */
const PUT_IN = /\$\{[^{}]*\}|[\ue000-\uf8ff]/y;

/** Text that is no JSON. */
export class NoJson extends Error {
  constructor(public readonly offset: number, public readonly expected: string) {
    super(`expected ${expected}`);
  }
}

/**
 * Reads JSON with the place of everything in it, so that a name can be changed and nothing else: a parser and a printer would write
 * numbers, escapes and white space anew.
 *
 * Errors: NoJson.
 */
export function parseJson(layer: Layer): Node {
  return new Reader(layer).document();
}

class Reader {
  private at: number;

  constructor(private readonly layer: Layer) {
    this.at = layer.text.startsWith('\ufeff') ? 1 : 0;
  }

  public document(): Node {
    const node = this.value();
    if (this.at < this.layer.text.length) throw new NoJson(this.at, 'the end of the text');
    return node;
  }

  private value(): Node {
    this.skip(SPACE);
    const at = this.layer.positionOf(this.at);
    const node = this.tryComposite(at) ?? this.tryText() ?? this.other(at);
    this.skip(SPACE);
    return node;
  }

  private tryComposite(at: number): Node | undefined {
    if (this.trySkip('{')) return { kind: 'record', at, entries: this.members('}', () => this.entry()) };
    if (this.trySkip('[')) return { kind: 'list', at, items: this.members(']', () => this.value()) };
    return undefined;
  }

  private members<T>(end: string, read: () => T): T[] {
    const members: T[] = [];
    this.skip(SPACE);
    if (this.trySkip(end)) return members;
    do members.push(read()); while (this.trySkip(','));
    if (!this.trySkip(end)) throw new NoJson(this.at, `"," or "${end}"`);
    return members;
  }

  private entry(): [string, Node] {
    this.skip(SPACE);
    const key = this.tryText();
    if (!key) throw new NoJson(this.at, 'a name in double quotes');
    this.skip(SPACE);
    if (!this.trySkip(':')) throw new NoJson(this.at, '":"');
    return [key.value, this.value()];
  }

  private tryText(): TextNode | undefined {
    const start = this.at;
    const written = this.skip(STRING);
    return written ? textNode(this.layer, start, written) : undefined;
  }

  private other(at: number): Node {
    if (!this.skip(ATOM) && !this.skip(PUT_IN)) throw new NoJson(this.at, 'a value');
    return { kind: 'other', at };
  }

  private trySkip(character: string): boolean {
    if (this.layer.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private skip(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.layer.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }
}

/** A string of JSON, whose text is in its turn a layer: a dashboard in a template is JSON in JSON. */
export function textNode(outer: Layer, start: number, written: string): TextNode {
  const value = JSON.parse(written) as string;
  let offsets: readonly number[] | undefined;
  const offsetOf = (offset: number): number => start + (offsets ??= offsetsIn(written))[offset];
  const escape = (text: string): string => escaped(text, written);
  return {
    kind: 'text',
    at: outer.positionOf(start),
    value,
    layer: {
      text: value,
      positionOf: offset => outer.positionOf(offsetOf(offset)),
      tryChange: (from, to, text) => outer.tryChange(offsetOf(from), offsetOf(to), escape(text)),
    },
    tryReplace: values => outer.tryChange(start, start + written.length, values.map(text => `"${escape(text)}"`).join(', ')),
  };
}

/** Where each character of the value, and its end, stands in what was written. */
function offsetsIn(written: string): number[] {
  const offsets: number[] = [];
  let at = 1;
  while (at < written.length) {
    offsets.push(at);
    at += written[at] !== '\\' ? 1 : written[at + 1] === 'u' ? 6 : 2;
  }
  return offsets;
}

/** As in the string it is for: PHP writes `\/`, and what stands in a name keeps its spelling. */
function escaped(text: string, written: string): string {
  const json = JSON.stringify(text).slice(1, -1);
  return written.includes('\\/') ? json.replaceAll('/', '\\/') : json;
}
