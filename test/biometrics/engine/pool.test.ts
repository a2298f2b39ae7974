import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  entriesOf,
  loadManifest,
  modelPath,
  type Engine,
  type EngineOptions,
  type JobEvent,
} from '../../../src/biometrics/engine/index.js';
import { describeWithModels, MODELS_DIR, testEngine } from '../../support/faces.js';
import { eventually } from '../../support/eventually.js';
import { CRASH, ECHO, ENTERED, FAIL, HANG, OPEN } from './odd-kinds.js';

/** The smallest model, so that workers start quickly: these tests are about the pool. */
function smallManifest(): EngineOptions['manifest'] {
  return { models: entriesOf(loadManifest(MODELS_DIR), 'face.eyes') };
}

function gate(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(8));
}

function open(...gates: Int32Array[]): void {
  for (const each of gates) {
    Atomics.store(each, OPEN, 1);
    Atomics.notify(each, OPEN);
  }
}

const bytes = (): Uint8Array => Uint8Array.of(1, 2, 3);

describeWithModels('the pool', () => {
  const engines: Engine[] = [];
  const gates: Int32Array[] = [];

  async function oddEngine(options: Partial<EngineOptions> = {}): Promise<Engine> {
    const engine = testEngine({
      manifest: smallManifest(),
      workerEntry: join(__dirname, 'odd-worker.ts'),
      ...options,
    });
    engines.push(engine);
    await engine.ready;
    return engine;
  }

  function newGate(): Int32Array {
    const made = gate();
    gates.push(made);
    return made;
  }

  const entered = (each: Int32Array, count = 1): Promise<void> =>
    eventually(() => expect(Atomics.load(each, ENTERED)).toBe(count));

  afterEach(async () => {
    open(...gates.splice(0));
    await Promise.all(engines.splice(0).map((engine) => engine.drain()));
  });

  it('is ready when every model is warm in every worker, and says which they are', async () => {
    const engine = await oddEngine({ workers: 2 });
    const [model] = smallManifest().models;
    expect(engine.status()).toMatchObject({
      ready: true,
      healthy: true,
      models: [{ id: model!.id, role: 'face.eyes', sha256: model!.sha256, warm: true }],
      workers: { configured: 2, ready: 2, busy: 0, stuck: 0 },
      queue: { length: 0, limit: 16 },
    });
  });

  it('answers a job with its result and where the time went', async () => {
    const events: JobEvent[] = [];
    const engine = await oddEngine({ onJob: (event) => events.push(event) });
    const { result, timings } = await engine.run(ECHO, bytes());
    expect(result.bytes).toEqual(bytes());
    expect(Object.keys(timings.stages)).toEqual(['echo']);
    expect(timings.ran).toBeGreaterThanOrEqual(timings.stages['echo']!);
    expect(events).toEqual([{ kind: 'test.echo', outcome: 'OK', timings }]);
  });

  it('moves what it is told to move', async () => {
    const engine = await oddEngine();
    const input = bytes();
    await engine.run(ECHO, input, { transfer: [input.buffer as ArrayBuffer] });
    expect(input.byteLength).toBe(0);
  });

  it('uses all its workers at once', async () => {
    const engine = await oddEngine({ workers: 2 });
    const both = newGate();
    const jobs = [engine.run(HANG, both), engine.run(HANG, both)];
    await entered(both, 2);
    expect(engine.status().workers.busy).toBe(2);
    open(both);
    const [one, two] = await Promise.all(jobs);
    expect(one!.result.threadId).not.toBe(two!.result.threadId);
    expect(engine.status().utilisation).toBeGreaterThan(0);
  });

  it('passes on the errors that a job throws, and hides its bugs', async () => {
    const engine = await oddEngine();
    await expect(engine.run(FAIL, 'status')).rejects.toMatchObject({
      reason: 'IMAGE_TOO_LARGE',
      message: 'So large.',
      details: { metadata: { cap: '1' } },
    });
    const bug = await engine.run(FAIL, 'bug').catch((thrown: unknown) => thrown);
    expect(bug).toMatchObject({ reason: 'INTERNAL', message: 'Internal error.' });
    expect((bug as Error).cause).toMatchObject({ message: expect.stringContaining('a bug with') as string });
  });

  it('answers INTERNAL to a kind it has no code for', async () => {
    const engine = await oddEngine();
    await expect(engine.run({ name: 'voice.nothing' }, 1)).rejects.toMatchObject({ reason: 'INTERNAL' });
  });

  it('refuses what does not fit the queue with a retry hint, and recovers', async () => {
    const engine = await oddEngine({ queueLimit: 2 });
    const slow = newGate();
    const running = engine.run(HANG, slow);
    await entered(slow);
    const queued = [engine.run(ECHO, bytes()), engine.run(ECHO, bytes())];
    const refused = await engine.run(ECHO, bytes()).catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({ reason: 'ENGINE_OVERLOADED' });
    const { retryAfterMs } = (refused as { details: { retryAfterMs: number } }).details;
    expect(retryAfterMs).toBeGreaterThanOrEqual(100);
    expect(retryAfterMs).toBeLessThanOrEqual(10_000);
    open(slow);
    await Promise.all([running, ...queued]);
    await expect(engine.run(ECHO, bytes())).resolves.toBeDefined();
    expect(engine.status().queue.length).toBe(0);
  });

  it('drops a queued job whose deadline passes, without running it', async () => {
    const engine = await oddEngine();
    const slow = newGate();
    const never = newGate();
    const running = engine.run(HANG, slow);
    await entered(slow);
    await expect(engine.run(HANG, never, { deadline: Date.now() + 20 })).rejects.toMatchObject({
      reason: 'DEADLINE_EXCEEDED',
    });
    open(slow);
    await running;
    await engine.run(ECHO, bytes());
    expect(Atomics.load(never, ENTERED)).toBe(0);
  });

  it('drops a queued job whose caller goes away, without running it', async () => {
    const engine = await oddEngine();
    const slow = newGate();
    const never = newGate();
    const running = engine.run(HANG, slow);
    await entered(slow);
    const caller = new AbortController();
    const queued = engine.run(HANG, never, { signal: caller.signal });
    caller.abort();
    await expect(queued).rejects.toMatchObject({ reason: 'CANCELLED' });
    expect(engine.status().queue.length).toBe(0);
    open(slow);
    await running;
    await engine.run(ECHO, bytes());
    expect(Atomics.load(never, ENTERED)).toBe(0);
  });

  it('refuses a job that is cancelled or late before it comes', async () => {
    const engine = await oddEngine();
    await expect(engine.run(ECHO, bytes(), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      reason: 'CANCELLED',
    });
    await expect(engine.run(ECHO, bytes(), { deadline: Date.now() - 1 })).rejects.toMatchObject({
      reason: 'DEADLINE_EXCEEDED',
    });
  });

  it('keeps the worker of a cancelled job that comes back within the grace', async () => {
    const engine = await oddEngine({ graceMs: 60_000 });
    const before = (await engine.run(ECHO, bytes())).result.threadId;
    const slow = newGate();
    const caller = new AbortController();
    const running = engine.run(HANG, slow, { signal: caller.signal });
    await entered(slow);
    caller.abort();
    await expect(running).rejects.toMatchObject({ reason: 'CANCELLED' });
    open(slow);
    expect((await engine.run(ECHO, bytes())).result.threadId).toBe(before);
    expect(engine.status().workers).toEqual({ configured: 1, ready: 1, busy: 0, stuck: 0 });
  });

  it('answers on while a run hangs: the job fails, a spare takes over, the late worker ends', async () => {
    const engine = await oddEngine({ graceMs: 0 });
    const before = (await engine.run(ECHO, bytes())).result.threadId;
    const stuck = newGate();
    const hung = engine.run(HANG, stuck, { deadline: Date.now() + 50 });
    await entered(stuck);
    await expect(hung).rejects.toMatchObject({ reason: 'DEADLINE_EXCEEDED' });
    const spare = await engine.run(ECHO, bytes());
    expect(spare.result.threadId).not.toBe(before);
    expect(engine.status()).toMatchObject({ healthy: true, workers: { ready: 1, stuck: 1 } });
    open(stuck);
    await eventually(() => expect(engine.status().workers.stuck).toBe(0));
    expect((await engine.run(ECHO, bytes())).result.threadId).toBe(spare.result.threadId);
  });

  it('asks to be replaced when as many workers as the limit never return', async () => {
    let asked = 0;
    const engine = await oddEngine({ graceMs: 0, stuckLimit: 2, onStuck: () => asked++ });
    const stuck = newGate();
    for (const count of [1, 2]) {
      const caller = new AbortController();
      const hung = engine.run(HANG, stuck, { signal: caller.signal });
      await entered(stuck, count);
      expect(asked).toBe(0);
      caller.abort();
      await expect(hung).rejects.toMatchObject({ reason: 'CANCELLED' });
    }
    await eventually(() => expect(engine.status().workers.stuck).toBe(2));
    expect(asked).toBe(1);
    expect(engine.status().healthy).toBe(false);
  });

  it.each(['exit', 'throw'] as const)('replaces a worker that crashes by %s', async (how) => {
    const engine = await oddEngine();
    const before = (await engine.run(ECHO, bytes())).result.threadId;
    await expect(engine.run(CRASH, how)).rejects.toMatchObject({ reason: 'INTERNAL' });
    expect((await engine.run(ECHO, bytes())).result.threadId).not.toBe(before);
  });

  it('finishes what it accepted when it drains, and refuses the rest', async () => {
    const engine = await oddEngine();
    const slow = newGate();
    const running = engine.run(HANG, slow);
    await entered(slow);
    const queued = engine.run(ECHO, bytes());
    const drained = engine.drain();
    await expect(engine.run(ECHO, bytes())).rejects.toMatchObject({ reason: 'DRAINING' });
    open(slow);
    await Promise.all([running, queued, drained]);
    expect(engine.status()).toMatchObject({ ready: false, workers: { ready: 0 } });
  });
});

describeWithModels('an engine without its models', () => {
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'models-'));
    mkdirSync(join(dir, 'build'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  async function refusalOf(engine: Engine): Promise<void> {
    const [model] = smallManifest().models;
    const refusal = { reason: 'MODEL_UNAVAILABLE', message: expect.stringContaining(model!.id) as string };
    const queued = engine.run(ECHO, bytes());
    await expect(engine.ready).rejects.toMatchObject(refusal);
    await expect(queued).rejects.toMatchObject(refusal);
    await expect(engine.run(ECHO, bytes())).rejects.toMatchObject(refusal);
    expect(engine.status()).toMatchObject({ ready: false, healthy: false, models: [{ warm: false }] });
    await engine.drain();
  }

  it('names the one that is missing and serves nothing', async () => {
    await refusalOf(testEngine({ manifest: smallManifest(), modelsDir: dir }));
  });

  it('names the one whose bytes are not the pinned ones and serves nothing', async () => {
    const manifest = smallManifest();
    const [entry] = manifest.models;
    copyFileSync(modelPath(MODELS_DIR, entry!), modelPath(dir, entry!));
    const altered = readFileSync(modelPath(dir, entry!));
    altered[altered.length - 1]! ^= 1;
    writeFileSync(modelPath(dir, entry!), altered);
    await refusalOf(testEngine({ manifest, modelsDir: dir }));
  });

  it('refuses a face model that the manifest does not have', () => {
    expect(() => testEngine({ faceModel: 'face-recognise-nothing/1' })).toThrow(
      expect.objectContaining({ reason: 'MODEL_UNAVAILABLE' }) as Error,
    );
  });
});
