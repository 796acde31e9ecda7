import * as fc from 'fast-check';

/**
 * What API Gateway can put in the place of a variable. A gateway response template knows plain substitution only: no
 * escaping, no conditions.
 *
 * Grammars: the request id is a UUID, also when a caller sets it by x-amzn-RequestId (an id of another form becomes
 * `<UUID>_REPLACED_INVALID_REQUEST_ID`); the extended request id is made by API Gateway, base64 with either alphabet.
 * Everything else that a template could name is free text here, whatever AWS may promise of it.
 */
const UUID = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(_REPLACED_INVALID_REQUEST_ID)?$/;
const EXTENDED_ID = /^[A-Za-z0-9+/_-]{1,64}={0,2}$/;

const HOSTILE_TEXTS = [
  '"', '\\', '\n', '"}', '"}}', '\u2028', '\u0000', '', '","status":"success', '"},"data":{"leak":true', '${context}', '\\"', "'",
  '</script>', '\ud800',
];

export const freeText = (): fc.Arbitrary<string> => fc.oneof(
  fc.constantFrom(...HOSTILE_TEXTS),
  fc.string({ unit: 'binary' }),
  fc.tuple(fc.string(), fc.constantFrom(...HOSTILE_TEXTS), fc.string()).map(parts => parts.join('')),
);

const GRAMMARS: Record<string, fc.Arbitrary<string>> = {
  '$context.requestId': fc.stringMatching(UUID),
  '$context.extendedRequestId': fc.stringMatching(EXTENDED_ID),
  '$context.error.message': freeText(),
  // Quoted by API Gateway, and not reliably escaped.
  '$context.error.messageString': freeText().map(text => `"${text}"`),
  '$context.error.validationErrorString': freeText(),
  '$context.error.responseType': fc.stringMatching(/^[A-Z0-9_]{1,40}$/),
};

const VARIABLE = /\$(?:[A-Za-z]\w*)(?:\.[A-Za-z_][\w]*)*/g;

export function variablesOf(template: string): string[] {
  return [...new Set(template.match(VARIABLE) ?? [])];
}

/** Every body that API Gateway can make of the template; an error for a variable whose grammar nobody has looked up. */
export function bodies(template: string): fc.Arbitrary<string> {
  const variables = variablesOf(template);
  const unknown = variables.filter(variable => !(variable in GRAMMARS));
  if (unknown.length > 0) throw new Error(`No grammar is known for ${unknown.join(', ')}: look it up before a template uses it`);
  return fc.record(Object.fromEntries(variables.map(variable => [variable, GRAMMARS[variable]])))
    .map(values => template.replace(VARIABLE, variable => values[variable]));
}
