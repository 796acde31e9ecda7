import { rmSync } from 'fs';
import { join } from 'path';
import { Command } from './commands';
import { LimitedPrograms } from '../testing/programs';

type Listener = (text: string) => void;

/** A fresh copy of the last commit, as a newcomer gets it: no installed package, nothing built. */
export class FreshCopy {
  private isInstalled = false;

  constructor(private readonly source: string, private readonly folder: string, private readonly programs: LimitedPrograms) {}

  /** Runs the lines of a command one after the other where nothing else has run. */
  public async run({ lines, folder = '.', bare = false }: Command, onOutput: Listener): Promise<void> {
    await (bare ? this.makeAnew(onOutput) : this.makeClean(onOutput));
    for (const line of lines) await this.shell(line, onOutput, folder);
  }

  private async makeAnew(onOutput: Listener): Promise<void> {
    this.isInstalled = false;
    rmSync(this.folder, { recursive: true, force: true });
    await this.programs.run('git', ['clone', '--quiet', this.source, this.folder], onOutput);
  }

  /** The packages stay installed: to install them for each command would take most of the time. */
  private async makeClean(onOutput: Listener): Promise<void> {
    if (!this.isInstalled) {
      await this.makeAnew(onOutput);
      await this.shell('npm ci --no-audit --no-fund', onOutput);
      this.isInstalled = true;
    }
    await this.shell('git checkout --quiet . && git clean -ffdxq --exclude=/node_modules', onOutput);
  }

  private async shell(line: string, onOutput: Listener, folder = '.'): Promise<void> {
    await this.programs.run('sh', ['-c', line], onOutput, { cwd: join(this.folder, folder) });
  }
}
