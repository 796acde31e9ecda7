import * as fc from 'fast-check';
import { canBothMatch, coversService } from '../../src/contract/iam/patterns';

const PATTERN = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 6 }).map(characters => characters.join(''));

/** Every text of a and b up to six characters. */
const TEXTS = ((): string[] => {
  const texts = [''];
  for (let index = 0; index < texts.length && texts[index].length < 6; index++) texts.push(`${texts[index]}a`, `${texts[index]}b`);
  return texts;
})();

const matches = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.replaceAll('?', '.').replaceAll('*', '.*')}$`).test(text);

describe('canBothMatch', () => {
  test('agrees with trying out every short text', () => {
    fc.assert(fc.property(PATTERN, PATTERN, (one, other) => canBothMatch(one, other) === commonText(one, other)), { numRuns: 2_000 });
  });

  test('does not care for the order of the two, nor for upper and lower case', () => {
    fc.assert(fc.property(PATTERN, PATTERN, (one, other) => {
      expect(canBothMatch(one, other)).toBe(canBothMatch(other, one));
      expect(canBothMatch(one.toUpperCase(), other)).toBe(canBothMatch(one, other));
    }));
  });

  test('is quick with many stars', () => {
    const start = Date.now();
    expect(canBothMatch(`${'*a'.repeat(500)}*b`, 'c'.repeat(2_000))).toBe(false);
    expect(Date.now() - start).toBeLessThan(2_000);
  });

  /** Two patterns of six signs that share a text share one of at most six characters each for what is not a star. */
  function commonText(one: string, other: string): boolean {
    const fixed = (pattern: string): number => pattern.replaceAll('*', '').length;
    if (fixed(one) + fixed(other) > 6) return canBothMatch(one, other);
    return TEXTS.some(text => matches(one, text) && matches(other, text));
  }
});

describe('coversService', () => {
  test.each(['*', 'bedrock:*', 'BEDROCK:**', 'bedrock*', 'bed*'])('%s covers Bedrock', pattern => {
    expect(coversService(pattern, 'bedrock')).toBe(true);
  });

  test.each(['bedrock:Invoke*', 'bedrock', 'bedrock-mantle:*', 's3:*', '?edrock:*', 'bedrock:?*', ''])('%j does not', pattern => {
    expect(coversService(pattern, 'bedrock')).toBe(false);
  });
});
