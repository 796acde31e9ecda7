/** Why a transaction of DynamoDB did not happen, item by item. */
export interface Cancelled {
  readonly CancellationReasons?: readonly { readonly Code?: string }[];
}

/** So often a request is made again that met another one at the same moment. */
const CONFLICTS = 10;
const LONGEST_PAUSE_MS = 500;
/** Of S3, of an item that a transaction writes, and of a transaction that was asked for twice. */
const NAMES = ['ConditionalRequestConflict', 'TransactionConflictException', 'TransactionInProgressException'];

/**
 * Makes a write again that met another one of the same object or item, after pauses that grow and differ. The SDK makes again what is
 * throttled, and not this.
 */
export async function unconflicted<T>(write: () => Promise<T>, pause: (ms: number) => Promise<void>): Promise<T> {
  for (let round = 1; ; round++) {
    try {
      return await write();
    } catch (error) {
      if (!isConflict(error as Error & Cancelled) || round > CONFLICTS) throw error;
      await pause(Math.random() * LONGEST_PAUSE_MS / CONFLICTS * round);
    }
  }
}

/** A transaction whose first item did not meet its condition is another's, whatever else it met. */
function isConflict({ name, CancellationReasons: reasons = [] }: Error & Cancelled): boolean {
  if (reasons[0]?.Code === 'ConditionalCheckFailed') return false;
  return NAMES.includes(name) || reasons.some(({ Code }) => Code === 'TransactionConflict');
}
