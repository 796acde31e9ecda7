import { execFileSync, spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { executeStep } from '../../build-tools/testing/execute';
import { leftovers } from '../../build-tools/testing/leftovers';
import { LimitedPrograms, ROOT } from '../../build-tools/testing/programs';
import { Report } from '../../build-tools/testing/report';
import { runSteps } from '../../build-tools/testing/schedule';
import { selectSteps } from '../../build-tools/testing/select';
import { Step, StepContext, StepCounts, StepResult } from '../../build-tools/testing/step';

const programs = new LimitedPrograms();

function step(name: string, options: Partial<Step> = {}): Step {
  return { name, description: `does ${name}`, run: async () => {}, ...options };
}

function result(of: Step, counts: Partial<StepResult> = {}): StepResult {
  return { step: of, passed: 1, failed: 0, seconds: 1, output: '', notes: [], ...counts };
}

/** In turns of the event loop: no busy machine changes their order. */
const DURATION: Record<string, number> = { a: 10, b: 40, c: 60 };

/** Runs the steps and writes down their starts and ends. */
async function trace(steps: Step[], cores: number): Promise<string[]> {
  const events: string[] = [];
  await runSteps(steps, cores, async started => {
    events.push(`+${started.name}`);
    for (let turn = 0; turn < DURATION[started.name]; turn++) await new Promise(setImmediate);
    events.push(`-${started.name}`);
    return result(started);
  });
  return events;
}

describe('schedule', () => {
  test('two processors run two steps at a time', async () => {
    expect(await trace([step('a'), step('b'), step('c')], 2)).toEqual(['+a', '+b', '-a', '+c', '-b', '-c']);
  });

  test('a step waits for those it comes after, and lets others pass', async () => {
    expect(await trace([step('a'), step('b', { after: ['a'] }), step('c')], 2)).toEqual(['+a', '+c', '-a', '+b', '-b', '-c']);
  });

  test('a step does not wait for one that is not chosen', async () => {
    expect(await trace([step('b', { after: ['a'] })], 2)).toEqual(['+b', '-b']);
  });

  test('steps that mostly wait run beside others, as many as keep the processors busy', async () => {
    const steps = [step('a', { load: 0.7 }), step('b', { load: 0.7 }), step('c', { load: 0.6 })];
    expect(await trace(steps, 2)).toEqual(['+a', '+b', '+c', '-a', '-b', '-c']);
    expect(await trace([...steps.slice(0, 2), step('c', { load: 0.7 })], 2)).toEqual(['+a', '+b', '-a', '+c', '-b', '-c']);
  });

  test('a step that keeps more processors busy than there are runs all the same', async () => {
    expect(await trace([step('a', { load: 3 }), step('b')], 2)).toEqual(['+a', '-a', '+b', '-b']);
  });

  test('a lonely step runs alone', async () => {
    expect(await trace([step('a'), step('b', { alone: true }), step('c')], 2)).toEqual(['+a', '+c', '-a', '-c', '+b', '-b']);
  });

  test('nothing joins a lonely step', async () => {
    expect(await trace([step('a', { alone: true }), step('b')], 2)).toEqual(['+a', '-a', '+b', '-b']);
  });

  test('results stand in the order of the steps, whatever ended first', async () => {
    const steps = [step('slow'), step('fast')];
    const results = await runSteps(steps, 2, async started => {
      await new Promise(resolve => setTimeout(resolve, started.name === 'slow' ? 20 : 1));
      return result(started);
    });
    expect(results.map(({ step: { name } }) => name)).toEqual(['slow', 'fast']);
  });

  test('a circle is an error, not a hang', async () => {
    await expect(trace([step('a', { after: ['b'] }), step('b', { after: ['a'] })], 2)).rejects.toThrow('wait for each other: a, b');
  });
});

describe('a step', () => {
  const outcome = async (run: (context: StepContext) => Promise<StepCounts | void>) =>
    executeStep(step('a', { run }), programs, '/nowhere');

  test('that says nothing counts as one', async () => {
    expect(await outcome(async () => {})).toMatchObject({ passed: 1, failed: 0 });
  });

  test('that throws counts as one failed, with its reason', async () => {
    expect(await outcome(async () => { throw new Error('why'); })).toMatchObject({ passed: 0, failed: 1, error: 'why' });
  });

  test('counts its single tests when it has some', async () => {
    expect(await outcome(async () => ({ passed: 41, failed: 2 }))).toMatchObject({ passed: 41, failed: 2 });
  });

  test('keeps what its programs print on both streams, and gets back what they say', async () => {
    let said = '';
    const { output } = await outcome(async context => {
      said = await context.run(process.execPath, ['-e', 'console.log("out"); console.error("err")']);
    });
    expect(said).toBe('out\n');
    expect(output).toContain('out\n');
    expect(output).toContain('err\n');
  });

  test('fails with a program that fails', async () => {
    expect(
      (
        await outcome(async context => {
          await context.run(process.execPath, ['-e', 'process.exit(3)']);
        })
      ).error,
    ).toMatch(/exit code 3$/);
  });

  test('fails with a program that is killed', async () => {
    const suicide = 'process.kill(process.pid, "SIGKILL"); setTimeout(() => {}, 10000);';
    expect((await outcome(async context => { await context.run(process.execPath, ['-e', suicide]); })).error).toMatch(/SIGKILL$/);
  });

  test('fails with a program that is not there', async () => {
    expect((await outcome(async context => { await context.run('/no/such/program', []); })).error).toMatch(/could not be started/);
  });

  test('runs the Node of the machine, not one that a dependency brings', async () => {
    const directories: string[] = [];
    await outcome(async context => { directories.push(...(await context.run('sh', ['-c', 'echo $PATH'])).trim().split(':')); });
    expect(directories.filter(directory => directory.endsWith('node_modules/.bin'))).toEqual([]);
  });
});

test('a stop ends what programs have started in turn', async () => {
  const own = new LimitedPrograms();
  // The inner process holds the output open: the outer one counts as ended only when both are gone.
  const inner = 'require("child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 30000)"], { stdio: "inherit" });';
  const ended = own.run(process.execPath, ['-e', `${inner} console.log("started"); setTimeout(() => {}, 30000);`], text => {
    if (text === 'started\n') own.stop();
  });
  await expect(ended).rejects.toThrow(/SIGTERM$/);
}, 10_000);

test('a program that hangs is stopped, and says so', async () => {
  let output = '';
  const hanging = new LimitedPrograms(300).run(process.execPath, ['-e', 'setTimeout(() => {}, 30000)'], text => { output += text; });
  await expect(hanging).rejects.toThrow(/SIGTERM$/);
  expect(output).toContain('stopped after 0.3 s');
}, 10_000);

describe('report', () => {
  const lines: string[] = [];
  const report = (total: number) => new Report(total, line => lines.push(line));

  beforeEach(() => { lines.length = 0; });

  test.each([
    ['passes', [result(step('a')), result(step('jest'), { passed: 40 })], '41 passed, 0 failed'],
    ['fails', [result(step('a'), { passed: 0, failed: 1 }), result(step('jest'), { passed: 40, failed: 2 })], '40 passed, 3 failed'],
  ])('a run that %s ends with the counts alone on the last line', (_name, results, last) => {
    report(2).finished(results, 1);
    expect(lines.join('\n').split('\n').pop()).toBe(last);
  });

  test('the steps that failed are named at the end', () => {
    report(2).finished([result(step('a')), result(step('b'), { passed: 0, failed: 1 })], 1);
    expect(lines.join('\n')).toContain('failed: b');
  });

  test('a failed step shows what it printed and why it failed', () => {
    const running = report(1);
    running.ended(result(step('a'), { passed: 0, failed: 1, output: 'first\nsecond\n', error: 'why' }));
    running.finished([], 1);
    expect(lines.slice(0, 2)).toEqual(['FAIL  a (1.0 s, 1 of 1)', '     | first\n     | second\n     | why']);
  });

  test('a step that passes shows its notes and hides what it printed', () => {
    const running = report(2);
    running.ended(result(step('a'), { passed: 7, output: 'noise', notes: ['8 files'] }));
    running.finished([], 1);
    expect(lines[0]).toBe('  ok  a (1.0 s, 1 of 2): 7 passed, 0 failed; 8 files');
    expect(lines.join('\n')).not.toContain('noise');
  });

  test('who waits is told what still runs', async () => {
    const running = new Report(1, line => lines.push(line), 5);
    running.started(step('slow'));
    await new Promise(resolve => setTimeout(resolve, 30));
    running.finished([], 1);
    expect(lines).toContain('     still running: slow 0 s');
  });
});

describe('choice of steps', () => {
  const steps = [step('a'), step('b'), step('c')];

  test('all without a name, the named ones in their own order otherwise', () => {
    expect(selectSteps(steps, undefined)).toEqual(steps);
    expect(selectSteps(steps, 'c, a').map(({ name }) => name)).toEqual(['a', 'c']);
  });

  test.each(['d', 'a,d', ''])('"%s" is refused, and the names are listed', only => {
    expect(() => selectSteps(steps, only)).toThrow(/Steps: a, b, c\.$/);
  });
});

describe('leftovers', () => {
  let places: { temporary: string; tree: string };
  beforeEach(() => {
    const folder = mkdtempSync(join(tmpdir(), 'leftovers-'));
    places = { temporary: join(folder, 'temporary'), tree: join(folder, 'tree') };
    Object.values(places).forEach(place => mkdirSync(place));
    execFileSync('git', ['init', '--quiet'], { cwd: places.tree });
    writeFileSync(join(places.tree, '.gitignore'), 'ignored\n');
    writeFileSync(join(places.temporary, 'before'), '');
  });

  const outcome = async (leave: () => void) => {
    const check = leftovers(places, []);
    leave();
    return executeStep(check, programs, '/nowhere');
  };

  test('what was there before is none, nor what git ignores', async () => {
    expect(await outcome(() => writeFileSync(join(places.tree, 'ignored'), ''))).toMatchObject({ failed: 0 });
  });

  test.each(['temporary', 'tree'] as const)('a new file in the %s folder is named', async place => {
    expect(await outcome(() => writeFileSync(join(places[place], 'new'), ''))).toMatchObject({
      failed: 1,
      error: expect.stringMatching(/new$/m),
    });
  });
});

test('a process with a temporary folder of its own, and what it starts, leave nothing in that of the machine', () => {
  const machine = mkdtempSync(join(tmpdir(), 'machine-'));
  const makesFolders = 'require("fs").mkdtempSync(require("os").tmpdir() + "/cdk.out")';
  const code = `require("./build-tools/temporary-folder").useOwnTemporaryFolder("own-"); ${makesFolders};
    require("child_process").execFileSync(process.execPath, ["-e", ${JSON.stringify(makesFolders)}]); process.exit(3);`;
  const { status } = spawnSync(process.execPath, ['-r', 'tsx/cjs', '-e', code], {
    cwd: ROOT, env: { ...process.env, TMPDIR: machine, TSX_DISABLE_CACHE: '1' },
  });
  expect({ status, left: readdirSync(machine) }).toEqual({ status: 3, left: [] });
});
