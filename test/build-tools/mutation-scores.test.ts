import { sampleOf, Tried } from '../../build-tools/mutation/journal';
import { scoresOf, survivorsOf } from '../../build-tools/mutation/scores';

const tried = (name: string, status: string, rest: Partial<Tried> = {}): Tried =>
  ({ name, file: 'src/room/one.ts', line: 1, mutator: 'BooleanLiteral', replacement: 'false', status, ...rest });
const namesOf = (all: readonly Tried[]) => all.map(({ name }) => name);

describe('a sample', () => {
  // As in a journal: those without a run first, then what an earlier run has tried in another order, then in the order of their names.
  const journal = [
    tried('0000000a', 'NoCoverage'), tried('0000000e', 'Ignored'), tried('0000000d', 'Killed'),
    tried('00000002', 'Survived'), tried('00000008', 'Killed'), tried('0000000b', 'Timeout'),
  ];

  test('of a run that was stopped holds what stands before its last mutant', () => {
    expect(namesOf(sampleOf(journal, 1, false))).toEqual(['0000000a', '00000002', '00000008', '0000000b']);
  });

  test('of a run that has come to its end holds all', () => expect(sampleOf(journal, 1, true)).toEqual(journal));

  test('holds one in so many', () => {
    expect(namesOf(sampleOf(journal, 4, true))).toEqual(['00000008']);
  });

  test('of a run that has tried none is all that is known without', () => {
    expect(sampleOf([tried('0a', 'NoCoverage')], 1, false)).toHaveLength(1);
  });
});

describe('the scores', () => {
  const all = [
    tried('1', 'Killed'),
    tried('2', 'Killed', { reason: 'Error: thrown: "Exceeded timeout of 20000 ms for a test.' }),
    tried('3', 'Timeout', { file: 'src/other/two.ts' }),
    tried('4', 'Survived', { line: 7, replacement: 'a +\n  b' }),
    tried('5', 'NoCoverage', { file: 'src/other/two.ts' }),
    tried('6', 'Ignored'),
    tried('7', 'RuntimeError'),
  ];

  test('are those of each room and of all, with time-outs apart', () => {
    const { score, text } = scoresOf(all, false);
    expect(score).toBe(60);
    expect(text.split('\n').slice(2)).toEqual([
      '| src/other |       2 |      0 |         1 |        0 |           1 | 50.0  |',
      '| src/room  |       3 |      1 |         1 |        1 |           0 | 66.7  |',
      '| all       |       5 |      1 |         2 |        1 |           1 | 60.0  |',
      'mutation score 60.0 %',
      'not in it: 2 mutants that are read while a file loads, or that could not run',
    ]);
  });

  test('of a sample are said with their uncertainty', () => {
    expect(scoresOf(all, true).text).toContain('60.0 %; of a sample: that of all is between 23.1 and 88.2 %, in 95 of 100 cases');
  });

  test('come with what no test has noticed', () => {
    expect(survivorsOf(all)).toBe('src/other/two.ts:1 BooleanLiteral (not covered): false\nsrc/room/one.ts:7 BooleanLiteral: a + b');
  });
});
