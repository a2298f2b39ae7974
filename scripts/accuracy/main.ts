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
  type EngineOptions,
  type GatePurpose,
  type Manifest,
  type RecogniserEntry,
  type SpeakerEntry,
} from '../../src/biometrics/index.js';
import { acquire, type Subject } from './acquire.js';
import { attackRates, judge } from './attacks.js';
import { enrolments, singlePictures } from './comparisons.js';
import { CorpusError, readGroups, readSubjects, type Group } from './corpus.js';
import { evaluate, type RuleResult } from './evaluate.js';
import { keystrokeReport, renderKeystrokes } from './keystroke/report.js';
import { detPlot } from './plot.js';
import { simulateFused, type FusedResult } from './fused.js';
import { render, type AcquisitionSummary, type Report } from './report.js';
import { renderSignatures, signatureReport } from './signature/report.js';
import { simulate, type SequenceResult } from './sequences.js';
import { renderSpeech, speechReport } from './speech/index.js';
import { rateOf } from './statistics.js';

const MODELS = join(__dirname, '../../models');
const CADENCES_MS = [10_000, 2_000];
const USAGE = `npm run accuracy -- [--faces DIR] [--attacks DIR] [--speech DIR] [--keystroke FILE] [--signature DIR] [--model ID] [--out DIR] [--workers N]

  --faces DIR    a folder per person; the most central face of a picture counts
  --attacks DIR  bonafide/ and a folder per species of presentation attack
  --speech DIR   a folder per speaker
  --keystroke FILE
                 CSV of typing times: subject, sessionIndex, rep, H.*, DD.*, UD.* in seconds
  --signature DIR
                 files UxSy.TXT in the layout of SVC2004: 1-20 genuine, 21-40 skilled forgeries
  --model ID     face recognition or speaker model of models/manifest.json (default: the first of each)
  --out DIR      where the figures (.json) and DET plots (.svg) go (default: data/accuracy)
  --workers N    inference threads (default: one a core)

At least one of --faces, --attacks, --speech, --keystroke and --signature is needed.`;

/** A command line that cannot be served. */
class UsageError extends Error {}

interface Options {
  faces?: string;
  attacks?: string;
  speech?: string;
  keystroke?: string;
  signature?: string;
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
        speech: { type: 'string' },
        keystroke: { type: 'string' },
        signature: { type: 'string' },
        model: { type: 'string' },
        out: { type: 'string', default: 'data/accuracy' },
        workers: { type: 'string', default: String(availableParallelism()) },
      },
    });
    const workers = Number(values.workers);
    if (!Number.isInteger(workers) || workers < 1)
      throw new Error('--workers needs a whole number of at least 1');
    const { faces, attacks, speech, keystroke, signature } = values;
    if ([faces, attacks, speech, keystroke, signature].every((each) => each === undefined)) {
      throw new Error('Nothing to measure');
    }
    return { ...values, workers };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  const faces = options.faces === undefined ? null : readSubjects(options.faces);
  const attacks = options.attacks === undefined ? null : readGroups(options.attacks);
  const speech = options.speech === undefined ? null : readSubjects(options.speech, 'recordings');
  const manifest = loadManifest(MODELS);
  const { recogniser, speaker } = chooseModels(manifest, options.model);
  const engine = { modelsDir: MODELS, manifest, workers: options.workers, log: pino({ level: 'warn' }) };
  mkdirSync(options.out, { recursive: true });
  if (faces || attacks) {
    const report = await faceReport(options, { faces, attacks }, recogniser, engine);
    process.stdout.write(render(report));
    write(options.out, 'accuracy.json', report, 'det.svg');
  }
  if (speech) {
    const report = await speechReport(speech, speaker, engine);
    process.stdout.write(`${renderSpeech(report).join('\n')}\n`);
    write(options.out, 'speech.json', report, 'speech-det.svg');
  }
  if (options.keystroke !== undefined) {
    const report = keystrokeReport(options.keystroke);
    process.stdout.write(renderKeystrokes(report));
    writeFileSync(join(options.out, 'keystroke.json'), `${JSON.stringify(report, null, 2)}\n`);
  }
  if (options.signature !== undefined) {
    const report = signatureReport(options.signature);
    process.stdout.write(renderSignatures(report));
    writeFileSync(join(options.out, 'signature.json'), `${JSON.stringify(report, null, 2)}\n`);
  }
  process.stdout.write(`\nWritten to ${options.out}\n`);
}

/** The model that `--model` names, and the first of the other kind. */
function chooseModels(
  manifest: Manifest,
  id: string | undefined,
): { recogniser: RecogniserEntry; speaker: SpeakerEntry } {
  const recognisers = entriesOf(manifest, 'face.recognise');
  const speakers = entriesOf(manifest, 'voice.embed');
  const known = [...recognisers, ...speakers].map((each) => each.id);
  if (id !== undefined && !known.includes(id)) {
    throw new UsageError(`There is no model ${id}; there are ${known.join(', ')}`);
  }
  const recogniser = recognisers.find((each) => each.id === id) ?? recognisers[0];
  const speaker = speakers.find((each) => each.id === id) ?? speakers[0];
  if (!recogniser || !speaker) throw new Error('The manifest lacks a face recognition or a speaker model');
  return { recogniser, speaker };
}

async function faceReport(
  options: Options,
  { faces, attacks }: { faces: Group[] | null; attacks: Group[] | null },
  recogniser: RecogniserEntry,
  engineOptions: Omit<EngineOptions, 'queueLimit'>,
): Promise<Report> {
  const engine = createEngine({
    ...engineOptions,
    faceModel: recogniser.id,
    queueLimit: options.workers * 4,
  });
  await engine.ready;
  const analyser = createFaceAnalyser(engine);
  const subjects = faces
    ? await acquire(faces, analyser, options.workers, progress(faces.flatMap((each) => each.files).length))
    : [];
  const report: Report = {
    measuredAt: new Date().toISOString(),
    data: [options.faces, options.attacks].filter((each) => each !== undefined).join(', '),
    model: recogniser.id,
    fusion: recogniser.decision.fusion,
    acquisition: faces ? summarise(subjects) : null,
    rules: faces ? await measureRules(subjects, recogniser) : [],
    fused: faces ? await measureFused(subjects, recogniser) : [],
    sequences: faces ? await measureSequences(subjects, recogniser) : [],
    attacks: attacks ? attackRates(await judge(attacks, analyser)) : null,
  };
  await engine.drain();
  return report;
}

/** The report as JSON, and its curves as a plot. */
function write(
  dir: string,
  name: string,
  report: { model: string; rules: RuleResult[] },
  plot: string,
): void {
  const rules = report.rules.map(({ curve: _curve, ...rule }) => rule);
  writeFileSync(join(dir, name), `${JSON.stringify({ ...report, rules }, null, 2)}\n`);
  if (rules.length === 0) return;
  const curves = report.rules.map((rule) => ({ name: rule.name, points: rule.curve }));
  writeFileSync(join(dir, plot), detPlot(`DET, ${report.model}`, curves));
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

async function measureFused(subjects: Subject[], recogniser: RecogniserEntry): Promise<FusedResult[]> {
  const results: FusedResult[] = [];
  for (const watched of ['face', 'voice', 'face and voice'] as const) {
    for (const observations of ['changing', 'constant'] as const) {
      results.push(await simulateFused(subjects, recogniser, { watched, observations }));
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
