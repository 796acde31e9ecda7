import { isComputed } from '../text/joined-text';
import { Edit, Layer, TextNode } from '../text/node';

/** A metric as CloudWatch knows it. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
}

/** What metrics are called from now on; whoever only looks gives none back. */
export interface Renames {
  readonly tryRenamed: (metric: MetricName) => MetricName | undefined;
  readonly hasNamespace: (namespace: string) => boolean;
  readonly hasName: (name: string) => boolean;
  /** Whether every metric is of interest, so that a word alone says nothing. */
  readonly takesAll?: boolean;
}

/** A name that was changed. */
export interface Change {
  /** Where in the document: `widgets[2].properties.metrics[0]`. */
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/** What speaks of a metric and was not changed. */
export interface Left {
  readonly path: string;
  readonly at: number;
  readonly why: string;
  /** True for a text for people, such as a title: nothing breaks when it stays. */
  readonly isMention: boolean;
}

/** One way through a document: what is renamed, and what was left. */
export class Visit {
  public readonly edits: (Edit & Change)[] = [];
  public readonly left: Left[] = [];
  private readonly read = new Set<TextNode>();

  /** `shorthand`: what a row says that repeats the row above it, where the widget itself does not tell. */
  constructor(public readonly renames: Renames, public readonly shorthand: boolean | undefined = undefined) {}

  /** A text whose meaning is known, so that its words are no mention of anything. */
  public knows(node: TextNode): void {
    this.read.add(node);
  }

  /** Changes a part of a text; all of it where no part is named. */
  public change(layer: Layer, path: string, to: string, [start, end]: readonly [number, number] = [0, layer.text.length]): void {
    const from = layer.text.slice(start, end);
    if (from === to) return;
    const edit = layer.tryChange(start, end, to);
    if (edit) this.edits.push({ ...edit, path, from, to });
    else this.leave(path, layer.positionOf(start), `"${shown(from)}" would be "${to}", but is not written in one piece`);
  }

  public leave(path: string, at: number, why: string): void {
    this.left.push({ path, at, why, isMention: false });
  }

  /** The words of a text that nothing else was made of. */
  public mention(node: TextNode, path: string, isForPeople: boolean): void {
    if (this.read.has(node) || this.renames.takesAll) return;
    const word = wordsOf(node.value).find(found => this.renames.hasNamespace(found) || this.renames.hasName(found));
    if (word === undefined) return;
    const why = isForPeople ? `the text speaks of "${word}"` : `"${word}" stands where no name of a metric is known to stand`;
    this.left.push({ path, at: node.at, why, isMention: isForPeople });
  }
}

/** Words as names of metrics may be, and the simple ones in them. */
export function wordsOf(text: string): string[] {
  return [...text.matchAll(/\w[\w./#:-]*/g)].flatMap(([word]) => [word.replace(/[./#:-]+$/, ''), ...word.split(/\W+/)]);
}

/** What only the deployment knows, readable. */
export function shown(text: string): string {
  return text.replace(/[\ue000-\uf8ff]/g, '${…}');
}

/** Renames a metric whose two names are texts of their own; says so where one of them is computed. */
export function visitPair(visit: Visit, path: string, namespace: Layer, name: Layer): void {
  if (isComputed(namespace.text) || isComputed(name.text)) {
    const isConcerned = visit.renames.hasName(name.text) || visit.renames.hasNamespace(namespace.text);
    if (isConcerned) {
      visit.leave(path, name.positionOf(0), `${shown(namespace.text)} ${shown(name.text)}: a name that only the deployment knows`);
    }
    return;
  }
  const to = visit.renames.tryRenamed({ namespace: namespace.text, name: name.text });
  if (!to) return;
  visit.change(namespace, path, to.namespace);
  visit.change(name, path, to.name);
}
