import type { Operation } from './commands';
import cases from '../../../support/fault-cases.json';
import type { FaultyPorts } from '../../../support/faulty-bedrock-server/faulty-bedrock-server';

/** How far a fault lets an attempt come; the bound follows from it. */
export type Waits = 'connect' | 'read' | 'stream';

export interface FaultCase {
  readonly name: string;
  readonly fault: string;
  readonly operation: Operation;
  /** Where the server is met. */
  readonly port: keyof FaultyPorts;
  readonly waits: Waits;
  /** `success`, or the name of the error. */
  readonly outcome: string;
  /** Where what reads the answer calls it by another name in Python. */
  readonly pythonOutcome?: string;
  /** `success`, or the code of the envelope: the same in every language. */
  readonly code: string;
  readonly attempts: number;
  /** How often a stream may be silent before it ends. */
  readonly silences?: number;
  /** Keeps the machine so busy that nothing can be measured beside it, and that it needs more time than the short policy gives. */
  readonly heavy?: boolean;
}

/** Every way of failing that the client must survive, in every language, and how it must end. A stream that began is not repeated. */
export const FAULT_CASES = cases as readonly FaultCase[];
