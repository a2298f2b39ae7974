/** What this room needs of the people's register and of exams, which do not know it. `src/app.ts` joins them. */
import type { Alert as AlertMessage } from '../grpc/gen/probity/exams/v1/proctoring_service.js';
import type { LogInResponse } from '../grpc/gen/probity/identity/v1/authentication_service.js';
import type { Db } from '../storage/index.js';

export interface Person {
  id: string;
  email: string;
  givenName: string;
  familyName: string;
}

/** People of one organisation; another's do not exist. */
export interface Directory {
  /** Those that exist, in no order. */
  byIds(db: Db, organisationId: string, ids: readonly string[]): Promise<readonly Person[]>;
  /** Whether somebody of the organisation signs in by a password. */
  hasPassword(db: Db, organisationId: string, id: string): Promise<boolean>;
}

/** Accounts by the word of an LMS. */
export interface ExternalAccounts {
  /** In the order of `people`; null for an e-mail whose account is not to be had by saying it. */
  ensure(
    tx: Db,
    organisationId: string,
    people: readonly {
      email: string;
      givenName: string;
      familyName: string;
      role: 'STUDENT' | 'INSTRUCTOR';
    }[],
    origin: 'LMS',
  ): Promise<readonly (Person | null)[]>;
  /** Those of them who are students become instructors. */
  promote(tx: Db, organisationId: string, userIds: readonly string[]): Promise<void>;
}

/** The tokens that a password gives. */
export type SignOn = (organisationId: string, userId: string, via: 'LMS') => Promise<LogInResponse>;

/** From when to when, UTC milliseconds; null for no such time. */
export interface Span {
  opensAt: number | null;
  closesAt: number | null;
}

export interface ExamRef {
  id: string;
  organisationId: string;
  number: number;
}

export interface GivenPolicy {
  challenge: boolean;
  monitor: boolean;
  graceMs: number;
  frameIntervalMs: number;
}

export interface GivenStudent {
  person: Person;
  externalId: string;
  openAt: number | null;
  closeAt: number | null;
  limitMs: number | null;
}

/** Exams that follow an LMS. Everything is written in the caller's transaction, and only where it changes. */
export interface Provisioning {
  exam(db: Db, id: string): Promise<ExamRef | undefined>;
  make(tx: Db, organisationId: string, displayName: string): Promise<ExamRef>;
  /** Of how many students anything changed. */
  enrol(tx: Db, exam: ExamRef, students: readonly GivenStudent[]): Promise<number>;
  appoint(tx: Db, exam: ExamRef, userId: string): Promise<void>;
  dismiss(tx: Db, exam: ExamRef, userId: string): Promise<void>;
  /** Who runs the exam beside its owner. */
  staff(db: Db, examId: string): Promise<string[]>;
  /** Whom an LMS has enrolled, by user id, those after `after`. */
  students(db: Db, examId: string, after: string | null, limit: number): Promise<string[]>;
  /** Takes students out, as far as they have not sat the exam. How many were. */
  withdraw(tx: Db, exam: ExamRef, userIds: readonly string[]): Promise<number>;
  /** After `enrol`: an exam is on for as long as it is for any of its students. Whether anything changed. */
  keep(
    tx: Db,
    id: string,
    given: { displayName: string; span: Span | null; policy: GivenPolicy | null },
  ): Promise<boolean>;
}

/** Whether a student may go on. Times are UTC milliseconds. */
export interface ExamGate {
  admitted: boolean;
  state: 'NOT_IDENTIFIED' | 'IDENTIFIED' | 'MONITORED' | 'APPROVED' | 'PAUSED';
  /** Why not. */
  reason: 'NONE' | 'NOT_YET' | 'EXPIRED' | 'CAPTURE_LOST' | 'CAMERA_LOST' | 'OTHER_PERSON';
  verifiedUntil: number | null;
  monitored: boolean;
  lastHeartbeatAt: number | null;
  graceUntil: number | null;
  approvalRequested: boolean;
  openAlerts: number;
  undecidedAlerts: number;
  revision: number;
}

/** A change of it. */
export interface AdmissionChange extends Pick<ExamGate, 'admitted' | 'state' | 'reason' | 'revision'> {
  examId: string;
  userId: string;
  /** UTC milliseconds. */
  at: number;
}

export interface AlertCursor {
  beganAt: number;
  id: string;
}

/** An alert as exams show it, and whom it is about. */
export interface ShownAlert {
  alert: AlertMessage;
  userId: string;
  decidedAt: number | null;
}

/** What is asked and decided of the students of an exam. */
export interface ExamDoor {
  gate(examId: string, userId: string): Promise<ExamGate>;
  /** By user id, those after `after`. */
  gates(
    examId: string,
    after: string | null,
    limit: number,
  ): Promise<{ userId: string; externalId: string; displayName: string; gate: ExamGate }[]>;
  alerts(
    examId: string,
    userId: string | null,
    after: AlertCursor | null,
    limit: number,
  ): Promise<(ShownAlert & { cursor: AlertCursor })[]>;
  decideApproval(
    examId: string,
    userId: string,
    decision: { approve: boolean; note: string; staffId: string },
  ): Promise<ExamGate>;
  requestApproval(examId: string, userId: string, note: string): Promise<ExamGate>;
  review(
    examId: string,
    alertId: string,
    decision: { decision: 'DISMISSED' | 'CONFIRMED'; note: string; staffId: string },
  ): Promise<ShownAlert>;
  attempt(examId: string, userId: string, attempt: { id: string; on: boolean; at: number }): Promise<void>;
}

/** Export and erasure of a person, for whoever may ask for it: that is the caller's to know. */
export interface Subjects {
  export(caller: { organisationId: string; userId: string }, userId: string): Promise<Buffer>;
  erase(
    caller: { organisationId: string; userId: string },
    userId: string,
  ): Promise<{ at: number; erased: Record<string, number> }>;
}
