/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import type { RecogniserEntry } from '../../src/biometrics/index.js';
import { FUSION_POLICY, logLikelihoodRatio, type FusionPolicy } from '../../src/exams/watching/fusion.js';
import { probeTemplate, type Subject } from './acquire.js';
import { bestScore, enrolments, type Reference } from './comparisons.js';
import { playHour, type Stream } from './sittings.js';
import { quantile, randomFrom } from './statistics.js';

/** Honest hours simulated for each reference, and impostors set against it. */
export const HOURS = 10;
export const IMPOSTORS = 5;
export const SEED = 30_107;

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

/** The faces of sittings, by the references that the subjects' pictures make. */
export interface FaceSittings {
  /** References. */
  count: number;
  subject(reference: number): number;
  /** Whether the subject has pictures that are not in the reference. */
  hasOwn(reference: number): boolean;
  /** Anybody but the subject, each alike. */
  other(reference: number): number;
  /** @param face whose pictures are shown; null for the subject's own that are not in the reference */
  stream(reference: number, face: number | null, cadenceMs: number): Stream;
}

/**
 * References are those of the enrolment rule; a frame that the verification gate refuses compares nothing.
 * @throws RangeError when the recogniser has no rule for so many templates
 */
export async function faceSittings(
  subjects: Subject[],
  recogniser: RecogniserEntry,
  { templates, frames }: Pick<SequenceOptions, 'templates' | 'frames'>,
  random: () => number,
): Promise<FaceSittings> {
  const rule = recogniser.decision.rules[templates - 1];
  if (!rule) throw new RangeError(`${recogniser.id} has no rule for ${templates} templates`);
  const { references } = await enrolments(subjects, templates, recogniser);
  const probes = subjects.map(({ acquisitions }) =>
    acquisitions.map((each) => probeTemplate(each)?.vector ?? null),
  );
  const pick = (count: number): number => Math.floor(random() * count);
  const own = ({ subject, pictures }: Reference): (Float32Array | null)[] =>
    probes[subject]!.filter((_, picture) => !pictures.includes(picture));
  return {
    count: references.length,
    subject: (reference) => references[reference]!.subject,
    hasOwn: (reference) => own(references[reference]!).length > 0,
    other: (reference) => (references[reference]!.subject + 1 + pick(subjects.length - 1)) % subjects.length,
    stream(reference, face, cadenceMs) {
      const to = references[reference]!;
      const ratios = (face === null ? own(to) : probes[face]!).map(
        (vector) => vector && logLikelihoodRatio(bestScore(to.vectors, vector), rule.calibration),
      );
      let picture = pick(ratios.length);
      return {
        modality: 'FACE',
        cadenceMs,
        next() {
          if (frames === 'changing') picture = pick(ratios.length);
          return ratios[picture] ?? null;
        },
      };
    },
  };
}

/**
 * Plays hour-long sittings with the face alone: honest ones out of a subject's pictures that are not in the reference,
 * and impostors' out of another subject's.
 */
export async function simulate(
  subjects: Subject[],
  recogniser: RecogniserEntry,
  { templates, frames, cadenceMs, policy = FUSION_POLICY }: SequenceOptions,
): Promise<SequenceResult> {
  const random = randomFrom(SEED);
  const faces = await faceSittings(subjects, recogniser, { templates, frames }, random);
  const play = (reference: number, face: number | null, untilFirst: boolean): number[] =>
    playHour([faces.stream(reference, face, cadenceMs)], policy, untilFirst);

  const honest = { alerts: 0, sittings: 0, sittingsWithAlert: 0 };
  const people = new Set<number>();
  const accused = new Set<number>();
  const detections: number[] = [];
  let attacks = 0;
  for (let reference = 0; reference < faces.count; reference += 1) {
    const subject = faces.subject(reference);
    for (let hour = 0; hour < HOURS && faces.hasOwn(reference); hour += 1) {
      const opened = play(reference, null, false);
      people.add(subject);
      honest.sittings += 1;
      honest.alerts += opened.length;
      if (opened.length > 0) {
        honest.sittingsWithAlert += 1;
        accused.add(subject);
      }
    }
    for (let attack = 0; attack < IMPOSTORS; attack += 1) {
      attacks += 1;
      const [first] = play(reference, faces.other(reference), true);
      if (first !== undefined) detections.push(first / cadenceMs);
    }
  }
  detections.sort((a, b) => a - b);
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
      medianFrames: quantile(detections, 0.5),
      p95Frames: quantile(detections, 0.95),
    },
  };
}
