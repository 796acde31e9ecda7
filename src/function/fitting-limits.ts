import { CfnFunction, Function } from 'aws-cdk-lib/aws-lambda';
import { isCalledByApiGateway } from './event-callers';
import { hasGrants } from '../bedrock/role/grant-ledger';
import { CLIENT_POLICY, FUNCTION_SETTINGS } from '../contract/data';
import { AppAtSynth } from '../standards/app-at-synth';
import { Warning } from '../standards/warnings';

const { connectTimeoutMs, readTimeoutMs } = CLIENT_POLICY;
const { defaults, ofLambda } = FUNCTION_SETTINGS;
const SHORTEST_READ_MS = Math.min(...Object.values(readTimeoutMs));

/**
 * Warns of a function that ends before one attempt of a model call may, or that has so little memory that the start alone takes seconds:
 * Lambda gives a function as much of a processor as it has memory.
 *
 * API Gateway waits for 29 s, so that a function behind it has to be quicker than the longest task types allow: there the shortest counts.
 * Of a function whose role has no grants of the library nobody knows that it calls models: its time-out is warned of where nobody chose it.
 */
export function findTightLimits(fn: Function): (Warning | undefined)[] {
  const { Timeout, MemorySize } = AppAtSynth.of(fn).properties(fn.node.defaultChild as CfnFunction);
  return [findShortTimeout(fn, Timeout), findLittleMemory(MemorySize)];
}

function findShortTimeout(fn: Function, given: unknown): Warning | undefined {
  const seconds = given ?? ofLambda.timeoutSeconds;
  const callsModels = fn.role !== undefined && hasGrants(fn.role);
  if (typeof seconds !== 'number' || seconds >= attemptSeconds(readTimeoutMs.default)) return undefined;
  if (given !== undefined && !callsModels) return undefined;
  if (seconds >= attemptSeconds(SHORTEST_READ_MS) && isCalledByApiGateway(fn)) return undefined;
  const attempts = Object.entries(readTimeoutMs).map(([taskType, readMs]) => `${taskType} ${attemptSeconds(readMs)} s`).join(', ');
  return {
    id: 'functionTimeout',
    message: `The function ends after ${seconds} s${ofLambdaItself(given)}, and one attempt of a model call may take longer, connecting `
      + `included: ${attempts}. Give it a longer timeout: with ${defaults.timeoutSeconds} s, the default of StandardLambda, all attempts `
      + 'fit; behind API Gateway, which waits for 29 s, 28 s.',
  };
}

function findLittleMemory(given: unknown): Warning | undefined {
  const megabytes = given ?? ofLambda.memoryMb;
  if (typeof megabytes !== 'number' || megabytes > ofLambda.memoryMb) return undefined;
  return {
    id: 'functionMemory',
    message: `The function has ${megabytes} MB of memory${ofLambdaItself(given)}, and with it so little of a processor that loading the `
      + `SDK takes seconds. Give it a larger memorySize: StandardLambda's default is ${defaults.memoryMb}.`,
  };
}

const ofLambdaItself = (given: unknown): string => given === undefined ? ', which is Lambda\'s default' : '';

const attemptSeconds = (readMs: number): number => (connectTimeoutMs + readMs) / 1000;
