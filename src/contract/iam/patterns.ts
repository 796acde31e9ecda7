/** Stands for text that is known only at deployment. No policy can hold it. */
export const UNKNOWN = '\u0000';

/** A row of what stands for any text. */
const MANY = new RegExp(`[*${UNKNOWN}]+`, 'g');

/** Whether a pattern of IAM holds a wildcard. */
export function hasWildcard(pattern: string): boolean {
  return /[*?]/.test(pattern);
}

/**
 * Whether there is a text that both patterns match. `*` stands for any text and `?` for one character, as in IAM; upper and
 * lower case are the same. `UNKNOWN` stands for any text.
 */
export function canBothMatch(one: string, other: string): boolean {
  const [first, second] = [normalized(one), normalized(other)];
  return startAlike(first, second) && intersects(first, second);
}

/** Most patterns differ before their first wildcard: that is quick to see. */
function startAlike(one: string, other: string): boolean {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index++) {
    if (hasWildcard(one[index]) || hasWildcard(other[index])) return true;
    if (one[index] !== other[index]) return false;
  }
  return true;
}

function normalized(pattern: string): string {
  return pattern.toLowerCase().replace(MANY, '*');
}

/** Column by column: which ends of `other` can still be reached after each start of `one`. */
function intersects(one: string, other: string): boolean {
  let reachable = reachableOverStars(other, [true, ...new Array<boolean>(other.length).fill(false)]);
  for (const character of one) {
    reachable = character === '*' ? fromFirstOn(reachable) : afterOneCharacter(character, other, reachable);
  }
  return reachable[other.length];
}

function afterOneCharacter(character: string, other: string, before: boolean[]): boolean[] {
  const after = before.map(() => false);
  for (let index = 0; index < other.length; index++) {
    if (!before[index]) continue;
    if (other[index] === '*') after[index] = true;
    else if (character === '?' || other[index] === '?' || other[index] === character) after[index + 1] = true;
  }
  return reachableOverStars(other, after);
}

/** A star of `other` may stand for nothing. */
function reachableOverStars(other: string, reachable: boolean[]): boolean[] {
  const result = [...reachable];
  for (let index = 0; index < other.length; index++) if (result[index] && other[index] === '*') result[index + 1] = true;
  return result;
}

/** A star of `one` may take in any part of `other`. */
function fromFirstOn(reachable: boolean[]): boolean[] {
  const first = reachable.indexOf(true);
  return reachable.map((_, index) => first >= 0 && index >= first);
}

/** Whether a pattern matches every action of a service. */
export function coversService(pattern: string, service: string): boolean {
  const [, start] = /^([^*?]*)\*+$/.exec(pattern) ?? [];
  return start !== undefined && `${service}:`.startsWith(start.toLowerCase());
}
