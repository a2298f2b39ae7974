/** What exams need of the people's register, which they do not know. `src/app.ts` joins them. */
import type { Db } from '../storage/index.js';

export interface Person {
  id: string;
  email: string;
  givenName: string;
  familyName: string;
}

export interface StudentEntry {
  email: string;
  givenName: string;
  familyName: string;
}

/** People of one organisation; another's do not exist. */
export interface UserDirectory {
  /** Those that exist, in no order. */
  byIds(db: Db, organisationId: string, ids: readonly string[]): Promise<readonly Person[]>;
  /** Case of the e-mail does not matter. */
  byEmail(db: Db, organisationId: string, email: string): Promise<Person | null>;
  /** Finds or creates them; `users` follows the order of `entries`, without repeats. */
  ensureStudents(
    db: Db,
    organisationId: string,
    entries: readonly StudentEntry[],
  ): Promise<{ users: readonly Person[]; createdCount: number }>;
}
