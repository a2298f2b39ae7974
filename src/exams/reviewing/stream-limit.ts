import { StatusError } from '../../call/index.js';

/** How many streams one person may hold open at a time on this node. */
export class StreamLimit {
  private readonly open = new Map<string, number>();

  constructor(private readonly most: number) {}

  /**
   * @returns gives the place back; call it once
   * @throws StatusError ENGINE_OVERLOADED
   */
  take(userId: string): () => void {
    const open = this.open.get(userId) ?? 0;
    if (open >= this.most) {
      throw new StatusError('ENGINE_OVERLOADED', `More than ${this.most} streams are open; close one.`, {
        retryAfterMs: 5000,
      });
    }
    this.open.set(userId, open + 1);
    return () => {
      const left = (this.open.get(userId) ?? 1) - 1;
      if (left > 0) this.open.set(userId, left);
      else this.open.delete(userId);
    };
  }
}
