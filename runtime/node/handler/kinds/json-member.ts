const [QUOTE, COLON, COMMA] = codesOf('":,');
const OPENING = codesOf('{[');
const CLOSING = codesOf('}]');

/**
 * The text of a member of a JSON object, as it stands there; of members with the same name the last, as JSON.parse has it.
 * The object is known to be valid JSON.
 */
export function memberText(json: string, name: string): string | undefined {
  let found: string | undefined;
  let depth = 0;
  let start = 0;
  let key: string | undefined;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfString(json, at);
      if (depth === 1 && key === undefined) key = JSON.parse(json.slice(at, end)) as string;
      at = end - 1;
    } else if (code === COLON) {
      if (depth === 1) start = at + 1;
    } else if (OPENING.includes(code)) {
      depth += 1;
    } else if (code === COMMA || CLOSING.includes(code)) {
      if (depth === 1 && key === name) found = json.slice(start, at).trim();
      if (depth === 1) key = undefined;
      if (code !== COMMA) depth -= 1;
    }
  }
  return found;
}

/** Behind the quote that closes a string. */
function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); ; end = json.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (json[end - backslashes - 1] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return end + 1;
  }
}

function codesOf(characters: string): number[] {
  return [...characters].map(character => character.charCodeAt(0));
}
