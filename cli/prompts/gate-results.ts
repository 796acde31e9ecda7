import { readFileSync } from 'fs';
import { resolve } from 'path';
import type { SuiteResult } from './registry/gates';
import { CouldNotRun } from '../system/could-not-run';

/** How many cases of a suite passed and failed, from a JSON file: `{ "passed": 20, "failed": 0, "template_hash": "…" }`. */
export function readGateResult(file: string, cwd: string, templateHash: string): SuiteResult {
  const { passed, failed, template_hash: tested } = parsed(file, cwd);
  if (!isCount(passed) || !isCount(failed)) {
    throw new CouldNotRun(`${file}: "passed" and "failed" have to be whole numbers, `
      + 'as in { "passed": 20, "failed": 0, "template_hash": "…" }.');
  }
  if (tested !== templateHash) {
    throw new CouldNotRun(`${file}: "template_hash" is ${JSON.stringify(tested) ?? 'not there'}, and the prompt's is ${templateHash}: `
      + 'it is the result of another text. Run the suite again.');
  }
  return { passed, failed };
}

function parsed(file: string, cwd: string): Record<string, unknown> {
  try {
    const value = JSON.parse(readFileSync(resolve(cwd, file), 'utf8').replace(/^\uFEFF/, '')) as unknown;
    return value !== null && typeof value === 'object' ? value as Record<string, unknown> : {};
  } catch (error) {
    throw new CouldNotRun(`${file} cannot be read as JSON: ${(error as Error).message}`);
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
