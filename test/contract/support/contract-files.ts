import { readFileSync, readdirSync } from 'fs';
import { join } from 'path';
import Ajv, { ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export const CONTRACT = join(__dirname, '..', '..', '..', 'contract');

/** Every JSON file under contract/, as a path from there with forward slashes. */
export function contractFiles(): string[] {
  return readdirSync(CONTRACT, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.json'))
    .map(entry => join(entry.parentPath, entry.name).slice(CONTRACT.length + 1).replace(/\\/g, '/'))
    .sort();
}

export const isSchema = (file: string): boolean => file.endsWith('.schema.json');
export const dataFiles = (): string[] => contractFiles().filter(file => !isSchema(file));
export const schemaFiles = (): string[] => contractFiles().filter(isSchema);

export function load(file: string): JsonObject {
  return JSON.parse(readFileSync(join(CONTRACT, file), 'utf8'));
}

/** Strict in every respect: an unknown keyword, a missing type or a required key without a schema is an error. */
export function compile(schema: JsonObject): ValidateFunction {
  const ajv = new Ajv({ strict: true, allErrors: true });
  addFormats(ajv);
  return ajv.compile(schema);
}

/** The same, and no more than whether a document conforms: it stops at the first error. */
export function compileToJudge(schema: JsonObject): ValidateFunction {
  return addFormats(new Ajv({ strict: true })).compile(schema);
}

/** Fails with what the validator said, not only with `false`. */
export function errorsOf(validate: ValidateFunction, document: unknown): string[] {
  return validate(document) ? [] : validate.errors!.map(error => `${error.instancePath || '/'} ${error.message}`);
}
