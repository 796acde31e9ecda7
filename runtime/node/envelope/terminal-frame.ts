import { serializeEnvelope, type Envelope } from './envelope';
import { RUNTIME_ENVIRONMENT } from '../../../src/contract/data';

const { endEvent, errorEvent } = RUNTIME_ENVIRONMENT.stream;

/**
 * The last frame of a stream. A function of kind STREAM has it written for it; what streams from a container writes it itself.
 *
 * A server-sent event, because its name stands beside the envelope and not in it; the blank line in front ends whatever token came before.
 */
export function terminalFrame(envelope: Envelope): string {
  const event = envelope.status === 'error' ? errorEvent : endEvent;
  return `\n\nevent: ${event}\ndata: ${serializeEnvelope(envelope)}\n\n`;
}
