import type { Engine, JobCall } from '../engine/index.js';
import type { InteractionFinding } from './finding.js';
import {
  INTERACTION_JUDGE,
  INTERACTION_READ,
  INTERACTION_SCORE,
  type Against,
  type ReadRhythm,
} from './kind.js';

type Call = Pick<JobCall, 'signal' | 'deadline'>;

/** Interaction as the rest of the room sees it: everything that costs more than a moment runs in the engine. */
export interface InteractionAnalyser {
  /** @throws StatusError INVALID_FIELDS, and what `Engine.run` throws; so do the others */
  read(dataset: string, call?: Call): Promise<ReadRhythm>;
  score(probe: Float32Array, against: Against, call?: Call): Promise<number | null>;
  judge(dataset: string, against: Against, call?: Call): Promise<InteractionFinding>;
}

export function createInteractionAnalyser(engine: Engine): InteractionAnalyser {
  return {
    read: async (dataset, call) => (await engine.run(INTERACTION_READ, dataset, call)).result,
    score: async (probe, against, call) =>
      (await engine.run(INTERACTION_SCORE, { probe, ...against }, call)).result,
    judge: async (dataset, against, call) =>
      (await engine.run(INTERACTION_JUDGE, { dataset, ...against }, call)).result,
  };
}
