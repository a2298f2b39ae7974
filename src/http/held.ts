import type { IncomingMessage } from 'node:http';
import { StatusError } from '../call/index.js';
import type { HttpLimits } from './limits.js';

/**
 * The memory that bodies take over all requests. A caller is known only once the core has looked at the token, when the
 * body is already read: without a bound, a few hundred strangers could fill the process.
 */
export class HeldBodies {
  private held = 0;

  constructor(private readonly limits: Pick<HttpLimits, 'maxBodyBytes' | 'maxHeldBytes'>) {}

  /**
   * Takes the room that a request announces, or the most it may need where it does not say.
   * @returns gives the room back; call it once
   * @throws StatusError ENGINE_OVERLOADED
   */
  take(request: IncomingMessage): () => void {
    const announced =
      request.headers['transfer-encoding'] === undefined
        ? Number(request.headers['content-length'] ?? 0)
        : this.limits.maxBodyBytes;
    const bytes = Math.min(announced, this.limits.maxBodyBytes);
    if (this.held + bytes > this.limits.maxHeldBytes) {
      throw new StatusError('ENGINE_OVERLOADED', 'Too many requests at a time; try again later.', {
        retryAfterMs: 1000,
      });
    }
    this.held += bytes;
    return () => {
      this.held -= bytes;
    };
  }
}
