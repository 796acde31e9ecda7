import { ERROR_CODES, GATEWAY_RESPONSES } from '../contract/data';

/** What the contract says of one gateway response. */
export interface GatewayResponseContract {
  readonly code: keyof typeof ERROR_CODES.codes;
  /** None for the two default types, which keep the status of the error they stand for. */
  readonly statusCode?: number;
}

/** Every gateway response of the contract, by response type. */
export function gatewayResponseContracts(): [string, GatewayResponseContract][] {
  return Object.entries<GatewayResponseContract>(GATEWAY_RESPONSES.responses);
}

/**
 * The body of a gateway response: the error envelope with a static message.
 *
 * API Gateway fills in variables as they are. The two used here cannot break the JSON: a caller can choose the request id
 * only in the form of a UUID, and the extended request id not at all. API Gateway's own message is left out, because it
 * can hold ARNs and text of the caller.
 */
export function envelopeTemplate(code: keyof typeof ERROR_CODES.codes): string {
  const { message, retryable } = ERROR_CODES.codes[code];
  const { requestId, supportRef } = GATEWAY_RESPONSES.variables;
  return JSON.stringify({
    status: 'error',
    request_id: requestId,
    data: null,
    error: { code, message, retryable, support_ref: supportRef },
  });
}
