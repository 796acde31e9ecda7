/** What the reference work takes where the limits of the tests were set: on the machine of `docs/quality.md`, idle. */
const REFERENCE_MS = 1;

/**
 * CPU time of some work in milliseconds, the least of some runs: other work on the machine must not count. A machine that is slower than
 * the one the limits were set on is told by a reference work between the runs, and gets its time in proportion. Ends with a run that is
 * short enough.
 */
export function cpuMsOf(work: () => unknown, { runs = 30, enough = 0 } = {}): number {
  let least = Infinity;
  let reference = Infinity;
  for (let run = 0; run < runs && least > enough; run += 1) {
    least = Math.min(least, cpuMsOnce(work));
    reference = Math.min(reference, cpuMsOnce(referenceWork));
  }
  return least <= enough ? least : least / Math.max(1, reference / REFERENCE_MS);
}

const REFERENCE_TEXT = 'the quick brown fox, password: is what it is\n'.repeat(1600);
const REFERENCE_PATTERN = /(?:[a-z]{1,12}(?<=fox|dog|word)[:,]\s{0,4}|\bis\b)(?=[a-z])/g;

/** Of the kind that is measured: a pattern that looks back and forth, and short texts that are cut and looked up. */
function referenceWork(): number {
  const words = new Set<string>();
  for (const { index, 0: match } of REFERENCE_TEXT.matchAll(REFERENCE_PATTERN)) {
    words.add(REFERENCE_TEXT.slice(Math.max(0, index - 5), index + match.length));
  }
  return words.size;
}

function cpuMsOnce(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
