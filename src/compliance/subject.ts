import type { Db } from '../storage/index.js';

/** A person in an organisation, as consent and erasure see them. */
export interface Subject {
  userId: string;
  organisationId: string;
}

/** Part of what is held about a person, as each domain hands it in: for export, erasure and retention alike. */
export interface SubjectData {
  /** Key of this part in the exported document: `biometrics`, `exams`. */
  name: string;
  /** Everything held, as JSON; templates, pictures and secrets by their metadata only. */
  export(db: Db, userId: string): Promise<unknown>;
  /** Deletes everything held. Must do nothing, and succeed, the second time. Returns the rows deleted, by kind. */
  erase(tx: Db, userId: string): Promise<Record<string, number>>;
  /** Deletes at most `limit` things that expired by `now`; returns how many. Called again while it returns `limit`. */
  expire(now: number, limit: number): Promise<number>;
}

/** Users by id, those of one organisation only. */
export interface SubjectDirectory {
  byIds(
    db: Db,
    organisationId: string,
    ids: readonly string[],
  ): Promise<readonly { id: string; email: string }[]>;
}

export interface SittingGuard {
  /** Whether the user has an open session in a started exam. */
  isSitting(db: Db, userId: string): Promise<boolean>;
}
