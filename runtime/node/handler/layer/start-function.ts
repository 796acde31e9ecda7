import { resolveRuntimeFromLayer } from './runtime-resolution';
import type * as wrappedFunction from './wrapped-function';
import type * as iamProbe from '../../probe/iam-probe';
import { settings, type HandlerKind, type ProbeLevel } from '../../telemetry/settings';
import type { UserHandler } from '../call/user-handler';

/** The start of a function: its role is probed, and its own handler loaded and wrapped, side by side. */
export async function startFunction(runtimeFolder: string): Promise<unknown> {
  try {
    resolveRuntimeFromLayer(runtimeFolder);
    const { kind, probe, probeModels } = settings();
    const { sent, verdict } = probeRole(probe, probeModels);
    // While modules load the network stands still: the requests leave first, and are answered meanwhile.
    await sent;
    const [, handler] = await Promise.all([verdict, loadHandler(kind)]);
    return restOfRuntime().underStandard(handler, kind);
  } catch (error) {
    throw restOfRuntime().initError(error);
  }
}

function probeRole(level: ProbeLevel, models: readonly string[]): Partial<iamProbe.RunningProbe> {
  if (level === 'NONE') return {};
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a function without a probe must not load what signs its requests
  const probe = require('../../probe/iam-probe') as typeof iamProbe;
  return probe.startProbe(level, models, (...line) => restOfRuntime().logEvent(...line));
}

async function loadHandler(kind: HandlerKind): Promise<UserHandler> {
  return restOfRuntime().loadHandler(kind);
}

function restOfRuntime(): typeof wrappedFunction {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it before the probe is sent
  return require('./wrapped-function') as typeof wrappedFunction;
}
