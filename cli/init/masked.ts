/** Source with comments and the insides of texts blanked, each character in its place: what is left is code. */
export function maskedTypeScript(text: string): string {
  return masked(text, {
    comment: /\/\/[^\r\n]*|\/\*[^]*?\*\//y,
    quoted: /'(?:\\[^]|[^'\\\r\n])*'|"(?:\\[^]|[^"\\\r\n])*"|`(?:\\[^]|[^`\\])*`/y,
    // A slash begins an expression where no value stands before it.
    further: { pattern: /\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\r\n])*\]|[^/\\[\r\n])+\//y, after: /(?:^|[=(,:;[!&|?{}<>+*%~^-]|\breturn)\s*$/ },
  });
}

/** The same of Python. */
export function maskedPython(text: string): string {
  return masked(text, {
    comment: /#[^\r\n]*/y,
    quoted: /'''(?:\\[^]|[^\\])*?'''|"""(?:\\[^]|[^\\])*?"""|'(?:\\[^]|[^'\\\r\n])*'|"(?:\\[^]|[^"\\\r\n])*"/y,
  });
}

interface Lexis {
  readonly comment: RegExp;
  /** Its first and last character stay. */
  readonly quoted: RegExp;
  readonly further?: { readonly pattern: RegExp; readonly after: RegExp };
}

function masked(text: string, { comment, quoted, further }: Lexis): string {
  // A byte-order mark is the end of a line before the first.
  let code = text.startsWith('\uFEFF') ? '\n' : '';
  while (code.length < text.length) {
    const at = code.length;
    const hidden = matchAt(comment, text, at);
    const inQuotes = matchAt(quoted, text, at);
    const expression = further && further.after.test(code.slice(-200)) ? matchAt(further.pattern, text, at) : undefined;
    if (hidden) code += blank(hidden);
    else if (inQuotes) code += inQuotes[0] + blank(inQuotes.slice(1, -1)) + inQuotes.at(-1);
    else code += expression ? blank(expression) : text[at];
  }
  return code;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

const blank = (text: string): string => text.replace(/[^\r\n]/g, ' ');

/** Where the bracket that opens at `open` is closed; undefined when it is not. */
export function closingBracket(code: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < code.length; at++) {
    if ('([{'.includes(code[at])) depth++;
    if (')]}'.includes(code[at]) && --depth === 0) return at;
  }
  return undefined;
}
