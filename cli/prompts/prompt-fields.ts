import { findRefusedCachePoints } from './cache-point-rules';
import { FrontMatter } from './front-matter';
import { Prompt } from './prompt';
import { PROMPT_REGISTRY } from '../../src/contract/data';
import { canonicalJson, JsonValue } from '../../src/contract/prompts/canonical-json';
import { variablesOf } from '../../src/contract/prompts/filled-prompt';
import { compiledText } from '../../src/contract/prompts/hashed-text';
import { messagesOf, PromptContent, PromptMessage, PromptVariable } from '../../src/contract/prompts/prompt-content';
import { isRecord, JsonRecord } from '../../src/contract/template/template-values';
import { CouldNotRun } from '../system/could-not-run';

const FIELDS = ['id', 'version', 'model', 'parameters', 'variables', 'tools', 'responseSchema', 'guardrail', 'cachePoints'];
const ID = new RegExp(PROMPT_REGISTRY.idPattern);
const VERSION = new RegExp(PROMPT_REGISTRY.versionPattern);
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The prompt that a file's parts say. Errors: all that is wrong with its fields, each with how to mend it. */
export function requirePrompt({ fields, template, firstLine, file }: FrontMatter & { readonly file: string }): Prompt {
  const problems = [...findWrongFields(fields), ...findWrongVariables(fields.variables)];
  if (problems.length > 0) throw new CouldNotRun(problems.map(problem => `${file}: ${problem}`).join('\n'));

  const variables = (fields.variables ?? {}) as Record<string, PromptVariable>;
  const messages = tryOrTell(`${file}: the template`, () => messagesOf(template));
  for (const name of findUndeclared(messages, variables)) {
    const at = template.slice(0, template.search(new RegExp(`\\{\\{[ \\t]*${name}[ \\t]*\\}\\}`))).split('\n').length;
    throw new CouldNotRun(`${file}:${firstLine + at - 1}: {{${name}}} is not declared. Add to the front matter, under variables:\n`
      + `  ${name}: { sample: …, maxLength: … }`);
  }
  const { parameters, tools, responseSchema, guardrail } = fields as Record<string, JsonValue>;
  const { model, cachePoints } = fields as unknown as Pick<PromptContent, 'model' | 'cachePoints'>;
  const content = { model, messages, parameters, tools, responseSchema, guardrail, cachePoints };
  const refused = findRefusedCachePoints(content);
  if (refused.length > 0) throw new CouldNotRun(refused.map(problem => `${file}: cachePoints: ${problem}.`).join('\n'));
  // What has no hash is found now, and not when a pipeline publishes it. Positions are those within one message.
  tryOrTell(`${file}, template from line ${firstLine}`, () => compiledText(content, variables));
  return { file, id: fields.id as string, version: fields.version as string, content, variables };
}

/** The variables that no template of the prompt uses. */
export function findUnused({ content, variables }: Pick<Prompt, 'content' | 'variables'>): string[] {
  const used = new Set(content.messages.flatMap(({ text }) => variablesOf(text)));
  return Object.keys(variables).filter(name => !used.has(name));
}

function findUndeclared(messages: readonly PromptMessage[], variables: Readonly<Record<string, PromptVariable>>): string[] {
  return messages.flatMap(({ text }) => variablesOf(text)).filter(name => !Object.hasOwn(variables, name));
}

function findWrongFields(fields: JsonRecord): string[] {
  const problems = Object.keys(fields).filter(name => !FIELDS.includes(name))
    .map(name => `${name} is no field of a prompt. Allowed are ${FIELDS.join(', ')}.`);
  const requireThat = (holds: boolean, name: string, allowed: string): void => {
    if (!holds) problems.push(`${name} is ${shown(fields[name])}. It has to be ${allowed}.`);
  };
  requireThat(typeof fields.id === 'string' && ID.test(fields.id), 'id', 'lower-case letters, digits, _ and -, with a letter first');
  requireThat(typeof fields.version === 'string' && VERSION.test(fields.version), 'version', 'three numbers such as 1.0.0');
  requireThat(typeof fields.model === 'string' && fields.model.trim() !== '', 'model', 'the id of a model or of an inference profile');
  requireThat(isAbsent(fields.parameters) || isRecord(fields.parameters), 'parameters', 'names and values, such as maxTokens: 512');
  requireThat(isAbsent(fields.tools) || Array.isArray(fields.tools) || isRecord(fields.tools), 'tools', 'a list of tools');
  requireThat(isAbsent(fields.responseSchema) || isRecord(fields.responseSchema), 'responseSchema', 'a JSON Schema');
  requireThat(isAbsent(fields.guardrail) || typeof fields.guardrail === 'string' || isRecord(fields.guardrail), 'guardrail',
    'the id or ARN of a guardrail, or names and values such as guardrailIdentifier: …');
  for (const name of ['parameters', 'tools', 'responseSchema', 'guardrail']) {
    const problem = isAbsent(fields[name]) ? undefined : faultOf(() => canonicalJson(fields[name] as JsonValue));
    if (problem) problems.push(`${name}: ${problem}.`);
  }
  return problems;
}

function findWrongVariables(variables: unknown): string[] {
  if (isAbsent(variables)) return [];
  if (!isRecord(variables)) return [`variables is ${shown(variables)}. It has to be names with a sample and a maxLength each.`];
  return Object.entries(variables).flatMap(([name, variable]) => {
    if (!VARIABLE.test(name)) return [`the variable "${name}" has no usable name. Allowed are letters, digits and _, with no digit first.`];
    if (!isRecord(variable)) return [`the variable ${name} is ${shown(variable)}. Write { sample: …, maxLength: … }.`];
    const { sample, maxLength, ...others } = variable;
    const problems = Object.keys(others).map(other => `the variable ${name} has no field ${other}. Allowed are sample and maxLength.`);
    if (typeof sample !== 'string') problems.push(`the sample of ${name} is ${shown(sample)}. It has to be a text: put it in quotes.`);
    if (!Number.isSafeInteger(maxLength) || (maxLength as number) < 1) {
      problems.push(`the maxLength of ${name} is ${shown(maxLength)}. It has to be a whole number of characters, 1 or more.`);
    } else if (typeof sample === 'string' && [...sample].length > (maxLength as number)) {
      problems.push(`the sample of ${name} has ${[...sample].length} characters, and its maxLength is ${String(maxLength)}.`);
    }
    return problems;
  });
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function shown(value: unknown): string {
  return value === undefined ? 'not there' : JSON.stringify(value).slice(0, 60);
}

function faultOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof RangeError ? 'it is nested too deep' : (error as Error).message;
  }
}

function tryOrTell<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new CouldNotRun(`${where}: ${(error as Error).message}.`);
  }
}
