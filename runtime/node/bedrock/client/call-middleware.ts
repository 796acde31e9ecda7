import { randomUUID } from 'node:crypto';
import type { ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-bedrock-runtime';
import type { InitializeHandlerOutput, InitializeMiddleware } from '@smithy/types';
import { CallReport } from './call-report';
import type { ClientPolicy } from './client-policy';
import { inputForRegion, RegionalTwins } from './model-route';
import type { BedrockPorts } from './ports';
import { withRequestMetadata } from './request-metadata';
import { signalOf } from './sent-call';
import { watchAnswer } from './watched-answer';
import { withServiceTier } from '../../../../src/contract/task-types';
import { BedrockCall } from '../retry/bedrock-call';
import { callDeadline } from '../retry/call-deadline';
import { RegionCircuit } from '../retry/region-circuit';
import { RegionPacing } from '../retry/region-pacing';

export interface CallSettings {
  readonly policy: ClientPolicy;
  readonly ports: BedrockPorts;
  readonly taskType: string;
  readonly primary: string;
  readonly fallback: string | undefined;
  /** What has a name of its own in each of the two Regions. */
  readonly twins?: RegionalTwins;
  readTimeoutMs(): number;
  /** The service tier of a call that names none. */
  tryServiceTier?(): string | undefined;
}

type CallMiddleware = InitializeMiddleware<ServiceInputTypes, ServiceOutputTypes>;
type Output = InitializeHandlerOutput<ServiceOutputTypes>;

/** Around everything the SDK does for one command: each attempt resolves, signs and sends anew, for the Region it goes to. */
export function callMiddleware(settings: CallSettings): CallMiddleware {
  const { policy, ports, taskType, primary, fallback, twins = {} } = settings;
  const circuit = new RegionCircuit(policy.circuit, Date.now);
  const pacings = new Map<string, RegionPacing>();
  const pacing = (region: string) => {
    const known = pacings.get(region) ?? new RegionPacing(policy);
    pacings.set(region, known);
    return known;
  };

  return (next, context) => async args => {
    const operation = (context.commandName ?? 'UnknownCommand').replace(/Command$/, '');
    const named = withRequestMetadata(operation, withIdempotencyToken(operation, args.input), ports.requestMetadata());
    const input = withServiceTier(operation, named, settings.tryServiceTier?.());
    const mayReroute = fallback !== undefined && policy.rerouted.includes(operation);
    const rerouted = mayReroute ? inputForRegion(input, { from: primary, to: fallback, twins }) : undefined;
    const streamsUp = sendsStream(input);
    const limits = {
      connectMs: policy.connectTimeoutMs,
      readMs: streamsUp ? policy.bidirectionalInactivityMs : settings.readTimeoutMs(),
      deadline: callDeadline(ports.remainingTimeMs(), policy.deadlineReserve),
    };
    const report = new CallReport(ports, { operation, modelId: modelIdOf(input), taskType, limits });
    const call = new BedrockCall<Output>({
      limits,
      primary,
      fallback: rerouted && fallback,
      repeatable: !streamsUp,
      signal: signalOf(context),
      send: region => next({ ...args, input: region === primary || !rerouted ? input : rerouted }),
    }, { policy, circuit, observer: report, pacing });

    const { result, attempts, waitedMs } = await call.run();
    Object.assign(result.output.$metadata, { attempts, totalRetryDelay: Math.round(waitedMs) });
    watchAnswer(result, report);
    return result;
  };
}

/** Attempts serialise anew, and the SDK would invent a new token for each: the same job would start twice. */
function withIdempotencyToken<T extends object>(operation: string, input: T): T {
  if (operation !== 'StartAsyncInvoke') return input;
  const { clientRequestToken } = input as { clientRequestToken?: string };
  return { ...input, clientRequestToken: clientRequestToken ?? randomUUID() };
}

function modelIdOf(input: object): string | undefined {
  const { modelId } = input as { modelId?: unknown };
  return typeof modelId === 'string' ? modelId : undefined;
}

function sendsStream(input: object): boolean {
  const { body } = input as { body?: unknown };
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}
