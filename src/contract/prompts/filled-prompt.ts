/** A place in a template: a literal `{{`, a variable, or a `{{` that is neither. */
const PLACE = /\{\{\{\{|\{\{[ \t]*([A-Za-z_][A-Za-z0-9_]*)[ \t]*\}\}|\{\{(?!\{)/g;
const LITERAL = '{{{{';

/** The names of a template's variables, each once, in the order of their first use. */
export function variablesOf(template: string): string[] {
  return [...new Set([...template.matchAll(PLACE)].flatMap(([, name]) => name ?? []))];
}

/**
 * A template with each `{{name}}` replaced by its value, as it is: nothing is escaped, and a value is not looked at again.
 * `{{{{` stands for `{{`; closing braces need no such form.
 *
 * Errors: a variable without a value; a `{{` that begins no variable.
 */
export function filledPrompt(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(PLACE, (place: string, name: string | undefined, at: number) => {
    if (place === LITERAL) return '{{';
    if (name === undefined) throw new Error(`${positionOf(template, at)}: {{ begins no variable. Write {{name}}, or {{{{ for the text {{`);
    if (!Object.hasOwn(values, name)) throw new Error(`${positionOf(template, at)}: the variable ${name} has no value`);
    return values[name];
  });
}

function positionOf(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n');
  return `line ${lines.length}, column ${[...lines[lines.length - 1]].length + 1}`;
}
