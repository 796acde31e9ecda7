import { CALL_USAGE } from '../../../../src/contract/data';

const { operations: OPERATIONS, maxEntries: MAX_ENTRIES, maxLength: MAX_LENGTH, allowed: ALLOWED } = CALL_USAGE.requestMetadata;
const IN_FIELD: ReadonlySet<string> = new Set(OPERATIONS.field);
const IN_HEADER: ReadonlySet<string> = new Set(OPERATIONS.header);
const OTHER_CHARACTERS = new RegExp(ALLOWED.replace('[', '[^'), 'gu');

/**
 * An input that says which service and which prompt asked, so that AWS's own invocation log proves it. What the caller says beside
 * stays; of more entries than Bedrock takes the caller's stay, too.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/cost-mgmt-request-metadata.html
 */
export function withRequestMetadata<T extends object>(operation: string, input: T, own: Readonly<Record<string, string | undefined>>): T {
  const inHeader = IN_HEADER.has(operation);
  if (!inHeader && !IN_FIELD.has(operation)) return input;
  const given = (input as { readonly requestMetadata?: unknown }).requestMetadata;
  const entries = entriesOf(given);
  // What is none is the caller's to be told of, by Bedrock.
  if (!entries) return input;
  const merged = { ...entries };
  for (const [name, value] of Object.entries(own)) {
    if (value && (name in merged || Object.keys(merged).length < MAX_ENTRIES)) merged[name] = allowedText(value);
  }
  return { ...input, requestMetadata: inHeader ? JSON.stringify(merged) : merged };
}

function entriesOf(given: unknown): Record<string, string> | undefined {
  if (given === undefined) return {};
  try {
    const entries: unknown = typeof given === 'string' ? JSON.parse(given) : given;
    return typeof entries === 'object' && entries !== null && !Array.isArray(entries) ? entries as Record<string, string> : undefined;
  } catch {
    return undefined;
  }
}

function allowedText(value: string): string {
  return value.replace(OTHER_CHARACTERS, '_').slice(0, MAX_LENGTH);
}
