import type { JobKind } from '../engine/index.js';
import type { InteractionFinding } from './finding.js';

/** How much of a recording can be compared. */
export interface Amounts {
  /** Of the text that was typed most often. */
  repetitions: number;
  keystrokes: number;
  actions: number;
}

/** A recording as numbers, and how much is in it. */
export interface ReadRhythm {
  vector: Float32Array;
  amounts: Amounts;
}

/** What a rhythm is compared with: encoded rhythms of the user, and one of each user of the background. */
export interface Against {
  reference: readonly Float32Array[];
  background: readonly Float32Array[];
}

/** A dataset in, its rhythm out. */
export const INTERACTION_READ: JobKind<string, ReadRhythm> = { name: 'interaction.read' };
/** An encoded rhythm in, what it says in nats out; null where nothing can be compared. */
export const INTERACTION_SCORE: JobKind<Against & { probe: Float32Array }, number | null> = {
  name: 'interaction.score',
};
/** A dataset in, everything that was found out. */
export const INTERACTION_JUDGE: JobKind<Against & { dataset: string }, InteractionFinding> = {
  name: 'interaction.judge',
};
