/** A chunk of the shop's catalogue. A real shop asks its vector index. */
export interface TitleChunk {
  readonly titleId: string;
  readonly text: string;
}

const CHUNKS: readonly TitleChunk[] = [
  { titleId: 'space-cooks', text: 'A comedy about cooks on a space station who must feed forty species.' },
  { titleId: 'quiet-river', text: 'A slow family drama in a village by a river.' },
  { titleId: 'steel-petals', text: 'Robots guard the last garden; action with a gentle heart.' },
  { titleId: 'midnight-goals', text: 'A girls\' football team trains at night; sports and friendship.' },
];

/** The chunks that share the most words with `query`, best first, at most three. */
export function retrieve(query: string): TitleChunk[] {
  const words = new Set(query.toLowerCase().match(/\w{3,}/g) ?? []);
  return CHUNKS
    .map(chunk => ({ chunk, score: (chunk.text.toLowerCase().match(/\w{3,}/g) ?? []).filter(word => words.has(word)).length }))
    .filter(({ score }) => score > 0)
    .sort((left, right) => right.score - left.score)
    .slice(0, 3)
    .map(({ chunk }) => chunk);
}
