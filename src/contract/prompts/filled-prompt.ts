/** A place in a template: a literal `{{`, a variable, or a `{{` that is neither. */
const PLACE = /\{\{\{\{|\{\{[ \t]*([A-Za-z_][A-Za-z0-9_]*)[ \t]*\}\}|\{\{(?!\{)/g;
const LITERAL = '{{{{';

/** Where something other than text stands: the name of a variable, or none for a `{{` that begins none. */
interface Place {
  readonly name: string | undefined;
  readonly at: number;
}

/** A template taken apart once, for whoever fills it often. */
export interface PromptTemplate {
  /** The names of its variables, each once, in the order of their first use. */
  readonly variables: readonly string[];
  /**
   * The text with each `{{name}}` replaced by its value, as it is: nothing is escaped, and a value is not looked at again.
   * `{{{{` stands for `{{`; closing braces need no such form.
   *
   * Errors: a variable without a value; a `{{` that begins no variable.
   */
  filled(values: Readonly<Record<string, string>>): string;
}

export function promptTemplate(text: string): PromptTemplate {
  const parts: (string | Place)[] = [];
  let end = 0;
  for (const { 0: place, 1: name, index } of text.matchAll(PLACE)) {
    parts.push(text.slice(end, index), place === LITERAL ? '{{' : { name, at: index });
    end = index + place.length;
  }
  parts.push(text.slice(end));
  return {
    variables: [...new Set(parts.flatMap(part => (typeof part === 'string' ? [] : part.name ?? [])))],
    filled: values => parts.map(part => (typeof part === 'string' ? part : requireValue(text, part, values))).join(''),
  };
}

function requireValue(text: string, { name, at }: Place, values: Readonly<Record<string, string>>): string {
  if (name === undefined) throw new Error(`${positionOf(text, at)}: {{ begins no variable. Write {{name}}, or {{{{ for the text {{`);
  if (!Object.hasOwn(values, name)) throw new Error(`${positionOf(text, at)}: the variable ${name} has no value`);
  return values[name];
}

function positionOf(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n');
  return `line ${lines.length}, column ${[...lines[lines.length - 1]].length + 1}`;
}

/** The names of a template's variables, each once, in the order of their first use. */
export function variablesOf(template: string): readonly string[] {
  return promptTemplate(template).variables;
}

/** A template with its variables filled, once. Errors: see `PromptTemplate`. */
export function filledPrompt(template: string, values: Readonly<Record<string, string>>): string {
  return promptTemplate(template).filled(values);
}
