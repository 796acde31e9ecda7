import { UNKNOWN } from '../../../contract/iam/patterns';

const ESCAPED = '\\u0000';
const TEXT_OR_UNKNOWN = new RegExp(`"(?:[^"\\\\]|\\\\.)*"|${UNKNOWN}`, 'g');

/** A policy document, which may stand as JSON text; undefined for a text that is none. What is unknown in it stays so. */
export function parsedDocument(document: unknown): unknown {
  if (typeof document !== 'string') return document;
  try {
    return JSON.parse(document.replace(TEXT_OR_UNKNOWN, part => part === UNKNOWN ? `"${ESCAPED}"` : part.replaceAll(UNKNOWN, ESCAPED)));
  } catch {
    return undefined;
  }
}
