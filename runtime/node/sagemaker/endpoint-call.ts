import type { ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-sagemaker-runtime';
import type { InitializeHandlerOutput, InitializeMiddleware } from '@smithy/types';
import { EndpointReport } from './endpoint-report';
import type { SageMakerPorts } from './ports';
import type { ClientPolicy } from '../bedrock/client/client-policy';
import { signalOf } from '../bedrock/client/sent-call';
import { watchAnswer } from '../bedrock/client/watched-answer';
import { BedrockCall } from '../bedrock/retry/bedrock-call';
import { callDeadline } from '../bedrock/retry/call-deadline';
import { RegionCircuit } from '../bedrock/retry/region-circuit';
import { RegionPacing } from '../bedrock/retry/region-pacing';

export interface EndpointCallSettings {
  readonly policy: ClientPolicy;
  readonly ports: SageMakerPorts;
  readonly taskType: string;
  readonly region: string;
  readTimeoutMs(): number;
}

type Output = InitializeHandlerOutput<ServiceOutputTypes>;

const SERVICE = 'Amazon SageMaker';

/** Around everything the SDK does for one command: each attempt signs and sends anew. */
export function endpointCall(settings: EndpointCallSettings): InitializeMiddleware<ServiceInputTypes, ServiceOutputTypes> {
  const { policy, ports, taskType, region } = settings;
  // Without a second Region it stays closed.
  const circuit = new RegionCircuit(policy.circuit, Date.now);
  const pacingOf = pacings(policy);

  return (next, context) => async args => {
    const { EndpointName: endpointName = '', ...input } = args.input;
    const limits = {
      connectMs: policy.connectTimeoutMs,
      readMs: settings.readTimeoutMs(),
      deadline: callDeadline(ports.remainingTimeMs(), policy.deadlineReserve),
      service: SERVICE,
    };
    const operation = (context.commandName ?? 'UnknownCommand').replace(/Command$/, '');
    const component = 'InferenceComponentName' in input ? input.InferenceComponentName : undefined;
    const report = new EndpointReport(ports, { operation, endpointName, component, taskType, limits });
    const pacing = pacingOf(endpointName);
    const call = new BedrockCall<Output>({
      limits,
      primary: region,
      fallback: undefined,
      repeatable: true,
      signal: signalOf(context),
      send: () => next(args),
    }, { policy, circuit, observer: report, pacing: () => pacing });

    const { result, attempts, waitedMs } = await call.run();
    Object.assign(result.output.$metadata, { attempts, totalRetryDelay: Math.round(waitedMs) });
    watchAnswer(result, report, SERVICE);
    return result;
  };
}

/** One endpoint that is busy says nothing of another. */
function pacings(policy: ClientPolicy): (endpointName: string) => RegionPacing {
  const known = new Map<string, RegionPacing>();
  return endpointName => {
    const pacing = known.get(endpointName) ?? new RegionPacing(policy);
    known.set(endpointName, pacing);
    return pacing;
  };
}
