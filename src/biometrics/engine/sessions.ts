import * as ort from 'onnxruntime-node';
import {
  readModel,
  type ModelEntry,
  type ModelRole,
  type PictureEntry,
  type SpeakerEntry,
  type VoiceActivityEntry,
} from './manifest.js';
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

type Feeds = Readonly<Record<string, ort.Tensor>>;

/** One model, loaded. */
class LoadedModel<Entry extends ModelEntry> {
  constructor(
    readonly entry: Entry,
    private readonly session: ort.InferenceSession,
    private readonly watch: Stopwatch,
  ) {}

  /** The outputs in the manifest's order, each of `count` times its shape. */
  protected async infer(feeds: Feeds, count: number): Promise<Float32Array[]> {
    const start = performance.now();
    const results = await this.session.run(feeds);
    this.watch.model(this.entry.id, performance.now() - start);
    return this.entry.outputs.map(({ name, shape }) => {
      const data = results[name]?.data;
      if (!(data instanceof Float32Array) || data.length !== count * size(shape)) {
        throw new Error(`output ${name} is not float32 of shape ${shape.join('x')}`);
      }
      return data;
    });
  }

  release(): Promise<void> {
    return this.session.release();
  }
}

/** A model of pictures of one size. Its input buffer is allocated once: fill `input`, then `run`. */
export class PictureModel<Entry extends PictureEntry = PictureEntry> extends LoadedModel<Entry> {
  readonly input: Float32Array;
  private readonly feeds: Feeds;

  constructor(entry: Entry, session: ort.InferenceSession, watch: Stopwatch) {
    super(entry, session, watch);
    const { name, shape } = entry.input;
    this.input = new Float32Array(size(shape));
    this.feeds = { [name]: new ort.Tensor('float32', this.input, shape) };
  }

  /** Runs on whatever is in `input`; answers the outputs in the manifest's order. */
  run(): Promise<Float32Array[]> {
    return this.infer(this.feeds, 1);
  }

  /** `run` of a model with a single output. */
  async runOne(): Promise<Float32Array> {
    const [output] = await this.run();
    if (!output) throw new Error(`Model ${this.entry.id} has no output`);
    return output;
  }

  warm(): Promise<unknown> {
    return this.run();
  }
}

/** A model that makes an embedding of each waveform it is given. */
export class SpeakerModel extends LoadedModel<SpeakerEntry> {
  /** @param samples as many waveforms as `count`, of one length, one after the other */
  async run(samples: Float32Array, count: number): Promise<Float32Array[]> {
    const { input, dimensions } = this.entry;
    const tensor = new ort.Tensor('float32', samples, [count, samples.length / count]);
    const [embeddings] = await this.infer({ [input.name]: tensor }, count);
    return Array.from({ length: count }, (_, i) =>
      (embeddings ?? new Float32Array()).slice(i * dimensions, (i + 1) * dimensions),
    );
  }

  warm(): Promise<unknown> {
    const { samples, sampleRate } = this.entry.input;
    return this.run(new Float32Array(samples ?? sampleRate), 1);
  }
}

/** A model that goes through one waveform frame by frame and carries a state along. */
export class ActivityModel extends LoadedModel<VoiceActivityEntry> {
  /** @param state of the frame before; absent for the first. @returns probability of speech, and the state after it */
  async step(frame: Float32Array, state?: Float32Array): Promise<[number, Float32Array]> {
    const { input, outputs } = this.entry;
    const shape = outputs[1]?.shape ?? [];
    const [probability, after] = await this.infer(
      {
        [input.name]: new ort.Tensor('float32', frame, [1, frame.length]),
        state: new ort.Tensor('float32', state ?? new Float32Array(size(shape)), shape),
        sr: new ort.Tensor('int64', [BigInt(input.sampleRate)], []),
      },
      1,
    );
    if (probability?.[0] === undefined || !after) throw new Error(`Model ${this.entry.id} carries no state`);
    return [probability[0], after];
  }

  warm(): Promise<unknown> {
    return this.step(new Float32Array(this.entry.input.samples ?? 0));
  }
}

type Loaded = PictureModel | SpeakerModel | ActivityModel;
/** The kind of model that does the work of a role. */
type LoadedFor<R extends ModelRole> = R extends 'voice.embed'
  ? SpeakerModel
  : R extends 'voice.vad'
    ? ActivityModel
    : PictureModel<Extract<PictureEntry, { role: R }>>;

function loaded(entry: ModelEntry, session: ort.InferenceSession, watch: Stopwatch): Loaded {
  switch (entry.role) {
    case 'voice.embed':
      return new SpeakerModel(entry, session, watch);
    case 'voice.vad':
      return new ActivityModel(entry, session, watch);
    default:
      return new PictureModel(entry, session, watch);
  }
}

/** The models of one worker, by role. */
export class Models {
  private constructor(
    private readonly byRole: ReadonlyMap<ModelRole, Loaded>,
    readonly watch: Stopwatch,
  ) {}

  /**
   * Loads every entry and runs it once, so that the first job pays for nothing.
   *
   * @throws ModelUnavailable for the first that is missing, altered or of another shape
   */
  static async load(dir: string, entries: readonly ModelEntry[], watch: Stopwatch): Promise<Models> {
    const byRole = new Map<ModelRole, Loaded>();
    for (const entry of entries) {
      try {
        const session = await ort.InferenceSession.create(await readModel(dir, entry), OPTIONS);
        const model = loaded(entry, session, watch);
        await model.warm();
        byRole.set(entry.role, model);
      } catch (cause) {
        throw new ModelUnavailable(entry.id, cause);
      }
    }
    return new Models(byRole, watch);
  }

  /** @throws Error when no model of the role is configured */
  get<R extends ModelRole>(role: R): LoadedFor<R> {
    const model = this.byRole.get(role);
    if (!model) throw new Error(`No model is configured for ${role}`);
    // Keyed by the entry's own role, so the model is of the kind of that role.
    return model as unknown as LoadedFor<R>;
  }

  async release(): Promise<void> {
    await Promise.all([...this.byRole.values()].map((model) => model.release()));
  }
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}
