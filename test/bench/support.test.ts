import { median } from '../../bench/support/statistics';
import { table } from '../../build-tools/table';

describe('median', () => {
  test.each([
    [[3], 3],
    [[10, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[100, 2, 11], 11],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  test('leaves the values in their order', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  test('of nothing is an error', () => {
    expect(() => median([])).toThrow('nothing');
  });
});

describe('table', () => {
  test('columns are padded, and numbers stand to the right', () => {
    expect(table(['what', 'ms'], [['short', 1], ['much longer', 12.5]]).split('\n')).toEqual([
      '| what        |   ms |',
      '|-------------|-----:|',
      '| short       |    1 |',
      '| much longer | 12.5 |',
    ]);
  });

  test('a column with one text in it is a column of text', () => {
    expect(table(['a', 'b'], [[1, 'x'], ['—', 'y']]).split('\n')[2]).toBe('| 1   | x   |');
  });

  test('a table without rows has its head', () => {
    expect(table(['what'], [])).toBe('| what |\n|------|');
  });
});
