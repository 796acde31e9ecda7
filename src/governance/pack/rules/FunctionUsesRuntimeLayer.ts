import { Check, Finding } from './rule';
import { modelKeysOf } from '../workloads/credentials';
import { directCalls } from '../workloads/direct-calls';
import { adviceWithoutLayer, isProbeOff } from '../workloads/runtime-advice';
import { isFunction, isGenAiFunction, isTask, usesRuntimeLayer } from '../workloads/workloads';

export const FunctionUsesRuntimeLayer: Check = (resource, app) => {
  const calls = directCalls(resource, app);
  if (calls?.length) return calls.map(directCall);
  if (!isFunction(resource) && !isTask(resource)) return undefined;
  const keys = modelKeysOf(resource, app).map(modelKey);
  if (!isGenAiFunction(resource, app)) return keys.length > 0 ? keys : undefined;
  if (!usesRuntimeLayer(resource, app)) return [{ info: adviceWithoutLayer(resource, app) }, ...keys];
  return isProbeOff(resource, app) ? [PROBE_OFF, ...keys] : keys;
};

const PROBE_OFF: Finding = {
  what: 'Probe::NONE',
  info: 'The function checks nothing of its role while it starts: a missing permission shows with the first request only. ' +
    'Leave PLUMBLINE_PROBE as StandardLambda sets it, or give it `probe: IamProbe.BASIC`.',
  isWarning: true,
};

function directCall(call: string): Finding {
  return {
    what: `Call::${call}`,
    info: `The resource calls ${call} itself: no time-out, retry, metric or envelope of the standard holds for the call. ` +
      'Use a StandardLambda that runs the model, and call that.',
  };
}

function modelKey(name: string): Finding {
  return {
    what: `Environment::${name}`,
    info: `The environment holds ${name}: calls with that key pass by the role, its guardrail and its models. ` +
      'Use a BedrockTaskRole and the client of the runtime instead of a key.',
    isWarning: true,
  };
}
