/** What biometrics needs of other domains, none of which it knows. `src/main.ts` joins them. */
import type { Db } from '../storage/index.js';

export const MODALITIES = ['FACE', 'VOICE', 'HANDWRITING', 'INTERACTION'] as const;
export type Modality = (typeof MODALITIES)[number];

/**
 * Where the templates of a reference are (docs/adr/0016).
 *
 * - SERVER: here, and nowhere else.
 * - OFFERED: here; a phone was sent them, and has not shown that it has them.
 * - PHONE: on the phone alone.
 * - LENT: on the phone, and here for a time.
 */
export const CUSTODIES = ['SERVER', 'OFFERED', 'PHONE', 'LENT'] as const;
export type Custody = (typeof CUSTODIES)[number];

/** How sure it is that a reference belongs to the person it is filed under, weakest first. */
export const ASSURANCES = ['SELF_ASSERTED', 'SINGLE_SIGN_ON', 'STAFF_APPROVED', 'DOCUMENT'] as const;
export type Assurance = (typeof ASSURANCES)[number];

/** Whether `held` is at least `asked`. */
export function assuranceReaches(held: Assurance, asked: Assurance): boolean {
  return ASSURANCES.indexOf(held) >= ASSURANCES.indexOf(asked);
}

/** Whom a biometric belongs to, and in which organisation. */
export interface Subject {
  userId: string;
  organisationId: string;
}

export interface ConsentGuard {
  /** @throws StatusError CONSENT_REQUIRED */
  require(db: Db, subject: Subject, modality: Modality, purpose: 'EXAM_IDENTITY'): Promise<void>;
}

export interface SittingGuard {
  /** Whether the user has an open session in a started exam. */
  isSitting(db: Db, userId: string): Promise<boolean>;
}

/** Users by id, those of one organisation only. */
export interface SubjectDirectory {
  byIds(db: Db, organisationId: string, ids: readonly string[]): Promise<readonly { id: string }[]>;
}

/** Limits guessing, by key; the checks room has it. */
export interface VerificationThrottle {
  /** Takes an attempt, which counts as failed unless told otherwise. @throws StatusError TOO_MANY_ATTEMPTS */
  attempt(
    key: string,
    policy: {
      freeFailures: number;
      firstDelayMs: number;
      maxDelayMs: number;
      hardStop: number | null;
      forgetAfterMs: number | null;
    },
  ): Promise<VerificationAttempt>;
  /** Forgets the failures. */
  clear(db: Db, key: string): Promise<void>;
  /** Deletes what is known of a key; the number of rows. */
  remove(db: Db, key: string): Promise<number>;
}

export interface VerificationAttempt {
  /** It matched: everything before is forgotten. */
  succeeded(): Promise<void>;
  /** It was neither right nor wrong: as if it had not been made. */
  withdrawn(): Promise<void>;
}

/** What happened to a reference that was in use. */
export type ReferenceChange = 'REPLACED' | 'REMOVED';

/** Told in the transaction of the change, so that alerts arise for the exams that are near. */
export type OnReferenceChanged = (tx: Db, userId: string, change: ReferenceChange) => Promise<void>;
