import { metCondition, unconflicted } from '../../../cli/aws/conflicts';

const named = (name: string, members: object = {}) => Object.assign(new Error(name), { name, ...members });
const cancelled = (...codes: string[]) =>
  named('TransactionCanceledException', { CancellationReasons: codes.map(Code => ({ Code })) });

/** A write that ends in these errors, one after the other, and then is done. */
function writeAfter(...errors: readonly Error[]): { readonly write: () => Promise<string>; readonly tries: () => number } {
  let tries = 0;
  return {
    write: async () => {
      const error = errors[tries++];
      if (error) throw error;
      return 'done';
    },
    tries: () => tries,
  };
}

beforeEach(() => jest.spyOn(Math, 'random').mockReturnValue(0));
afterEach(() => jest.restoreAllMocks());

test.each<[string, Error]>([
  ['an object that somebody else writes', named('ConditionalRequestConflict')],
  ['an item that a transaction writes', named('TransactionConflictException')],
  ['a transaction that was asked for twice', named('TransactionInProgressException')],
  ['a transaction beside another one', cancelled('None', 'None', 'TransactionConflict')],
])('a write of %s is made again', async (_what, error) => {
  const { write, tries } = writeAfter(error, error);
  expect(await unconflicted(write)).toBe('done');
  expect(tries()).toBe(3);
});

test.each<[string, Error]>([
  ['was denied', named('AccessDeniedException')],
  ['is another\'s transaction by now', cancelled('ConditionalCheckFailed', 'None', 'TransactionConflict')],
])('what %s is not asked for again', async (_what, error) => {
  const { write, tries } = writeAfter(error);
  await expect(unconflicted(write)).rejects.toBe(error);
  expect(tries()).toBe(1);
});

test('a conflict that does not end is told', async () => {
  const error = named('TransactionConflictException');
  const { write, tries } = writeAfter(...Array.from({ length: 50 }, () => error));
  await expect(unconflicted(write)).rejects.toBe(error);
  expect(tries()).toBe(11);
});

test('a condition that does not hold is an answer, also after a conflict', async () => {
  expect(await metCondition(writeAfter().write)).toBe(true);
  const { write } = writeAfter(named('TransactionConflictException'), named('ConditionalCheckFailedException'));
  expect(await metCondition(write)).toBe(false);
});
