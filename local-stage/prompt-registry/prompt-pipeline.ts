import { writeFileSync } from 'fs';
import { join } from 'path';
import type { Ended } from './command-lines';
import { hashesOf } from '../../cli/prompts/prompt';
import { readPrompt } from '../../cli/prompts/prompt-file';
import { localEnvironment } from '../emulator/local-environment';
import { REGISTERED } from '../incident-stack/registered-prompt';
import { Programs } from '../system/programs';
import { bin, ROOT } from '../system/project';

const { environment, id, version, file, folder: PROMPTS } = REGISTERED;

/** The pipeline of a team, which brings prompts from Git into service by `plumbline prompts`. */
export class PromptPipeline {
  /** `folder` is removed at the end. */
  constructor(private readonly programs: Programs, private readonly url: string, private readonly folder: string) {}

  /** Publishes the prompt, gets it approved and promoted, and asks the gate. The local AWS counts no tokens: a tech lead approves too. */
  public release(registry: string): Promise<readonly Ended[]> {
    const { templateHash } = hashesOf(readPrompt(file, ROOT).prompt);
    const result = join(this.folder, 'result.json');
    writeFileSync(result, JSON.stringify({ passed: 20, failed: 0, template_hash: templateHash }));
    return this.run(registry, [
      ['publish', file, '--golden', result, '--safety', result, '--author', 'ada', '--no-token-count'],
      ['approve', id, version, '--role', 'engineer', '--reviewer', 'bob'],
      ['approve', id, version, '--role', 'tech_lead', '--reviewer', 'eve'],
      ['promote', id, version, '--to', environment],
      ['verify', '--environment', environment, '--from', PROMPTS],
    ]);
  }

  /** What the gate of a deployment and the audit say now. */
  public async judge(registry: string): Promise<{ readonly gate: Ended; readonly audit: Ended }> {
    const [gate, audit] = await this.run(registry, [
      ['verify', '--environment', environment, '--from', PROMPTS],
      ['audit'],
    ]);
    return { gate, audit };
  }

  private async run(registry: string, commands: readonly (readonly string[])[]): Promise<readonly Ended[]> {
    const lines = commands.map(words => ['prompts', ...words]);
    const { stdout } = await this.programs.run(bin('tsx'), [join(__dirname, 'command-lines.ts'), JSON.stringify(lines)], {
      cwd: ROOT,
      env: { ...localEnvironment(this.url), PLUMBLINE_PROMPT_REGISTRY: registry },
    });
    return JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as readonly Ended[];
  }
}
