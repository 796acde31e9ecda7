import { newSupportRef } from '../../../runtime/node/envelope/support-ref';

const references = Array.from({ length: 20_000 }, newSupportRef);

test('has 16 letters, none of them a vowel', () => {
  for (const reference of references) expect(reference).toMatch(/^[bcdfghjkmnpqrstvwxyz]{16}$/);
});

test('never comes twice', () => expect(new Set(references).size).toBe(references.length));

test('takes every letter equally often', () => {
  const counts = new Map<string, number>();
  for (const letter of references.join('')) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  const expected = (references.length * 16) / 20;
  expect(counts.size).toBe(20);
  // Five standard deviations: a fair source fails once in a hundred thousand runs.
  for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(expected));
});
