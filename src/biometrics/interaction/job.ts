/** Interaction in the worker: reading a long dataset or fitting a user costs tens of milliseconds (docs/adr/0012). */
import type { JobHandler } from '../engine/worker-loop.js';
import { decodeRhythm, encodeRhythm } from './codec.js';
import { evidenceOf, judgeRecording, type InteractionFinding } from './finding.js';
import {
  type Against,
  INTERACTION_JUDGE,
  INTERACTION_READ,
  INTERACTION_SCORE,
  type ReadRhythm,
} from './kind.js';
import { fitRhythm, type RhythmModel } from './model.js';
import { readRecording } from './recording.js';
import { byText, mergeRhythms, rhythmOf } from './rhythm.js';
import { keystrokesIn } from './typing-statistics.js';

const answer = <T>(result: T) => Promise.resolve({ result, transfer: [] });

export const interactionRead: JobHandler<string, ReadRhythm> = {
  kind: INTERACTION_READ,
  prepare: () => async (dataset) => {
    const rhythm = rhythmOf(readRecording(dataset));
    const { repetitions, typing, mouse } = rhythm;
    const most = Math.max(0, ...[...byText(repetitions).values()].map(({ length }) => length));
    const amounts = { repetitions: most, keystrokes: keystrokesIn(typing), actions: mouse.length };
    return answer({ vector: encodeRhythm(rhythm), amounts });
  },
};

export const interactionScore: JobHandler<Against & { probe: Float32Array }, number | null> = {
  kind: INTERACTION_SCORE,
  prepare:
    () =>
    async ({ probe, ...against }) =>
      answer(evidenceOf(modelOf(against)(decodeRhythm(probe)))),
};

export const interactionJudge: JobHandler<Against & { dataset: string }, InteractionFinding> = {
  kind: INTERACTION_JUDGE,
  prepare:
    () =>
    async ({ dataset, ...against }) => {
      const recording = readRecording(dataset);
      return answer(judgeRecording(recording, against.reference.map(decodeRhythm), modelOf(against)));
    },
};

function modelOf({ reference, background }: Against): RhythmModel {
  return fitRhythm(mergeRhythms(reference.map(decodeRhythm)), background.map(decodeRhythm));
}
