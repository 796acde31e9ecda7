/** The list in parts of at most so many elements, in order. */
export function chunksOf<T>(list: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / most) }, (_none, index) => list.slice(index * most, (index + 1) * most));
}
