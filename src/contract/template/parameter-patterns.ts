/** The parts of a regular expression, one character or class of characters each, and what binds them together. */
const PARTS = /\\u[\da-fA-F]{4}|\\x[\da-fA-F]{2}|\\.|\[(?:\\.|[^\]\\])*\]|\(\?(?:<?[=!]|:|<\w+>)|\{\d*,?\d*\}|./gs;
/** Groups, quantifiers, alternatives, the ends of the text. */
const BINDS_PARTS = /^(?:\(.*|[)|^$*+?]|\{\d*,?\d*\})$/;
/** What CloudFormation reads otherwise than JavaScript, or more than one character: other escapes, and classes within classes. */
const IN_DOUBT = /\\(?!u[\da-fA-F]{4}|x[\da-fA-F]{2}|[wdstnrf]|[^A-Za-z\d])|^\[.*(?:\[|&&)/s;

/** An `AllowedPattern` of texts that hold no wildcard of IAM. */
export const NO_WILDCARDS = '[^*?]*';

/**
 * Whether a text that matches the `AllowedPattern` of a parameter can hold a wildcard of IAM. In case of doubt it can.
 *
 * The pattern must match the whole text, so a character that no part of it matches is not in the text.
 */
export function allowsWildcards(allowedPattern: string): boolean {
  const parts = (allowedPattern.match(PARTS) ?? []).filter(part => !BINDS_PARTS.test(part));
  return parts.some(part => IN_DOUBT.test(part) || /[*?]/.test(matchedOf('*?', part)));
}

/** The characters that one part of a regular expression matches. */
function matchedOf(characters: string, part: string): string {
  const single = new RegExp(`^${part}$`, 's');
  return [...characters].filter(character => single.test(character)).join('');
}
