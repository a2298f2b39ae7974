/**
 * Wakes the streams of this process when something of what they follow, a session or an exam, was committed here. Only
 * a hint: what is committed elsewhere is found by looking, so a hint that gets lost costs a moment and no event.
 */
export interface Notifier {
  notify(id: string): void;
  /** Returns the function that ends it. */
  subscribe(id: string, wake: () => void): () => void;
}

export function createNotifier(): Notifier {
  const waiting = new Map<string, Set<() => void>>();
  return {
    notify(id) {
      waiting.get(id)?.forEach((wake) => wake());
    },
    subscribe(id, wake) {
      const wakes = waiting.get(id) ?? new Set();
      waiting.set(id, wakes.add(wake));
      return () => {
        wakes.delete(wake);
        if (wakes.size === 0) waiting.delete(id);
      };
    },
  };
}
