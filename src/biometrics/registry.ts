import type { Db } from '../storage/index.js';
import type { JobCall } from './engine/index.js';
import type { FaceTemplate } from './face/index.js';
import type { Assurance, Modality, Subject } from './ports.js';

/** A user's reference of one modality. */
export interface UserReference {
  referenceId: string;
  /** The model that made every template. */
  modelId: string;
  templateCount: number;
  /** Whether the student's phone has the templates and the server has none: then nothing can be compared. */
  withPhone: boolean;
  /**
   * Its templates in the order of their enrolment, opened; compared together by their modality's rule. Asked for
   * while a sample is looked at: they are not needed before, and stay closed where it comes to nothing.
   * @throws StatusError REFERENCE_MISSING where the phone has them
   */
  open(): Promise<FaceTemplate[]>;
  assurance: Assurance;
  /** Whether it has the templates that the configuration asks for. An incomplete one proves nothing. */
  complete: boolean;
  /** UTC milliseconds. */
  enrolledAt: number;
  /** UTC milliseconds. */
  expiresAt: number;
}

/** References, for the domains that compare with them. */
export interface ReferenceRegistry {
  /** Null when there is none, or it has expired. */
  reference(db: Db, userId: string, modality: Modality): Promise<UserReference | null>;
  /** Until when staff let a reference be enrolled anew without a match, UTC milliseconds; null where they do not. */
  replaceableUntil(db: Db, userId: string, modality: Modality): Promise<number | null>;
  /** Templates that make a reference complete. */
  required(modality: Modality): number;
  /** Which modalities a user has a usable reference of, with the time of enrolment. Opens no template. */
  enrolled(db: Db, userId: string): Promise<{ modality: Modality; enrolledAt: number; complete: boolean }[]>;
  /**
   * Notes that the server matched the user with this reference: for ten minutes, it proves a removal. Inside a
   * transaction, the reference cannot be replaced or removed before it ends.
   * @throws StatusError REFERENCE_MISSING when it is not theirs any more: what was compared with it proves nothing
   */
  recordMatch(db: Db, matched: { userId: string; referenceId: string }, at: number): Promise<void>;
  /** Destroys the references of one modality, as the withdrawal of consent asks: without proof, never refused. */
  forget(tx: Db, subject: Subject, modality: Modality): Promise<number>;
}

/** What a sample of any modality says of whether it is its subject's. */
export interface JudgedSample {
  modality: Modality;
  outcome: 'MATCH' | 'NO_MATCH' | 'INCONCLUSIVE';
  /** Comparison score; null when nothing was compared. */
  score: number | null;
  threshold: number;
  modelId: string;
  /** Why it is INCONCLUSIVE, in words. */
  reasons: string[];
  /** ln p(score | same) / p(score | different); null when nothing was compared. */
  logLikelihoodRatio: number | null;
}

/** Judges samples of one modality against a user's reference, for the domains that watch; books no attempt. */
export interface SampleJudge {
  modality: Modality;
  /**
   * @param bytes the sample as it came
   * @throws StatusError CONSENT_REQUIRED, REFERENCE_MISSING, MODEL_MISMATCH, and for what cannot be read or is too large
   */
  judge(
    db: Db,
    subject: Subject,
    bytes: Uint8Array,
    call?: Pick<JobCall, 'signal' | 'deadline'>,
  ): Promise<JudgedSample>;
}

/** Part of what is held about a person: for export, erasure and retention alike. */
export interface SubjectData {
  name: string;
  export(db: Db, userId: string): Promise<unknown>;
  /** Rows deleted, by kind. */
  erase(tx: Db, userId: string): Promise<Record<string, number>>;
  /** Deletes at most `limit` things that expired by `now`; returns how many. */
  expire(now: number, limit: number): Promise<number>;
}
