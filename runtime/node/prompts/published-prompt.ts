import { createHash } from 'node:crypto';
import type { Release } from './deployment';
import { integrityProblem } from './prompt-problem';
import type { SigningKey } from './signing-key';
import { findWrongCachePoints } from '../../../src/contract/prompts/cache-points';
import { JsonValue } from '../../../src/contract/prompts/canonical-json';
import { compiledText, templateText } from '../../../src/contract/prompts/hashed-text';
import type { PromptContent, PromptVariable } from '../../../src/contract/prompts/prompt-content';

/** A prompt that was found to be what it should be. Nobody can change it: each caller gets the same one. */
export interface PublishedPrompt {
  readonly id: string;
  readonly version: string;
  readonly templateHash: string;
  readonly content: PromptContent;
  readonly variables: Readonly<Record<string, PromptVariable>>;
}

type Document = Readonly<Record<string, JsonValue | undefined>>;

/**
 * The prompt in a document of the registry. Errors: it is not the one that was deployed, byte by byte, or not signed.
 *
 * @param key undefined where nothing is signed: in the sandbox
 */
export function requirePublished(bytes: Uint8Array, id: string, release: Release, key: SigningKey | undefined): PublishedPrompt {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== release.sha256) {
    throw integrityProblem('object_sha256', `${release.key} has the SHA-256 ${found}; deployed was ${release.sha256}.`);
  }
  const document = documentOf(bytes, release.key);
  if (document.kind !== 'version' || document.id !== id || document.version !== release.version) {
    throw integrityProblem('document_place', `${release.key} holds another prompt, another version or something else.`);
  }
  if (key && !isSigned(document, key)) throw integrityProblem('document_signature', `${release.key} is not signed by the registry's key.`);
  const prompt = readPrompt(document, release.key);
  requireHash('template_hash', prompt.templateHash, [document.template_hash, release.templateHash], release.key);
  requireHash('compiled_hash', compiledHashOf(prompt, release.key), [document.compiled_hash, release.compiledHash], release.key);
  return prompt;
}

/** The prompt that a document says, whoever wrote it. Errors: it is none, or it has no hash. */
export function readPrompt(document: Document, where: string): PublishedPrompt {
  const { id, version, model, messages, parameters, tools, responseSchema, guardrail, cachePoints, variables = {} } = document;
  const isWhole = [id, version, model].every(text => typeof text === 'string' && text !== '')
    && Array.isArray(messages) && messages.length > 0 && messages.every(isMessage)
    && isObject(variables) && Object.values(variables).every(isVariable);
  if (!isWhole) throw integrityProblem('document_shape', `${where} is not the document of a prompt.`);
  const content = { model, messages, parameters, tools, responseSchema, guardrail, cachePoints } as unknown as PromptContent;
  const [fault] = findWrongCachePoints(content);
  if (fault !== undefined) throw integrityProblem('document_shape', `${where}: ${fault}.`);
  const prompt = {
    id: id as string,
    version: version as string,
    content: frozen(content),
    variables: frozen(variables) as unknown as PublishedPrompt['variables'],
  };
  return { ...prompt, templateHash: hashed(() => templateText(content), where) };
}

/** Errors: a variable that the template has and the document does not declare. */
export function compiledHashOf({ content, variables }: Pick<PublishedPrompt, 'content' | 'variables'>, where: string): string {
  return hashed(() => compiledText(content, variables), where);
}

function documentOf(bytes: Uint8Array, where: string): Document {
  try {
    const document: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    if (isObject(document)) return document as Document;
  } catch (error) {
    throw integrityProblem('document_shape', `${where} is no JSON.`, error);
  }
  throw integrityProblem('document_shape', `${where} is not the document of a prompt.`);
}

function isSigned(document: Document, key: SigningKey): boolean {
  try {
    return key.hasSigned(document);
  } catch {
    return false;
  }
}

function requireHash(name: string, found: string, told: readonly unknown[], where: string): void {
  if (told.every(hash => hash === found)) return;
  throw integrityProblem(name, `${where}: its content has the ${name} ${found}. Told was ${told.join(' and ')}.`);
}

function hashed(text: () => string, where: string): string {
  try {
    return createHash('sha256').update(text()).digest('hex');
  } catch (error) {
    throw integrityProblem('document_shape', `${where}: its content cannot be hashed. ${(error as Error).message}.`, error);
  }
}

const ROLES: readonly unknown[] = ['system', 'user', 'assistant'];

function isMessage(value: unknown): boolean {
  return isObject(value) && ROLES.includes(value.role) && typeof value.text === 'string';
}

function isVariable(value: unknown): boolean {
  return isObject(value) && typeof value.sample === 'string' && Number.isSafeInteger(value.maxLength) && (value.maxLength as number) > 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) frozen(member);
  }
  return value;
}
