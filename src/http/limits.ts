/** What the façade takes from one request. */
export interface HttpLimits {
  /** Largest body in bytes. Ten base64 pictures must fit. */
  maxBodyBytes: number;
  /** Most bytes of bodies held at a time, over all requests; one more is refused with 429 until others are done. */
  maxHeldBytes: number;
  /** Most of them that one address may hold: what is announced is held until it has come, or has not for a minute. */
  maxHeldBytesPerPeer: number;
  /** Deepest nesting of a JSON body. */
  maxJsonDepth: number;
  /** Most members and elements of a JSON body; 5000 students of three fields are 20,000. */
  maxJsonValues: number;
  /** Milliseconds an operation may take once its request is read. */
  requestTimeoutMs: number;
}

export const DEFAULT_LIMITS: HttpLimits = {
  maxBodyBytes: 32 * 1024 * 1024,
  maxHeldBytes: 512 * 1024 * 1024,
  maxHeldBytesPerPeer: 192 * 1024 * 1024,
  maxJsonDepth: 16,
  maxJsonValues: 100_000,
  requestTimeoutMs: 30_000,
};
