import { execFileSync, spawnSync } from 'child_process';
import { createHash } from 'crypto';
import { cpSync, symlinkSync } from 'fs';
import { join } from 'path';
import { copyRuntime } from '../bundle/python-layer';
import { ROOT } from '../bundle/target';
import { mutationPython } from '../runtime-python';
import { useOwnTemporaryFolder } from '../temporary-folder';

const SETTINGS = join(ROOT, 'test', 'runtime-python', 'mutation.toml');
/** What the tests read, beside the runtime itself. */
const READ_BY_TESTS = ['contract', 'test/runtime-python', 'test/support'];
/** Any module, for a run that generates all mutants and learns which test runs which function. */
const FIRST = 'plumbline.contract.teaching_text.*';
const SCORE = 75;
/** The mutant was noticed. What mutmut calls suspicious is a test that took far longer than without the mutant. */
const NOTICED = ['killed', 'timeout', 'suspicious', 'segfault'];

interface Mutant { readonly name: string; readonly status: string }

/** A copy of the runtime and its tests, as mutmut wants them: it writes its mutants beside what it mutates. */
function workspace(): string {
  const folder = useOwnTemporaryFolder('plumbline-mutation-');
  copyRuntime(folder);
  for (const path of READ_BY_TESTS) cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  cpSync(SETTINGS, join(folder, 'pyproject.toml'));
  return folder;
}

class Mutmut {
  private readonly program = join(mutationPython(), 'mutmut');

  public constructor(private readonly folder: string) {}

  public run(names: readonly string[]): void {
    const { status } = spawnSync(this.program, ['run', ...names], { cwd: this.folder, stdio: 'inherit', env: this.environment });
    if (status !== 0) throw new Error(`mutmut ended with exit code ${status}`);
  }

  public results(): Mutant[] {
    const output = execFileSync(this.program, ['results', '--all', 'true'], { cwd: this.folder, encoding: 'utf8', env: this.environment });
    return [...output.matchAll(/^\s*(\S+): (.+)$/gm)].map(([, name, status]) => ({ name, status }));
  }

  public show(name: string): string {
    return execFileSync(this.program, ['show', name], { cwd: this.folder, encoding: 'utf8', env: this.environment });
  }

  private get environment(): NodeJS.ProcessEnv {
    return { ...process.env, PLUMBLINE_GENERATED_RESULTS: '200', PYTHONDONTWRITEBYTECODE: '1' };
  }
}

/** As for the Node runtime: with `PLUMBLINE_MUTANTS_ONE_IN=8` about one mutant in eight, chosen by its name. */
function isInSample({ name }: Mutant): boolean {
  const hash = createHash('sha256').update(name).digest();
  return hash.readUInt32BE(0) % Number(process.env.PLUMBLINE_MUTANTS_ONE_IN ?? 1) === 0;
}

function main(): void {
  const mutmut = new Mutmut(workspace());
  mutmut.run([FIRST]);
  const all = mutmut.results();
  const chosen = new Set(all.filter(isInSample).map(({ name }) => name));
  mutmut.run([...chosen]);

  const tested = mutmut.results().filter(({ name }) => chosen.has(name));
  const survivors = tested.filter(({ status }) => !NOTICED.includes(status));
  for (const { name, status } of survivors) console.log(`\n${name}: ${status}\n${mutmut.show(name)}`);
  const score = (1 - survivors.length / tested.length) * 100;
  const statuses = [...new Set(tested.map(({ status }) => status))];
  const counts = statuses.map(one => `${tested.filter(({ status }) => status === one).length} ${one}`);
  console.log(`\nmutation score ${score.toFixed(1)} % of ${tested.length} mutants (${counts.join(', ')}); ${all.length} there are`);
  if (score < SCORE) {
    console.error(`below ${SCORE} %`);
    process.exitCode = 1;
  }
}

main();
