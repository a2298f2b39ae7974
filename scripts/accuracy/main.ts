import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pino from 'pino';
import {
  applyGate,
  createEngine,
  createFaceAnalyser,
  entriesOf,
  loadManifest,
  type GatePurpose,
  type RecogniserEntry,
} from '../../src/biometrics/index.js';
import { acquire, type Subject } from './acquire.js';
import { attackRates, judge } from './attacks.js';
import { enrolments, singlePictures } from './comparisons.js';
import { CorpusError, readGroups, readSubjects } from './corpus.js';
import { evaluate, type RuleResult } from './evaluate.js';
import { detPlot } from './plot.js';
import { render, type AcquisitionSummary, type Report } from './report.js';
import { simulate, type SequenceResult } from './sequences.js';
import { rateOf } from './statistics.js';

const MODELS = join(__dirname, '../../models');
const CADENCES_MS = [10_000, 2_000];
const USAGE = `npm run accuracy -- [--faces DIR] [--attacks DIR] [--model ID] [--out DIR] [--workers N]

  --faces DIR    a folder per person; the most central face of a picture counts
  --attacks DIR  bonafide/ and a folder per species of presentation attack
  --model ID     face recognition model of models/manifest.json (default: the first)
  --out DIR      where accuracy.json and det.svg go (default: data/accuracy)
  --workers N    inference threads (default: one a core)

At least one of --faces and --attacks is needed.`;

/** A command line that cannot be served. */
class UsageError extends Error {}

interface Options {
  faces?: string;
  attacks?: string;
  model?: string;
  out: string;
  workers: number;
}

function readOptions(): Options {
  try {
    const { values } = parseArgs({
      options: {
        faces: { type: 'string' },
        attacks: { type: 'string' },
        model: { type: 'string' },
        out: { type: 'string', default: 'data/accuracy' },
        workers: { type: 'string', default: String(availableParallelism()) },
      },
    });
    const workers = Number(values.workers);
    if (!Number.isInteger(workers) || workers < 1)
      throw new Error('--workers needs a whole number of at least 1');
    if (values.faces === undefined && values.attacks === undefined) throw new Error('Nothing to measure');
    return { ...values, workers };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  const faces = options.faces === undefined ? null : readSubjects(options.faces);
  const attacks = options.attacks === undefined ? null : readGroups(options.attacks);
  const manifest = loadManifest(MODELS);
  const recognisers = entriesOf(manifest, 'face.recognise');
  const recogniser = recognisers.find(({ id }) => options.model === undefined || id === options.model);
  if (!recogniser) {
    throw new UsageError(
      `There is no model ${options.model}; there are ${recognisers.map(({ id }) => id).join(', ')}`,
    );
  }

  const engine = createEngine({
    modelsDir: MODELS,
    manifest,
    faceModel: recogniser.id,
    workers: options.workers,
    queueLimit: options.workers * 4,
    log: pino({ level: 'warn' }),
  });
  await engine.ready;
  const analyser = createFaceAnalyser(engine);
  const subjects = faces
    ? await acquire(faces, analyser, options.workers, progress(faces.flatMap((each) => each.pictures).length))
    : [];
  const report: Report = {
    measuredAt: new Date().toISOString(),
    data: [options.faces, options.attacks].filter((each) => each !== undefined).join(', '),
    model: recogniser.id,
    fusion: recogniser.decision.fusion,
    acquisition: faces ? summarise(subjects) : null,
    rules: faces ? await measureRules(subjects, recogniser) : [],
    sequences: faces ? await measureSequences(subjects, recogniser) : [],
    attacks: attacks ? attackRates(await judge(attacks, analyser)) : null,
  };
  await engine.drain();

  process.stdout.write(render(report));
  mkdirSync(options.out, { recursive: true });
  const withoutCurves = { ...report, rules: report.rules.map(({ curve: _curve, ...rule }) => rule) };
  writeFileSync(join(options.out, 'accuracy.json'), `${JSON.stringify(withoutCurves, null, 2)}\n`);
  if (report.rules.length > 0) {
    const curves = report.rules.map(({ name, curve }) => ({ name, points: curve }));
    writeFileSync(join(options.out, 'det.svg'), detPlot(`DET, ${recogniser.id}`, curves));
  }
  process.stdout.write(`\nWritten to ${options.out}\n`);
}

function summarise(subjects: Subject[]): AcquisitionSummary {
  const all = subjects.flatMap(({ acquisitions }) => acquisitions);
  const acquired = all.flatMap(({ analysis }) => (analysis ? [analysis] : []));
  const refused = (purpose: GatePurpose): number =>
    acquired.filter((analysis) => !applyGate(analysis, purpose).passed).length;
  return {
    people: subjects.length,
    pictures: all.length,
    failureToAcquire: rateOf(all.length - acquired.length, all.length),
    failed: all.flatMap(({ picture, failure }) => (failure ? [{ picture, failure }] : [])),
    refusedForEnrolment: rateOf(refused('ENROLMENT'), acquired.length),
    refusedForVerification: rateOf(refused('VERIFICATION'), acquired.length),
    withBystanders: rateOf(all.filter(({ bystanders }) => bystanders > 0).length, all.length),
  };
}

async function measureRules(subjects: Subject[], recogniser: RecogniserEntry): Promise<RuleResult[]> {
  const designs = [singlePictures(subjects)];
  for (const { templates } of recogniser.decision.rules) {
    designs.push(await enrolments(subjects, templates, recogniser));
  }
  return designs.map((design) => evaluate(design, subjects.length, recogniser));
}

async function measureSequences(subjects: Subject[], recogniser: RecogniserEntry): Promise<SequenceResult[]> {
  const results: SequenceResult[] = [];
  for (const { templates } of recogniser.decision.rules) {
    for (const frames of ['changing', 'constant'] as const) {
      for (const cadenceMs of CADENCES_MS) {
        results.push(await simulate(subjects, recogniser, { templates, frames, cadenceMs }));
      }
    }
  }
  return results;
}

/** Says on stderr how far it is, at every twentieth. */
function progress(total: number): (done: number) => void {
  return (done) => {
    const step = (n: number): number => Math.floor((n * 20) / total);
    if (step(done) > step(done - 1)) process.stderr.write(`${done} of ${total} pictures\n`);
  };
}

main().catch((error: unknown) => {
  const expected = error instanceof UsageError || error instanceof CorpusError;
  console.error(expected ? error.message : error);
  process.exit(expected ? 2 : 1);
});
