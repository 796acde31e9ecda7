/** A word, a sign or a text of a Python program. */
export interface Token {
  readonly kind: 'name' | 'sign' | 'text' | 'other' | 'line';
  readonly value: string;
  readonly at: number;
}

const SKIPPED = /(?:[ \t\f]|#[^\n]*|\\\r?\n)+/y;
const STRING = /([A-Za-z]{0,2})("""(?:[^\\]|\\[^])*?"""|'''(?:[^\\]|\\[^])*?'''|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*')/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /[0-9][\w.]*/y;
const SIGN = /\*\*|==|!=|<=|>=|->|:=|[^\s\w]/y;
const LINE = /[\r\n]+/y;
const ESCAPES: Readonly<Record<string, string>> = {
  'n': '\n', 't': '\t', 'r': '\r', '\\': '\\', '\'': '\'', '"': '"', '\n': '',
};

/**
 * The tokens of a Python program.
 *
 * A tokenizer of our own: Python's own parser needs a Python, which not every machine that lints has, and a grammar in WebAssembly
 * starts slower than the whole command. Strings, brackets and line ends are all that calls and dictionaries need, and what is not
 * understood costs its own line only.
 */
export function pythonTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let at = text.startsWith('\ufeff') ? 1 : 0;
  const match = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text) ?? undefined;
  };
  while (at < text.length) {
    const skipped = match(SKIPPED);
    if (skipped) at += skipped[0].length;
    if (at >= text.length) break;
    const string = match(STRING);
    const found = string ?? match(NAME) ?? match(NUMBER) ?? match(LINE) ?? match(SIGN);
    const start = at;
    at += found?.[0].length ?? 1;
    tokens.push(string ? textToken(string, start) : wordToken(text.slice(start, at), start));
  }
  return tokens;
}

function wordToken(value: string, at: number): Token {
  const kind = /^[\r\n]/.test(value) ? 'line' : /^[0-9]/.test(value) ? 'other' : /^[\p{L}_]/u.test(value) ? 'name' : 'sign';
  return { kind, value, at };
}

/** Texts with something put in, and bytes, are no texts that can be read. */
function textToken([, prefix, quoted]: RegExpExecArray, at: number): Token {
  const size = /^("""|''')/.test(quoted) ? 3 : 1;
  const inside = quoted.slice(size, -size);
  const flags = prefix.toLowerCase();
  if (flags.includes('b') || flags.includes('t')) return { kind: 'other', value: quoted, at };
  if (flags.includes('f') && /[{}]/.test(inside)) return { kind: 'other', value: quoted, at };
  return { kind: 'text', value: flags.includes('r') ? inside : unescaped(inside), at };
}

function unescaped(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([^]))/g, (whole, x?: string, u?: string, one?: string) =>
    (x ?? u) === undefined ? ESCAPES[one!] ?? whole : String.fromCharCode(parseInt((x ?? u)!, 16)));
}
