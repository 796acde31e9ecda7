import type { UserHandler, UserStreamHandler } from './call/user-handler';
import { apiHandler } from './kinds/api';
import { autoHandler } from './kinds/auto';
import { eventHandler } from './kinds/event';
import type * as streaming from './kinds/stream-handler';
import { untouchedHandler } from './kinds/untouched';
import { settings, type EnvelopeMode, type HandlerKind } from '../telemetry/settings';

export interface StandardHandlerOptions<K extends HandlerKind = HandlerKind> {
  /** How results and errors leave. @default the function's own kind, AUTO outside of a function of the standard */
  readonly kind?: K;
  /** Whether they leave in the envelope. @default the function's own, ON outside of a function of the standard */
  readonly envelope?: EnvelopeMode;
}

/** Under the layer this changes nothing: the layer has wrapped the handler already, and only the outer wrapping counts. */
export function standardHandler<E, C, R>(handler: (event: E, context: C) => R, options?: StandardHandlerOptions<'AUTO' | 'API' | 'EVENT'>):
(event: E, context: C) => Promise<unknown>;
export function standardHandler<E, S, C, R>(handler: (event: E, stream: S, context: C) => R, options: StandardHandlerOptions<'STREAM'>):
(event: E, stream: S, context: C) => Promise<void>;
export function standardHandler(handler: unknown, options: StandardHandlerOptions = {}): unknown {
  return wrapHandler(handler as UserHandler, options.kind ?? settings().kind, options.envelope);
}

export function wrapHandler(
  handler: UserHandler | UserStreamHandler, kind: HandlerKind, envelope: EnvelopeMode = settings().envelope,
): unknown {
  if (kind === 'STREAM') return streams().wrapStreamHandler(handler as UserStreamHandler, envelope);
  if (envelope !== 'ON') return untouchedHandler(handler as UserHandler, kind, envelope);
  switch (kind) {
    case 'AUTO': return autoHandler(handler as UserHandler);
    case 'API': return apiHandler(handler as UserHandler);
    case 'EVENT': return eventHandler(handler as UserHandler);
  }
}

function streams(): typeof streaming {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it with every function
  return require('./kinds/stream-handler') as typeof streaming;
}
