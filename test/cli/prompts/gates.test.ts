import { existsSync, readdirSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import Ajv from 'ajv';
import * as fc from 'fast-check';
import { askingOf, fileOf, ID, PromptStage } from './support/prompt-stage';
import { readGateResult } from '../../../cli/prompts/gate-results';
import { hashesOf } from '../../../cli/prompts/prompt';
import { parsePrompt } from '../../../cli/prompts/prompt-file';
import schema from '../../../contract/gate-result.schema.json';

let stage: PromptStage;
jest.mock('../../../cli/aws/asking', () => askingOf(() => stage));
const FILE = `prompts/${ID}.prompt.md`;
beforeEach(() => {
  stage = new PromptStage();
  stage.place.write(FILE, fileOf('1.0.0'));
});
afterEach(() => stage.place.remove());

const HASH = hashesOf(parsePrompt(fileOf('1.0.0'), 'file').prompt).templateHash;
const PASSED = { passed: 20, failed: 0, template_hash: HASH };

const publish = (...args: string[]) => stage.run('publish', FILE, ...args);
const gates = () => [...stage.memory.table.values()].find(({ sk }) => sk === 'gates#1.0.0');

/** What promptfoo writes of so many cases. */
function promptfoo({ successes = 20, failures = 0, errors = 0, ...summary }: Record<string, unknown> = {}, config: object = tagged()) {
  const cases = [[successes, true], [failures, false], [errors, false]] as const;
  return {
    evalId: 'eval-x',
    results: {
      version: 3,
      timestamp: '2026-11-28T08:00:00Z',
      results: cases.flatMap(([count, success]) => Array.from({ length: count as number }, () => ({ success, score: Number(success) }))),
      prompts: ['nova', 'claude'].map(provider => ({ raw: 'Say hello to {{name}}.', label: 'greeting', provider })),
      stats: { successes, failures, errors, tokenUsage: {} },
      ...summary,
    },
    config,
    shareableUrl: null,
  };
}

function tagged(hash: unknown = HASH, others: object = {}) {
  return { tags: { plumbline_template_hash: hash }, ...others };
}

describe('a result as a file', () => {
  test.each<[string, unknown, object]>([
    ['as the contract has it', { ...PASSED, suite: 'golden', total: 20, tool: 'ours' }, { passed: 20, failed: 0 }],
    ['with a byte-order mark', `\uFEFF${JSON.stringify(PASSED)}`, { passed: 20, failed: 0 }],
    ['of promptfoo, where errors count as failed', promptfoo({ successes: 98, failures: 1, errors: 1 }), { passed: 98, failed: 2 }],
    ['of promptfoo in its older form', promptfoo({ version: 2, prompts: undefined, table: { head: { prompts: [{ raw: 'Hi' }] } } }),
      { passed: 20, failed: 0 }],
  ])('is taken %s', async (_what, content, golden) => {
    stage.place.write('golden.json', content);
    stage.place.write('safety.json', PASSED);
    expect(await publish('--golden', 'golden.json', '--safety', 'safety.json')).toMatchObject({ code: 0 });
    expect(gates()).toMatchObject({ golden, safety: { passed: 20, failed: 0 } });
  });

  test.each<[string, unknown, string]>([
    ['that is not there', undefined, 'golden.json cannot be read: ENOENT'],
    ['that is empty', ' ', 'is empty: the suite did not come to its end'],
    ['that is half-written', JSON.stringify(promptfoo()).slice(0, 300), 'is no JSON, or half-written'],
    ['that is a list of several', [PASSED, PASSED], 'it is a list of 2: name the file of one result'],
    ['that is no result', 'null', 'it is null; a result is { "passed"'],
    ['without its counts', { template_hash: HASH }, '"passed" is not there; "passed" and "failed" have to be whole numbers'],
    ['with a count below none', { ...PASSED, failed: -1 }, '"failed" is -1'],
    ['with a count as text', { ...PASSED, passed: '20' }, '"passed" is "20"'],
    ['with half a case', { ...PASSED, passed: 0.5 }, '"passed" is 0.5'],
    ['without a case', { ...PASSED, passed: 0 }, 'it has no case: nothing was tested'],
    ['of a part of the cases', { ...PASSED, total: 40 }, '"total" is 40, and 20 passed and 0 failed'],
    ['of the other suite', { ...PASSED, suite: 'safety' }, '"suite" is "safety", and --golden names it'],
    ['of another text', { ...PASSED, template_hash: 'f'.repeat(64) }, 'it is the result of another text. Run the suite again'],
    ['of no text', { passed: 20, failed: 0 }, '"template_hash" is not there'],
    ['of promptfoo without a hash', promptfoo({}, {}), '"config.tags.plumbline_template_hash" is not there'],
    ['of promptfoo and another text', promptfoo({}, tagged('f'.repeat(64))), 'it is the result of another text'],
    ['of promptfoo in a form of the future', promptfoo({ version: 4 }),
      '"results.version" is 4; promptfoo\'s output is read in the versions 1 to 3'],
    ['of promptfoo without a version', promptfoo({ version: undefined }), '"results.version" is not there'],
    ['of promptfoo without statistics', promptfoo({ stats: undefined }), 'it is half-written, or of another tool'],
    ['of promptfoo with a count below none', promptfoo({ stats: { successes: 20, failures: -1, errors: 1 } }),
      '"results.stats.failures" is -1'],
    ['of promptfoo without errors', promptfoo({ stats: { successes: 20, failures: 0 } }), '"results.stats.errors" is not there'],
    ['of promptfoo that was cut off', promptfoo({ results: [{ success: true }] }), 'counts 20 passed of 20 cases and lists 1 passed of 1'],
    ['of promptfoo that was edited', promptfoo({ results: Array.from({ length: 20 }, (_, at) => ({ success: at > 0 })) }),
      'lists 19 passed of 20: it is of a run that was cut off, or somebody edited it'],
    ['of promptfoo without a case', promptfoo({ successes: 0 }), 'it has no case: nothing was tested'],
    ['of promptfoo for two prompts', promptfoo({ prompts: [{ raw: 'one' }, { raw: 'other' }] }), 'it compares 2 prompts'],
    ['of promptfoo for some cases', promptfoo({}, tagged(HASH, { commandLineOptions: { filterFirstN: 3 } })),
      'its configuration has "commandLineOptions.filterFirstN"'],
  ])('is refused %s', async (_what, content, message) => {
    if (content !== undefined) stage.place.write('golden.json', content);
    const { code, told } = await publish('--golden', 'golden.json');
    expect({ code, told }).toEqual({ code: 2, told: expect.stringContaining(message) });
    expect(told).toContain('golden.json');
    expect(stage.memory.objects.size).toBe(0);
  });

  test('is taken exactly when it fits its schema, is whole, and is of this text', () => {
    const fits = new Ajv({ strict: true }).compile(schema);
    const mostly = (good: unknown[], bad: unknown[]) =>
      fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: fc.constantFrom(...bad) });
    const count = mostly([0, 1, 20], [-1, 1.5, '1', null, undefined, 2 ** 53]);
    const document = fc.record({
      passed: count,
      failed: count,
      total: mostly([undefined], [20, 21, '20', null]),
      suite: mostly([undefined, 'golden'], ['safety', 'other', null]),
      template_hash: mostly([HASH], ['f'.repeat(64), HASH.toUpperCase(), 5, null, undefined]),
    });
    let taken = 0;
    fc.assert(fc.property(document, written => {
      const { passed, failed, total, suite, template_hash: hash } = written as Record<string, number>;
      stage.place.write('r.json', written);
      const expected = fits(JSON.parse(stage.place.read('r.json'))) && passed + failed > 0
        && (total === undefined || total === passed + failed) && [undefined, 'golden'].includes(suite as never) && hash === HASH as never;
      const isTaken = (() => {
        try {
          return readGateResult('r.json', stage.place.path, { suite: 'golden', templateHash: HASH }) !== undefined;
        } catch {
          return false;
        }
      })();
      taken += Number(isTaken);
      expect(isTaken).toBe(expected);
    }), { numRuns: 1000 });
    expect(taken).toBeGreaterThan(100);
  });
});

describe('a suite as a command', () => {
  const node = `"${process.execPath}"`;
  const RESULT = 'process.env.PLUMBLINE_RESULT_FILE';
  /** The command line of a program, which has the result's file as `file`. */
  function command(program: string, name = 'suite.js'): string {
    stage.place.write(name, `const fs = require('fs'); const { env } = process; const file = ${RESULT};\n${program}`);
    return `${node} ${name}`;
  }
  const writes = (result: object) => `fs.writeFileSync(file, ${JSON.stringify(JSON.stringify(result))});`;
  const left = () => readdirSync(tmpdir()).filter(name => name.startsWith('plumbline-suite-'));

  test('is run with the prompt and its hash, and its result is that of this text', async () => {
    const before = left();
    const program = `const text = fs.readFileSync(env.PLUMBLINE_PROMPT_FILE);
      fs.writeFileSync(env.PLUMBLINE_SUITE, [env.PLUMBLINE_TEMPLATE_HASH, text].join());
      ${writes({ passed: 20, failed: 0 })}`;
    const { code, told } = await publish('--golden', command(program), '--safety', command(program));
    expect({ code, told }).toEqual({ code: 0, told: expect.stringContaining('The safety suite passed 20 of 20 cases.') });
    for (const suite of ['golden', 'safety']) expect(stage.place.read(suite)).toBe(`${HASH},${fileOf('1.0.0')}`);
    expect(gates()).toMatchObject({ golden: { passed: 20, failed: 0 }, safety: { passed: 20, failed: 0 } });
    expect(left()).toEqual(before);
  });

  test('that ends with an error counts as its result says, where that has failed cases; the rule decides', async () => {
    stage.place.write('safety.json', PASSED);
    const ends = "console.log('case 7 \\u001b[31mfailed'); process.exitCode = 100;";
    const run = (passed: number) => publish('--safety', 'safety.json', '--golden',
      command(`${writes(promptfoo({ successes: passed, failures: 20 - passed }, {}))} ${ends}`));
    const { code, told } = await run(18);
    expect(code).toBe(1);
    expect(told).toMatch(/ {2}case 7 failed\nThe golden set passed 18 of 20 cases; 95 %/);
    expect(gates()).toBeUndefined();
    expect(await run(19)).toMatchObject({ code: 0, told: expect.stringContaining('  case 7 failed') });
    expect(gates()).toMatchObject({ golden: { passed: 19, failed: 1 } });
  });

  test.each<[string, string, string | RegExp]>([
    ['ends well and writes nothing', 'console.log("all fine")', /ended with 0 and wrote no result[\s\S]*\n {2}all fine$/],
    ['ends with an error and writes nothing', 'console.error("no credentials"); process.exitCode = 3',
      /ended with 3 and wrote no result[\s\S]*\n {2}no credentials$/],
    ['ends with an error after it said that all is well', `${writes(PASSED)} process.exitCode = 1`,
      'every case passed: one of both is wrong'],
    ['is killed', `${writes(PASSED)} process.kill(process.pid, 'SIGKILL')`, /was ended by SIGKILL|ended with 137/],
    ['writes half a result', 'fs.writeFileSync(file, \'{"passed": 20, \'); console.log("oops")', /half-written[\s\S]*oops/],
    ['tests another text', writes({ ...PASSED, template_hash: 'f'.repeat(64) }), 'it is the result of another text'],
    ['tests what changes meanwhile', `fs.appendFileSync(env.PLUMBLINE_PROMPT_FILE, 'More.'); ${writes({ passed: 20, failed: 0 })}`,
      'while somebody changed it: run it again'],
  ])('that %s is refused', async (_what, program, message) => {
    stage.place.write('safety.json', PASSED);
    const { code, told } = await publish('--golden', command(program), '--safety', 'safety.json');
    expect({ code, told }).toEqual({ code: 2, told: expect.stringMatching(message) });
    expect(stage.memory.objects.size).toBe(0);
  });

  test('that takes too long is stopped, with everything that it started', async () => {
    const child = 'setTimeout(() => require("fs").writeFileSync("late", ""), 4000)';
    const program = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' });
      console.log('waiting'); process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`;
    const { code, told } = await publish('--golden', command(program), '--suite-timeout', '0.02');
    expect(code).toBe(2);
    expect(told).toMatch(/took longer than 0\.02 minutes and was stopped[\s\S]*waiting/);
    await new Promise(resolve => { setTimeout(resolve, 2500); });
    expect(existsSync(join(stage.place.path, 'late'))).toBe(false);
  }, 30_000);

  test('is not run for a version that is published already, nor waited for when it leaves something running', async () => {
    stage.place.write('safety.json', PASSED);
    const golden = command(`${writes(PASSED)} fs.appendFileSync('runs', 'x');
      require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'inherit' }).unref();`);
    for (const told of ['is published', 'was published already']) {
      expect(await publish('--golden', golden, '--safety', 'safety.json')).toMatchObject({ code: 0, out: expect.stringContaining(told) });
    }
    expect(stage.place.read('runs')).toBe('x');
  }, 30_000);

  test.each<[string[], string]>([
    [['--suite-timeout', 'soon'], '--suite-timeout is "soon". It has to be minutes'],
    [['--suite-timeout', '0'], '--suite-timeout is "0"'],
    [['--suite-timeout', '2000'], 'at most 1440'],
    [['--golden', ' '], 'name a result file, or a command that writes one'],
    [['--golden', 'gloden.json'], 'gloden.json cannot be read'],
  ])('refused: %j', async (args, message) => {
    expect(await publish(...args)).toMatchObject({ code: 2, told: expect.stringContaining(message) });
  });
});
