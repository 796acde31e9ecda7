import { mkdtempSync, rmSync, existsSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { readGateResult, Suite } from './gate-results';
import { hashesOf } from './prompt';
import { readPrompt } from './prompt-file';
import type { SuiteResult } from '../../src/contract/prompts/statements';
import { Console } from '../system/console';
import { CouldNotRun } from '../system/could-not-run';
import { runCommand } from '../system/run-command';

/** The suites as options name them: each a file with a result, or a command that makes one. */
export interface SuiteOptions {
  readonly golden?: string;
  readonly safety?: string;
  /** Minutes, for each command. */
  readonly suiteTimeout?: string;
}

/** What is tested. */
export interface TestedPrompt {
  readonly file: string;
  readonly templateHash: string;
}

export type SuiteResults = Partial<Readonly<Record<Suite, SuiteResult>>>;

const SUITES: readonly Suite[] = ['golden', 'safety'];
const NAMES: Readonly<Record<Suite, string>> = { golden: 'golden set', safety: 'safety suite' };
export const DEFAULT_MINUTES = 30;
/** A timer of Node.js takes no more milliseconds than fit into 31 bits. */
const MAX_MINUTES = 24 * 60;

/**
 * Reads the results that are there, at once, and gives what runs the commands, which may take long: a version that is published already
 * is tested by nobody.
 */
export function suitesOf(options: SuiteOptions, tested: TestedPrompt, console: Console): () => Promise<SuiteResults> {
  const limitMs = minutesOf(options.suiteTimeout) * 60_000;
  const { cwd } = console;
  const read = (suite: Suite): SuiteResult | undefined => {
    const named = options[suite];
    if (named === undefined || isCommand(named, cwd)) return undefined;
    return readGateResult(named, cwd, { suite, templateHash: tested.templateHash });
  };
  const known = Object.fromEntries(SUITES.map(suite => [suite, read(suite)])) as SuiteResults;
  return async () => {
    const results: Record<string, SuiteResult | undefined> = { ...known };
    for (const suite of SUITES) {
      const command = options[suite];
      if (known[suite] || command === undefined) continue;
      results[suite] = await runSuite({ suite, command, limitMs }, tested, console);
    }
    return results as SuiteResults;
  };
}

/** A name that ends with .json is a file's, also when there is no such file: it may be mistyped. With a blank in it, it has to be there. */
function isCommand(named: string, cwd: string): boolean {
  if (named.trim() === '') throw new CouldNotRun('--golden and --safety name a result file, or a command that writes one.');
  return !/\.json$/i.test(named) || (/\s/.test(named) && !existsSync(resolve(cwd, named)));
}

function minutesOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_MINUTES;
  const minutes = Number(text);
  if (text.trim() !== '' && minutes > 0 && minutes <= MAX_MINUTES) return minutes;
  throw new CouldNotRun(`--suite-timeout is "${text}". It has to be minutes, more than 0 and at most ${MAX_MINUTES}.`);
}

interface SuiteRun {
  readonly suite: Suite;
  readonly command: string;
  readonly limitMs: number;
}

/** Neither the exit code nor the file counts alone: tools end with 0 before they have written, and write before they fail. */
async function runSuite(
  { suite, command, limitMs }: SuiteRun, { file, templateHash }: TestedPrompt, { cwd, tell }: Console,
): Promise<SuiteResult> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-suite-'));
  try {
    const result = join(folder, 'result.json');
    tell(`The ${NAMES[suite]} runs: ${command}`);
    const { code, signal, isLate, lastLines } = await runCommand(command, {
      cwd,
      limitMs,
      env: {
        PLUMBLINE_SUITE: suite,
        PLUMBLINE_PROMPT_FILE: resolve(cwd, file),
        PLUMBLINE_TEMPLATE_HASH: templateHash,
        PLUMBLINE_RESULT_FILE: result,
      },
    });
    const output = lastLines.length === 0 ? 'It wrote no output.'
      : ['The end of its output:', ...lastLines.map(line => `  ${line}`)].join('\n');
    const refuse = (fault: string): never => { throw new CouldNotRun(`The ${NAMES[suite]} ${fault}.\n${output}`); };
    const end = code === null ? `was ended by ${signal}` : `ended with ${code}`;

    if (isLate) return refuse(`took longer than ${limitMs / 60_000} minutes and was stopped. Give it more by --suite-timeout MINUTES`);
    if (code === null) return refuse(end);
    if (!existsSync(result)) return refuse(`${end} and wrote no result to the file that PLUMBLINE_RESULT_FILE names`);
    const counted = orWithOutput(() => readGateResult(result, cwd, { suite, templateHash, isHashKnown: true }), output);
    if (code !== 0 && counted.failed === 0) return refuse(`${end}, and its result says that every case passed: one of both is wrong`);
    if (hashesOf(readPrompt(resolve(cwd, file), cwd).prompt).templateHash !== templateHash) {
      return refuse(`tested ${file} while somebody changed it: run it again`);
    }
    tell(`The ${NAMES[suite]} passed ${counted.passed} of ${counted.passed + counted.failed} cases.`);
    if (counted.failed > 0) tell(output);
    return counted;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function orWithOutput<T>(work: () => T, output: string): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof CouldNotRun ? new CouldNotRun(`${error.message}\n${output}`) : error;
  }
}
