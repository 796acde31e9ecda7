/** Major up to 99, minor and patch up to 999. */
export type Version = readonly [number, number, number];

const LARGEST = 999;

/**
 * IAM patterns that match exactly the versions of a range, both ends included: IAM compares strings, not versions, so that
 * 1.10.0 would come before 1.9.0.
 */
export function versionPatterns(from: Version, to: Version): string[] {
  const [[firstMajor, firstMinor, firstPatch], [lastMajor, lastMinor, lastPatch]] = [from, to];
  if (firstMajor === lastMajor && firstMinor === lastMinor) return patches(firstMajor, firstMinor, firstPatch, lastPatch);
  if (firstMajor > lastMajor || (firstMajor === lastMajor && firstMinor > lastMinor)) return [];
  if (firstMajor === lastMajor) {
    return [
      ...patches(firstMajor, firstMinor, firstPatch, LARGEST),
      ...minors(firstMajor, firstMinor + 1, lastMinor - 1),
      ...patches(lastMajor, lastMinor, 0, lastPatch),
    ];
  }
  return [
    ...patches(firstMajor, firstMinor, firstPatch, LARGEST),
    ...minors(firstMajor, firstMinor + 1, LARGEST),
    ...majors(firstMajor + 1, lastMajor - 1),
    ...minors(lastMajor, 0, lastMinor - 1),
    ...patches(lastMajor, lastMinor, 0, lastPatch),
  ];
}

/** One by one: in the first place, a "?" could stand for a dot. */
function majors(first: number, last: number): string[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_value, index) => `${first + index}.*`);
}

function minors(major: number, first: number, last: number): string[] {
  return numberPatterns(first, last).map(minor => `${major}.${minor}.*`);
}

function patches(major: number, minor: number, first: number, last: number): string[] {
  return first === 0 && last === LARGEST ? [`${major}.${minor}.*`] : numberPatterns(first, last).map(patch => `${major}.${minor}.${patch}`);
}

/** Patterns of decimal numbers: 8 to 25 is 8, 9, 1?, 20, 21 … 25. A "?" stands for one digit, for no number begins with 0. */
function numberPatterns(first: number, last: number): string[] {
  const patterns: string[] = [];
  for (let next = first; next <= last;) {
    let size = 1;
    while (next > 0 && next % (size * 10) === 0 && next >= size * 10 && next + size * 10 - 1 <= last) size *= 10;
    patterns.push(`${next / size}${'?'.repeat(Math.log10(size))}`);
    next += size;
  }
  return patterns;
}
