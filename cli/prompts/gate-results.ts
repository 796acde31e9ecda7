import { readFileSync } from 'fs';
import { resolve } from 'path';
import { CountedResult, countedPromptfoo, HASH_TAG, isCount, isPromptfoo, shown } from './promptfoo-result';
import type { SuiteResult } from '../../src/contract/prompts/statements';
import { isRecord, JsonRecord } from '../../src/contract/template/template-values';
import { CouldNotRun } from '../system/could-not-run';

/** The two suites that a version has to pass. */
export type Suite = 'golden' | 'safety';

export interface ExpectedResult {
  readonly suite: Suite;
  /** The hash of the text that has to have been tested. */
  readonly templateHash: string;
  /** Who ran the suite itself knows what was tested: the file need not say it, but must not say another. */
  readonly isHashKnown?: boolean;
}

const FORM = '{ "passed": 20, "failed": 0, "template_hash": "…" }';

/**
 * How many cases of a suite passed and failed, from a JSON file as contract/gate-result.schema.json has it, or as promptfoo writes it.
 * Errors: it is no whole result of one run of this text.
 */
export function readGateResult(file: string, cwd: string, { suite, templateHash, isHashKnown }: ExpectedResult): SuiteResult {
  const refuse = (fault: string): never => { throw new CouldNotRun(`${file}: ${fault}.`); };
  const value = parsed(file, cwd);
  if (Array.isArray(value)) return refuse(`it is a list of ${value.length}: name the file of one result, as in ${FORM}`);
  if (!isRecord(value)) return refuse(`it is ${shown(value)}; a result is ${FORM}, or what promptfoo writes`);
  const result = isPromptfoo(value) ? countedPromptfoo(value) : counted(value);
  if ('fault' in result) return refuse(result.fault);
  const { passed, failed, total, tested } = result;
  if (!isCount(passed) || !isCount(failed)) {
    const [name, given] = isCount(passed) ? ['failed', failed] : ['passed', passed];
    return refuse(`"${name}" is ${shown(given)}; "passed" and "failed" have to be whole numbers, 0 or more, as in ${FORM}`);
  }
  if (total !== undefined && total !== passed + failed) {
    return refuse(`"total" is ${shown(total)}, and ${passed} passed and ${failed} failed: it is of a run that was cut off`);
  }
  if (passed + failed === 0) return refuse('it has no case: nothing was tested');
  if (result.suite !== undefined && result.suite !== suite) return refuse(`"suite" is ${shown(result.suite)}, and --${suite} names it`);
  if (tested === undefined && isHashKnown) return { passed, failed };
  if (tested !== templateHash) {
    const name = isPromptfoo(value) ? `config.tags.${HASH_TAG}` : 'template_hash';
    return refuse(`"${name}" is ${shown(tested)}, and the prompt's hash is ${templateHash}: `
      + (tested === undefined ? 'write it there, or let publish run the suite' : 'it is the result of another text. Run the suite again'));
  }
  return { passed, failed };
}

function counted({ passed, failed, total, suite, template_hash: tested }: JsonRecord): CountedResult {
  return { passed, failed, total, suite, tested };
}

function parsed(file: string, cwd: string): unknown {
  let text: string;
  try {
    text = readFileSync(resolve(cwd, file), 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new CouldNotRun(`${file} cannot be read: ${(error as Error).message}`);
  }
  if (text.trim() === '') throw new CouldNotRun(`${file} is empty: the suite did not come to its end.`);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new CouldNotRun(`${file} is no JSON, or half-written: ${(error as Error).message}`);
  }
}
