import { streamHandler } from './stream';
import type { StreamCall } from './streaming';
import { untouchedStreamHandler } from './untouched-stream';
import type { EnvelopeMode } from '../../telemetry/settings';
import type { UserStreamHandler } from '../call/user-handler';

/** All that only a function that streams needs; loaded with its handler. */
export function wrapStreamHandler(handler: UserStreamHandler, envelope: EnvelopeMode): StreamCall {
  return envelope === 'ON' ? streamHandler(handler) : untouchedStreamHandler(handler, envelope);
}
