/** Why a call out did not bring an answer. */
export type OutboundFailure =
  /** Calls out are switched off (PROBITY_OUTBOUND). */
  | 'OFF'
  /** The address is private, reserved or otherwise not one of the public internet, and nobody allowed it. */
  | 'ADDRESS_REFUSED'
  /** Plain HTTP to an address that nobody allowed: what is sent would be readable on the way. */
  | 'PLAINTEXT_REFUSED'
  /** The answer sends the caller elsewhere. Nobody checked elsewhere, and it would get the credentials. */
  | 'REDIRECTED'
  | 'TOO_LARGE'
  | 'TIMED_OUT'
  /** No such name, nobody listens, the connection broke, its certificate is not trusted. */
  | 'UNREACHABLE';

/** A call out that brought no answer. `message` may be shown: it names the host and nothing of the request. */
export class OutboundError extends Error {
  constructor(
    readonly failure: OutboundFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'OutboundError';
  }
}
