import { isWellFormed } from './canonical-json';
import { PROMPT_REGISTRY } from '../data';

const { modulus } = PROMPT_REGISTRY.candidate;

/** A candidate beside an active version, and the session that asks. */
export interface CandidateQuestion {
  readonly id: string;
  /** The candidate's. */
  readonly version: string;
  /** The same for every request of a session, so that one session sees one version. */
  readonly sessionKey: string;
}

/** The text whose SHA-256 decides. Half of a surrogate pair counts as U+FFFD, which is what it is in UTF-8. */
export function candidateText({ id, version, sessionKey }: CandidateQuestion): string {
  const text = `${id} ${version} ${sessionKey}`;
  return isWellFormed(text) ? text : text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** Whether the session gets the candidate: `hash` is the SHA-256 of the candidate's text, in hexadecimal digits. */
export function isCandidateChosen(hash: string, percent: number): boolean {
  return candidateBucket(hash) < percent * (modulus / 100);
}

/** The bucket of a session. */
export function candidateBucket(hash: string): number {
  return parseInt(hash.slice(0, 8), 16) % modulus;
}
