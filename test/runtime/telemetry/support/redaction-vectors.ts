import { readFileSync } from 'fs';
import { join } from 'path';

/** A text or a value, and what becomes of it: its secret is gone, or it is black to the letter. */
export interface RedactionCase {
  readonly name: string;
  readonly text?: string;
  readonly secret?: string;
  readonly value?: unknown;
  readonly black?: unknown;
}

interface RedactionVectors {
  readonly cases: readonly RedactionCase[];
  readonly secretFields: readonly string[];
  readonly harmlessFields: readonly string[];
  readonly hostileParts: readonly string[];
  readonly nested: readonly { readonly opening: string; readonly closing: string }[];
}

/** What both runtimes replay. */
export const REDACTION_VECTORS = JSON.parse(
  readFileSync(join(__dirname, '../../../../contract/vectors/redaction.json'), 'utf8'),
) as RedactionVectors;

/** The texts of which a part may stand in no log. */
export const SECRET_TEXTS = REDACTION_VECTORS.cases.flatMap(({ text, secret }) => (text && secret ? [{ text, secret }] : []));
