import { join } from 'node:path';
import pino from 'pino';
import type { Engine, FaceAnalyser, FaceParts, FaceTemplate, ModelRole } from '../../src/biometrics/index.js';
import { answer } from './child.js';
import { stopwatch, watchLoop, type LoopDelay, type Spent } from './clocks.js';
import { ROOT } from './paths.js';
import { biometrics } from './product.js';
import { RAW_MODELS } from './raw.js';

/** The engine at its door, in a process without servers and without a database. */

/** What an exam asks of a picture. */
const EXAM: FaceParts = { embedding: true, pose: true, eyes: false, quality: true, liveness: true };
/** Detection, landmarks and descriptor: what the peers are asked for. */
const DESCRIPTOR: FaceParts = { embedding: true, pose: false, eyes: false, quality: false, liveness: false };
/** Jobs in the pool's queue for each worker while it is saturated. */
const QUEUED_PER_WORKER = 2;

interface Pool {
  engine: Engine;
  analyser: FaceAnalyser;
}

const modelsDir = join(ROOT, 'models');
const manifest = biometrics.loadManifest(modelsDir);
const [recogniser] = biometrics.entriesOf(manifest, 'face.recognise');
const pools = new Map<number, Pool>();
let roles: ModelRole[] = [];
let reference: FaceTemplate | undefined;

function poolOf(workers: number): Pool {
  const pool = pools.get(workers);
  if (!pool) throw new Error(`No pool of ${workers} was started`);
  return pool;
}

async function compared(image: Uint8Array, parts: FaceParts): Promise<number> {
  if (!recogniser || !reference) throw new Error('Not prepared');
  const { primary } = await poolOf(1).analyser.analyse(image, parts);
  if (!primary?.template) throw new Error('No face was found');
  return biometrics.score(primary.template, [reference], recogniser);
}

const questions = {
  /** Starts pools of one and of `workers`, and says which models an exam's picture runs. */
  async start(input: { workers: number; reference: Uint8Array; probe: Uint8Array }): Promise<ModelRole[]> {
    for (const workers of new Set([1, input.workers])) {
      const engine = biometrics.createEngine({
        modelsDir,
        manifest,
        workers,
        queueLimit: 64,
        log: pino({ level: 'warn' }, pino.destination(2)),
        workerEntry: join(__dirname, 'worker.ts'),
      });
      await engine.ready;
      pools.set(workers, { engine, analyser: biometrics.createFaceAnalyser(engine) });
    }
    const { analyser } = poolOf(1);
    reference = (await analyser.analyse(input.reference, DESCRIPTOR)).primary?.template ?? undefined;
    const { timings } = await analyser.analyse(input.probe, EXAM);
    roles = manifest.models.filter(({ id }) => id in timings.models).map(({ role }) => role);
    return roles;
  },

  async raw(): Promise<Spent> {
    const read = stopwatch();
    await poolOf(1).engine.run(RAW_MODELS, roles);
    return read();
  },

  /** The analysis of an exam's picture and its comparison. */
  async verification(image: Uint8Array): Promise<Spent> {
    const read = stopwatch();
    await compared(image, EXAM);
    return read();
  },

  /** Detection, landmarks, descriptor and comparison only. */
  async descriptor(image: Uint8Array): Promise<Spent & { score: number }> {
    const read = stopwatch();
    const score = await compared(image, DESCRIPTOR);
    return { ...read(), score };
  },

  /** Keeps the pool's queue full until `jobs` are done; jobs a second, and how late the event loop was. */
  async saturate({
    workers,
    jobs,
    image,
  }: {
    workers: number;
    jobs: number;
    image: Uint8Array;
  }): Promise<{ perSecond: number; loop: LoopDelay; cpu: number }> {
    const { analyser } = poolOf(workers);
    const read = stopwatch();
    const loop = watchLoop();
    let left = jobs;
    const keepOneRunning = async (): Promise<void> => {
      while (left-- > 0) await analyser.analyse(image, EXAM);
    };
    await Promise.all(Array.from({ length: workers * QUEUED_PER_WORKER }, keepOneRunning));
    const { wall, cpu } = read();
    return { perSecond: (jobs * 1000) / wall, loop: loop(), cpu: cpu / jobs };
  },
};

export type EngineQuestions = typeof questions;

answer(questions, async () => {
  await Promise.all([...pools.values()].map(({ engine }) => engine.drain()));
});
