/** A piece of a file that is replaced. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Text that stands in a file, plain or wrapped: as a string of JSON, in the parts of an `Fn::Join`, or in several of these at once.
 * Whoever reads it need not know how; a change of it becomes a change of the file.
 */
export interface Layer {
  readonly text: string;
  /** Where in the file a position of the text stands. */
  readonly positionOf: (offset: number) => number;
  /** Undefined where the text is not written in one piece. */
  readonly tryChange: (start: number, end: number, text: string) => Edit | undefined;
}

/** A value of a JSON or YAML text, and where it stands. */
export type Node = RecordNode | ListNode | TextNode | OtherNode;

export interface RecordNode {
  readonly kind: 'record';
  readonly at: number;
  /** In the order of the text; a name may come twice. */
  readonly entries: readonly (readonly [string, Node])[];
}

export interface ListNode {
  readonly kind: 'list';
  readonly at: number;
  readonly items: readonly Node[];
}

export interface TextNode {
  readonly kind: 'text';
  readonly at: number;
  readonly value: string;
  readonly layer: Layer;
  /** Puts several texts in the place of this one. Undefined where they cannot be written. */
  readonly tryReplace?: (values: readonly string[]) => Edit | undefined;
}

/** A number, `true`, `null`, or what a template puts in. */
export interface OtherNode {
  readonly kind: 'other';
  readonly at: number;
}

/** The value under a name; the last one counts, as for every reader of JSON. */
export function member(node: Node | undefined, name: string): Node | undefined {
  return node?.kind === 'record' ? node.entries.filter(([key]) => key === name).at(-1)?.[1] : undefined;
}

export function textOf(node: Node | undefined): string | undefined {
  return node?.kind === 'text' ? node.value : undefined;
}

export function itemsOf(node: Node | undefined): readonly Node[] {
  return node?.kind === 'list' ? node.items : [];
}

export function entriesOf(node: Node | undefined): readonly (readonly [string, Node])[] {
  return node?.kind === 'record' ? node.entries : [];
}

/** A file as it is. */
export function fileLayer(text: string): Layer {
  return { text, positionOf: offset => offset, tryChange: (start, end, replacement) => ({ start, end, text: replacement }) };
}

/** The text with all edits made, which must not overlap. */
export function edited(text: string, edits: readonly Edit[]): string {
  let result = '';
  let end = 0;
  for (const edit of [...edits].sort((one, other) => one.start - other.start)) {
    result += text.slice(end, edit.start) + edit.text;
    end = edit.end;
  }
  return result + text.slice(end);
}
