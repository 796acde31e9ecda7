import { fileImports } from './imports';
import { Sources } from './sources';

/** What leads where. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/** Every circle of files that import each other, if only for a type, as `a → b → a`. */
export function circlesOfFiles(sources: Sources, imports = fileImports(sources)): string[] {
  const graph = new Map<string, string[]>([...sources.keys()].map(file => [file, []]));
  for (const { file, target } of imports) graph.get(file)!.push(target);
  return circlesIn(graph);
}

/** One circle for each arrow that closes one. */
export function circlesIn(graph: Graph): string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const circles: string[] = [];
  const follow = (node: string): void => {
    const start = path.indexOf(node);
    if (start >= 0) circles.push([...path.slice(start), node].join(' → '));
    if (start >= 0 || done.has(node)) return;
    path.push(node);
    graph.get(node)?.forEach(follow);
    path.pop();
    done.add(node);
  };
  for (const node of graph.keys()) follow(node);
  return circles;
}
