import { Check, Finding } from './rule';
import { adviceFor } from '../workloads/advice';
import { modelKeysOf } from '../workloads/credentials';
import { directCalls } from '../workloads/direct-calls';
import { buildsOwnClient } from '../workloads/own-client';
import { adviceWithoutLayer, isProbeOff } from '../workloads/runtime-advice';
import { isFunction, isGenAiFunction, isTask, usesRuntimeLayer } from '../workloads/workloads';

export const FunctionUsesRuntimeLayer: Check = (resource, app) => {
  const calls = directCalls(resource, app);
  if (calls?.length) return calls.map(directCall);
  if (!isFunction(resource) && !isTask(resource)) return undefined;
  const keys = modelKeysOf(resource, app).map(modelKey);
  if (!isGenAiFunction(resource, app)) return keys.length > 0 ? keys : undefined;
  if (!usesRuntimeLayer(resource, app)) return [{ info: adviceWithoutLayer(resource, app) }, ...keys];
  return [
    ...(isProbeOff(resource, app) ? [probeOff()] : []),
    ...(buildsOwnClient(resource, app) ? [ownClient()] : []),
    ...keys,
  ];
};

function ownClient(): Finding {
  return { what: 'Client::own', info: adviceFor('ownClient'), isWarning: true };
}

function probeOff(): Finding {
  return { what: 'Probe::NONE', info: adviceFor('probeOff'), isWarning: true };
}

function directCall(call: string): Finding {
  return { what: `Call::${call}`, info: adviceFor('directCall', call) };
}

function modelKey(name: string): Finding {
  return { what: `Environment::${name}`, info: adviceFor('modelKey', name), isWarning: true };
}
