import type { RegistryPort } from '../../../../../cli/aws/registry-port';

/**
 * What befalls a command at one of its requests: it dies before or after it, the request is made twice since its answer got lost,
 * or it comes so late that others have done much in the meantime.
 */
export interface Mishap {
  readonly at: number;
  readonly kind: 'dies-before' | 'dies-after' | 'asked-twice' | 'late';
}

/** So many turns of others a late request lets pass. */
const LATE = 60;

export class Died extends Error {}

export interface FaultyPortOptions {
  /** The ARN of whoever runs the command. */
  readonly caller: string;
  readonly mishap?: Mishap;
  /** Waits until it is this command's turn. */
  readonly turn: (request: string) => Promise<void>;
}

/** A port of one command: it makes a request when it is its turn, and none after its death. */
export function faultyPort(port: RegistryPort, { caller, mishap, turn }: FaultyPortOptions): RegistryPort {
  let requests = 0;
  let isDead = false;
  const own: Partial<RegistryPort> = {
    caller: async () => caller,
    // The local AWS counts no tokens.
    countTokens: async ({ messages }) => messages.reduce((sum, { text }) => sum + text.length, 0),
  };
  const ask = (name: keyof RegistryPort, args: readonly unknown[]) => {
    const method = (own[name] ?? port[name]) as (...given: readonly unknown[]) => Promise<unknown>;
    return method.apply(port, args as unknown[]);
  };
  return new Proxy(port, {
    get: (_target, name: keyof RegistryPort) => async (...args: unknown[]) => {
      const kind = ++requests === mishap?.at ? mishap.kind : undefined;
      for (let turns = kind === 'late' ? LATE : 1; turns > 0; turns--) await turn(name);
      if (isDead || kind === 'dies-before') {
        isDead = true;
        throw new Died();
      }
      const answer = await ask(name, args);
      if (kind === 'dies-after') isDead = true;
      if (isDead) throw new Died();
      if (kind !== 'asked-twice') return answer;
      await turn(name);
      return ask(name, args);
    },
  });
}
