import { resolve } from 'path';
import { suitesOf, SuiteOptions } from './gate-command';
import { hashesOf } from './prompt';
import { readPrompt } from './prompt-file';
import type { Done } from './registry/parts';
import { Refused } from './registry/refused';
import { AccessOptions, namedEnvironments, requireName, withRegistry } from './registry-access';
import { PROMPT_REGISTRY } from '../../src/contract/data';
import type { Deployment } from '../../src/contract/prompts/statements';
import { Console } from '../system/console';
import { CouldNotRun } from '../system/could-not-run';

interface Common extends AccessOptions {
  readonly json?: boolean;
}

export interface PublishOptions extends Common, SuiteOptions {
  readonly track: string;
  readonly author?: string;
  readonly sandbox?: boolean;
  /** False by --no-token-count. */
  readonly tokenCount: boolean;
}

export interface ApproveOptions extends Common {
  readonly role: string;
  readonly reviewer?: string;
}

export interface PromoteOptions extends Common {
  readonly to: string;
  readonly all?: boolean;
}

export interface RollbackOptions extends Common {
  readonly environment: readonly string[];
  readonly reason: string;
  readonly to?: string;
  readonly revoke?: boolean;
}

const SANDBOX: string = PROMPT_REGISTRY.ungatedEnvironments[0];

/** `plumbline prompts publish`: 1 when a gate keeps the version out. */
export function publish(file: string, options: PublishOptions, console: Console): Promise<number> {
  return orRefused(console, async () => {
    const { cwd } = console;
    const { track } = options;
    if (track !== 'standard' && track !== 'expedited') throw new CouldNotRun(`"${track}" is no track. Allowed are standard and expedited.`);
    const { prompt, text } = readPrompt(resolve(cwd, file), cwd);
    const { id, version, templateHash, compiledHash } = hashesOf(prompt);
    const suites = suitesOf(options, { file, templateHash }, console);
    const { isNew, result } = await withRegistry(options, options.sandbox ? SANDBOX : undefined, registry => registry.publish({
      document: {
        id,
        version,
        ...prompt.content,
        variables: prompt.variables,
        source: text,
        template_hash: templateHash,
        compiled_hash: compiledHash,
        track,
      },
      author: options.author,
      suites,
      isTokenCountLeftOut: !options.tokenCount,
    }));
    console.print(options.json ? json({ ...result, isNew })
      : `${id} ${version} ${isNew ? 'is published' : 'was published already'} by ${result.author}.`);
    return 0;
  });
}

/** `plumbline prompts approve`: 1 when the reviewer may not. */
export function approve(id: string, version: string, options: ApproveOptions, console: Console): Promise<number> {
  requireName(id, version);
  return orRefused(console, async () => {
    const { isNew, result } = await withRegistry(options, undefined, registry => registry.approve({ id, version, ...options }));
    console.print(options.json ? json({ ...result, isNew })
      : `${result.reviewer} ${isNew ? 'approves' : 'approved already'} ${id} ${version} as ${result.role}.`);
    return 0;
  });
}

/** `plumbline prompts promote`: 1 when a rule keeps the version out. */
export function promote(id: string, version: string, options: PromoteOptions, console: Console): Promise<number> {
  requireName(id, version);
  return orRefused(console, async () => {
    const order = { id, version, environment: options.to, toAll: options.all };
    const done = await withRegistry(options, options.to, registry => registry.promote(order));
    const { candidate } = done.result;
    print(console, [done], options.json);
    for (const warning of done.warnings ?? []) console.tell(`warning: ${id} ${version}: ${warning}.`);
    if (!options.json && candidate) console.tell(`To give it to all: plumbline prompts promote ${id} ${version} --to ${options.to} --all`);
    return 0;
  });
}

/** `plumbline prompts rollback`: 1 when an environment has nothing to go back to. */
export function rollback(id: string, options: RollbackOptions, console: Console): Promise<number> {
  requireName(id, options.to);
  const { chosen: environments = [], environment } = namedEnvironments(options.environment);
  return orRefused(console, async () => {
    const order = { id, environments, reason: options.reason, to: options.to, isRevoking: options.revoke };
    print(console, await withRegistry(options, environment, registry => registry.rollback(order)), options.json);
    return 0;
  });
}

function print(console: Console, done: readonly Done<Deployment>[], asJson: boolean | undefined): void {
  console.print(asJson ? json(done.map(({ isNew, result }) => ({ ...result, isNew })))
    : done.map(({ isNew, result: { environment, prompt_id, active, candidate, sequence } }) =>
      `${environment}: ${prompt_id} ${active.version}`
      + `${candidate ? `, and ${candidate.version} for ${candidate.percent} % of the sessions` : ''} `
      + `(deployment ${sequence}${isNew ? '' : ', nothing to do'})`).join('\n'));
}

async function orRefused(console: Console, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    console.tell(error.message);
    return 1;
  }
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
