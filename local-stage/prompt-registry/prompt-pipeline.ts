import { readFileSync, writeFileSync } from 'fs';
import { basename, join } from 'path';
import { createInterface } from 'readline';
import type { Ended } from './command-lines';
import { nextPrompt } from './prompt-edit';
import { BLURB_PROMPT, CHAT_PROMPT, ENVIRONMENTS, fileOf, FIRST, PRODUCTION, PROMPTS, SECOND } from './registered-prompts';
import { hashesOf } from '../../cli/prompts/prompt';
import { readPrompt } from '../../cli/prompts/prompt-file';
import { localEnvironment } from '../emulator/local-environment';
import { Programs } from '../system/programs';
import { bin, ROOT } from '../system/project';

type Words = readonly string[];

/** The pipeline of a team, which brings prompts from Git into service by `plumbline prompts`. */
export class PromptPipeline {
  /** Loads the command while the example is deployed. `folder` is removed at the end. */
  public static start(programs: Programs, url: string, folder: string): PromptPipeline {
    let output = '';
    const child = programs.start(bin('tsx'), [join(__dirname, 'command-lines.ts')], {
      cwd: ROOT,
      env: localEnvironment(url),
      takesInput: true,
      onOutput: text => { output = text; },
    });
    const answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    return new PromptPipeline(folder, async lines => {
      child.stdin!.write(`${JSON.stringify(lines)}\n`);
      const { done, value } = await answers.next();
      if (done) throw new Error(`The process of plumbline ended:\n${output}`);
      return JSON.parse(value) as readonly Ended[];
    });
  }

  private constructor(private readonly folder: string, private readonly run: (lines: readonly Words[]) => Promise<readonly Ended[]>) {}

  /** The first version of each prompt, everywhere. */
  public release(registry: string): Promise<readonly Ended[]> {
    return this.inTurn(registry, [
      ...[CHAT_PROMPT, BLURB_PROMPT].flatMap(id => this.released(fileOf(id), id, FIRST)),
      ['verify', '--environment', PRODUCTION, '--from', PROMPTS],
    ]);
  }

  /** The second version of the chat's prompt: in production a candidate. */
  public tryNext(registry: string): Promise<readonly Ended[]> {
    const file = join(this.folder, basename(fileOf(CHAT_PROMPT)));
    writeFileSync(file, nextPrompt(readFileSync(fileOf(CHAT_PROMPT), 'utf8')));
    return this.inTurn(registry, this.released(file, CHAT_PROMPT, SECOND));
  }

  public takeBack(registry: string): Promise<readonly Ended[]> {
    return this.inTurn(registry, [['rollback', CHAT_PROMPT, '--environment', PRODUCTION, '--reason', 'answers grew too long']]);
  }

  /** What the gate of a deployment and the audit say now. */
  public async judge(registry: string): Promise<{ readonly gate: Ended; readonly audit: Ended }> {
    const [gate, audit] = await this.inTurn(registry, [['verify', '--environment', PRODUCTION, '--from', PROMPTS], ['audit']]);
    return { gate, audit };
  }

  /** Published, approved and promoted, environment by environment. The local AWS counts no tokens: a tech lead approves too. */
  private released(file: string, id: string, version: string): readonly Words[] {
    const { templateHash } = hashesOf(readPrompt(file, ROOT).prompt);
    const result = join(this.folder, `${id}-${version}.json`);
    writeFileSync(result, JSON.stringify({ passed: 20, failed: 0, template_hash: templateHash }));
    return [
      ['publish', file, '--golden', result, '--safety', result, '--author', 'ada', '--no-token-count'],
      ['approve', id, version, '--role', 'engineer', '--reviewer', 'bob'],
      ['approve', id, version, '--role', 'tech_lead', '--reviewer', 'eve'],
      ...ENVIRONMENTS.map(environment => ['promote', id, version, '--to', environment]),
    ];
  }

  private inTurn(registry: string, commands: readonly Words[]): Promise<readonly Ended[]> {
    return this.run(commands.map(words => ['prompts', ...words, '--registry', registry]));
  }
}
