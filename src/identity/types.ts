import type { Principal, Role } from '../call/index.js';
import type { Db } from '../storage/index.js';

/** A tenant. Its id is its code: `UCY` is `organisations/UCY`, and `organisation_id` in every table. */
export interface Organisation {
  id: string;
  displayName: string;
}

/** Who may register themselves: nobody, students, or students and instructors. Never an ADMIN. */
export type Registration = 'closed' | 'students' | 'open';

/** A person in an organisation. */
export interface User {
  /** UUID. */
  id: string;
  organisationId: string;
  /** Lower case, unique in the organisation. */
  email: string;
  givenName: string;
  familyName: string;
  role: Role;
  /** UTC milliseconds. */
  createdAt: number;
}

/** Somebody an LMS or an instructor says sits an exam. */
export interface StudentEntry {
  email: string;
  givenName: string;
  familyName: string;
}

/** Who made an account where no person did. */
export type Origin = 'LMS' | 'SSO';

/** Somebody whom another system of the organisation vouches for. */
export interface ExternalPerson {
  /** Valid: `emailAddress`. Case does not matter. */
  email: string;
  /** Valid: `personName`. */
  givenName: string;
  familyName: string;
  role: 'STUDENT' | 'INSTRUCTOR';
}

/** Accounts of people whom an LMS or an identity provider knows. They have no password. */
export interface ExternalAccounts {
  /**
   * Finds the accounts by e-mail, or makes them, in the caller's transaction; the answer follows `people`. Null where
   * the e-mail belongs to an account that is not to be had by saying its e-mail: see `mayBeClaimed`.
   */
  ensure(
    tx: Db,
    organisationId: string,
    people: readonly ExternalPerson[],
    origin: Origin,
  ): Promise<(User | null)[]>;
  /** Those of the users who are students become instructors. */
  promote(tx: Db, organisationId: string, userIds: readonly string[]): Promise<void>;
}

/** How other domains look people up. Everything is within one organisation; another's users do not exist. */
export interface UserDirectory {
  /** Those that exist, in no order. Any number of ids. */
  byIds(db: Db, organisationId: string, ids: readonly string[]): Promise<User[]>;
  /** Whether somebody of the organisation signs in by a password. */
  hasPassword(db: Db, organisationId: string, id: string): Promise<boolean>;
  /** Case of the e-mail does not matter. */
  byEmail(db: Db, organisationId: string, email: string): Promise<User | null>;
  /** Those that exist, in no order. */
  byEmails(db: Db, organisationId: string, emails: readonly string[]): Promise<User[]>;
  /**
   * Creates the users that do not exist yet as students without a password (at most 5,000 a call); those that
   * exist are left as they are, whatever their role. `users` follows the order of `entries`, without repeats.
   * `db` should be the caller's transaction. The entries must be valid: `emailAddress`, `personName`.
   */
  ensureStudents(
    db: Db,
    organisationId: string,
    entries: readonly StudentEntry[],
  ): Promise<{ users: User[]; createdCount: number }>;
}

/** Proves who calls. Throws TOKEN_INVALID or TOKEN_EXPIRED. */
export type Authenticate = (token: string) => Promise<Principal>;
