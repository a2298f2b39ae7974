import * as ort from 'onnxruntime-node';
import { readModel, type EntryOf, type ModelEntry, type ModelRole } from './manifest.js';
import type { Stopwatch } from './stopwatch.js';

/** Imported inside workers only: `run()` blocks the thread it is called on. */

const OPTIONS: ort.InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  // Errors only: some published graphs list their initialisers as inputs, a warning per weight.
  logSeverityLevel: 3,
};

/** A model that cannot be used: missing, not the pinned bytes, or not the shape the manifest says. */
export class ModelUnavailable extends Error {
  constructor(
    readonly model: string,
    cause: unknown,
  ) {
    super(`Model ${model} is unavailable: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

/** One model, loaded. Its input buffer is allocated once: fill `input`, then `run`. */
export class LoadedModel<Entry extends ModelEntry = ModelEntry> {
  readonly input: Float32Array;
  private readonly feeds: Record<string, ort.Tensor>;

  constructor(
    readonly entry: Entry,
    private readonly session: ort.InferenceSession,
    private readonly watch: Stopwatch,
  ) {
    const { name, shape } = entry.input;
    this.input = new Float32Array(size(shape));
    this.feeds = { [name]: new ort.Tensor('float32', this.input, shape) };
  }

  /** Runs on whatever is in `input`; answers the outputs in the manifest's order. */
  async run(): Promise<Float32Array[]> {
    const start = performance.now();
    const results = await this.session.run(this.feeds);
    this.watch.model(this.entry.id, performance.now() - start);
    return this.entry.outputs.map(({ name, shape }) => {
      const data = results[name]?.data;
      if (!(data instanceof Float32Array) || data.length !== size(shape)) {
        throw new Error(`output ${name} is not float32 of shape ${shape.join('x')}`);
      }
      return data;
    });
  }

  /** `run` of a model with a single output. */
  async runOne(): Promise<Float32Array> {
    const [output] = await this.run();
    if (!output) throw new Error(`Model ${this.entry.id} has no output`);
    return output;
  }

  release(): Promise<void> {
    return this.session.release();
  }
}

/** The models of one worker, by role. */
export class Models {
  private constructor(
    private readonly byRole: ReadonlyMap<ModelRole, LoadedModel>,
    readonly watch: Stopwatch,
  ) {}

  /**
   * Loads every entry and runs it once, so that the first job pays for nothing.
   *
   * @throws ModelUnavailable for the first that is missing, altered or of another shape
   */
  static async load(dir: string, entries: readonly ModelEntry[], watch: Stopwatch): Promise<Models> {
    const byRole = new Map<ModelRole, LoadedModel>();
    for (const entry of entries) {
      try {
        const session = await ort.InferenceSession.create(await readModel(dir, entry), OPTIONS);
        const model = new LoadedModel(entry, session, watch);
        await model.run();
        byRole.set(entry.role, model);
      } catch (cause) {
        throw new ModelUnavailable(entry.id, cause);
      }
    }
    return new Models(byRole, watch);
  }

  /** @throws Error when no model of the role is configured */
  get<R extends ModelRole>(role: R): LoadedModel<EntryOf<R>> {
    const model = this.byRole.get(role);
    if (!model) throw new Error(`No model is configured for ${role}`);
    // Keyed by the entry's own role, so the entry is of that role.
    return model as unknown as LoadedModel<EntryOf<R>>;
  }

  async release(): Promise<void> {
    await Promise.all([...this.byRole.values()].map((model) => model.release()));
  }
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}
