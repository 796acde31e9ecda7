import { span, type Span } from './span';

/** `password: |` and `password:`, and what they are followed by in YAML; the newline may be escaped. */
const BLOCK_HEAD = /[ \t]{0,8}(?:[|>][+\-0-9]{0,2}[ \t]{0,8})?(\r?\n|\\{1,16}n)(?:([ \t]{1,64})(?=[^\s\\])|(?=- ))/y;
const BEGINS_BLOCK = ['|', '>', '\\'];
const BLANKS = [' ', '\t', '\r', '\n'];
const END_OF_PLAIN_LINE = /\r?\n/g;
const END_OF_ESCAPED_LINE = /\\{1,16}n|\\{0,16}"/g;

/** The lines below a name in YAML that are indented more than it, or begin a list. */
export function tryBlock(text: string, end: number, value: number): Span | undefined {
  if (!BEGINS_BLOCK.includes(text[value]) && !text.slice(end, value).includes('\n')) return undefined;
  let head = value;
  while (BLANKS.includes(text[head - 1])) head -= 1;
  BLOCK_HEAD.lastIndex = head;
  const match = BLOCK_HEAD.exec(text);
  if (!match) return undefined;
  const [, newline, indentation = '- '] = match;
  const start = BLOCK_HEAD.lastIndex;
  const isText = newline.startsWith('\\');
  const endOfLine = isText ? END_OF_ESCAPED_LINE : END_OF_PLAIN_LINE;
  endOfLine.lastIndex = start;
  for (;;) {
    const line = endOfLine.exec(text);
    if (!line) return span(start, text.length);
    if (line[0].endsWith('"') || !text.startsWith(indentation, endOfLine.lastIndex)) return span(start, line.index);
  }
}
