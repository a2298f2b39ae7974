import type { IncomingMessage } from 'node:http';
import { StatusError } from '../call/index.js';
import type { HttpLimits } from './limits.js';

/**
 * The memory that bodies take over all requests. A caller is known only once the core has looked at the token, when the
 * body is already read: without a bound, a few hundred strangers could fill the process.
 */
export class HeldBodies {
  private held = 0;
  /** By address; nothing where nothing is held. */
  private readonly byPeer = new Map<string, number>();

  constructor(
    private readonly limits: Pick<HttpLimits, 'maxBodyBytes' | 'maxHeldBytes' | 'maxHeldBytesPerPeer'>,
  ) {}

  /**
   * Takes the room that a request announces, or the most it may need where it does not say.
   * @param peer the client's address: a stranger who announces much and sends nothing must not keep everybody out
   * @returns gives the room back; call it once
   * @throws StatusError ENGINE_OVERLOADED
   */
  take(request: Pick<IncomingMessage, 'headers'>, peer: string): () => void {
    const announced =
      request.headers['transfer-encoding'] === undefined
        ? Number(request.headers['content-length'] ?? 0)
        : this.limits.maxBodyBytes;
    const bytes = Math.min(announced, this.limits.maxBodyBytes);
    const ofPeer = this.byPeer.get(peer) ?? 0;
    if (this.held + bytes > this.limits.maxHeldBytes || ofPeer + bytes > this.limits.maxHeldBytesPerPeer) {
      throw new StatusError('ENGINE_OVERLOADED', 'Too many requests at a time; try again later.', {
        retryAfterMs: 1000,
      });
    }
    this.held += bytes;
    this.byPeer.set(peer, ofPeer + bytes);
    return () => {
      this.held -= bytes;
      const left = (this.byPeer.get(peer) ?? 0) - bytes;
      if (left > 0) this.byPeer.set(peer, left);
      else this.byPeer.delete(peer);
    };
  }
}
