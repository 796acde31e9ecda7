import { canonicalJson, JsonValue } from './canonical-json';
import { PROMPT_REGISTRY } from '../data';

/** The members of a statement that its signature is not over: the keys are told by others, which it is over. */
const UNSIGNED: readonly string[] = PROMPT_REGISTRY.signing.unsigned;

/** The text whose SHA-256 is signed: the canonical JSON of a statement without its signature. */
export function signedText(statement: Readonly<Record<string, JsonValue | undefined>>): string {
  return canonicalJson(Object.fromEntries(Object.entries(statement).filter(([name]) => !UNSIGNED.includes(name))));
}
