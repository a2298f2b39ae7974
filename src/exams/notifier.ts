/**
 * Wakes the streams of this process when something of their session was committed here. Only a hint: what is
 * committed elsewhere is found by looking, so a hint that gets lost costs a moment and no event.
 */
export interface Notifier {
  notify(sessionId: string): void;
  /** Returns the function that ends it. */
  subscribe(sessionId: string, wake: () => void): () => void;
}

export function createNotifier(): Notifier {
  const waiting = new Map<string, Set<() => void>>();
  return {
    notify(sessionId) {
      waiting.get(sessionId)?.forEach((wake) => wake());
    },
    subscribe(sessionId, wake) {
      const wakes = waiting.get(sessionId) ?? new Set();
      waiting.set(sessionId, wakes.add(wake));
      return () => {
        wakes.delete(wake);
        if (wakes.size === 0) waiting.delete(sessionId);
      };
    },
  };
}
