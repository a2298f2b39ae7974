/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import type { RecogniserEntry } from '../../src/biometrics/index.js';
import {
  evidenceAt,
  FUSION_POLICY,
  logLikelihoodRatio,
  NO_EVIDENCE,
  observe,
  type FusionPolicy,
} from '../../src/exams/fusion.js';
import { probeTemplate, type Subject } from './acquire.js';
import { bestScore, enrolments, type Reference } from './comparisons.js';
import { randomFrom } from './statistics.js';

const HOUR_MS = 3_600_000;
/** Honest hours simulated for each reference, and impostors set against it. */
const HOURS = 10;
const IMPOSTORS = 5;
const SEED = 30_107;

/**
 * How the frames of a sitting relate: `changing` takes another of the person's pictures for every frame, `constant`
 * one picture for all of them. Real sittings lie between: the light and the haircut stay, the head moves.
 */
export type Frames = 'changing' | 'constant';

export interface SequenceResult {
  templates: number;
  frames: Frames;
  /** Milliseconds from frame to frame. */
  cadenceMs: number;
  honest: {
    studentHours: number;
    alerts: number;
    /** Of the sittings of an hour, those with an alert. */
    sittingsWithAlert: number;
    sittings: number;
    /** People with an alert in any sitting, of those simulated. */
    peopleWithAlert: number;
    people: number;
  };
  impostor: {
    sittings: number;
    /** Within the hour. */
    detected: number;
    /** Over the detected; null when there is none. */
    meanFrames: number | null;
    medianFrames: number | null;
    p95Frames: number | null;
  };
}

export interface SequenceOptions {
  templates: number;
  frames: Frames;
  cadenceMs: number;
  policy?: FusionPolicy;
}

/**
 * Plays hour-long sittings through the rule that raises the "different person" alert: honest ones out of a subject's
 * pictures that are not in the reference, and impostors' out of another subject's. References are those of the
 * enrolment rule; a frame that the verification gate refuses is inconclusive.
 */
export async function simulate(
  subjects: Subject[],
  recogniser: RecogniserEntry,
  { templates, frames, cadenceMs, policy = FUSION_POLICY }: SequenceOptions,
): Promise<SequenceResult> {
  const rule = recogniser.decision.rules[templates - 1];
  if (!rule) throw new RangeError(`${recogniser.id} has no rule for ${templates} templates`);
  const { references } = await enrolments(subjects, templates, recogniser);
  const probes = subjects.map(({ acquisitions }) =>
    acquisitions.map((each) => probeTemplate(each)?.vector ?? null),
  );
  const random = randomFrom(SEED);
  const framesPerHour = Math.floor(HOUR_MS / cadenceMs);

  const comparedAs = (score: number) => ({
    score,
    threshold: rule.match,
    modelId: recogniser.id,
    logLikelihoodRatio: logLikelihoodRatio(score, rule.calibration),
  });

  /** Frames at which alerts opened. An alert lasts until no evidence is left: one event is one alert. */
  function play(reference: Reference, pictures: (Float32Array | null)[], untilFirst: boolean): number[] {
    const opened: number[] = [];
    let state = NO_EVIDENCE;
    let open = false;
    const scores = pictures.map((vector) => vector && bestScore(reference.vectors, vector));
    let picture = pick(scores.length);
    for (let frame = 1; frame <= framesPerHour; frame += 1) {
      if (frames === 'changing') picture = pick(scores.length);
      const score = scores[picture] ?? null;
      const at = frame * cadenceMs;
      const compared = score === null ? null : comparedAs(score);
      state = observe(state, { modality: 'FACE', at, compared }, policy);
      const evidence = evidenceAt(state, at, policy);
      if (!open && score !== null && evidence >= policy.threshold) {
        opened.push(frame);
        open = true;
        if (untilFirst) break;
      } else if (evidence === 0) open = false;
    }
    return opened;
  }
  const pick = (count: number): number => Math.floor(random() * count);

  const honest = { alerts: 0, sittings: 0, sittingsWithAlert: 0 };
  const people = new Set<number>();
  const accused = new Set<number>();
  const detections: number[] = [];
  let attacks = 0;
  for (const reference of references) {
    const own = probes[reference.subject]!.filter((_, picture) => !reference.pictures.includes(picture));
    for (let hour = 0; hour < HOURS && own.length > 0; hour += 1) {
      const opened = play(reference, own, false);
      people.add(reference.subject);
      honest.sittings += 1;
      honest.alerts += opened.length;
      if (opened.length > 0) {
        honest.sittingsWithAlert += 1;
        accused.add(reference.subject);
      }
    }
    for (let attack = 0; attack < IMPOSTORS; attack += 1) {
      // Anybody but the subject, each alike.
      const other = (reference.subject + 1 + pick(subjects.length - 1)) % subjects.length;
      attacks += 1;
      const [first] = play(reference, probes[other]!, true);
      if (first !== undefined) detections.push(first);
    }
  }
  detections.sort((a, b) => a - b);
  const at = (share: number): number | null => detections[Math.ceil(share * detections.length) - 1] ?? null;
  return {
    templates,
    frames,
    cadenceMs,
    honest: {
      ...honest,
      studentHours: honest.sittings,
      people: people.size,
      peopleWithAlert: accused.size,
    },
    impostor: {
      sittings: attacks,
      detected: detections.length,
      meanFrames:
        detections.length > 0 ? detections.reduce((sum, frame) => sum + frame, 0) / detections.length : null,
      medianFrames: at(0.5),
      p95Frames: at(0.95),
    },
  };
}
