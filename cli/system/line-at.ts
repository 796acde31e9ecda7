/** Where in a text something stands, as editors count: `line 3, column 7`. */
export function lineAt(text: string, offset: number): string {
  const { line, column } = placeAt(text, offset);
  return `line ${line}, column ${column}`;
}

export function placeAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: before[before.length - 1].length + 1 };
}
