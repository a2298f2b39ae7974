type Beat = (now: number) => void;

/** The page's clock, a beat a second: what must go on while the window is hidden or covered hangs on it, and on no timer. */
export class Pulse {
  private readonly worker = new Worker(new URL('./pulse.worker.ts', import.meta.url), { type: 'module' });
  private readonly beats = new Set<Beat>();

  constructor() {
    this.worker.addEventListener('message', ({ data }: MessageEvent<number>) => {
      for (const beat of [...this.beats]) beat(data);
    });
  }

  /** Answers what ends it. */
  onBeat(beat: Beat): () => void {
    this.beats.add(beat);
    return () => this.beats.delete(beat);
  }

  /** Resolves after `ms`, at a beat; rejects when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      let until: number | null = null;
      const end = this.onBeat((now) => {
        until ??= now + ms;
        if (now < until) return;
        end();
        resolve();
      });
      signal.addEventListener('abort', () => {
        end();
        reject(signal.reason as Error);
      });
    });
  }
}
