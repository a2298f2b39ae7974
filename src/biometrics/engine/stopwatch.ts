/** Adds up where a job's milliseconds go. One per worker, reset between jobs. */
export class Stopwatch {
  stages: Record<string, number> = {};
  models: Record<string, number> = {};

  reset(): void {
    this.stages = {};
    this.models = {};
  }

  async stage<T>(name: string, step: () => T | Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await step();
    } finally {
      this.stages[name] = (this.stages[name] ?? 0) + performance.now() - start;
    }
  }

  model(id: string, milliseconds: number): void {
    this.models[id] = (this.models[id] ?? 0) + milliseconds;
  }
}
