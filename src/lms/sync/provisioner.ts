import type { Activity, Member, Times } from '../capabilities.js';
import type { Connection } from '../connection.js';
import type { Why } from './run.js';

/** Somebody who is in an exam because of a course: a student with their own times, or a teacher. */
export interface RosterEntry {
  member: Member;
  /** Null for teachers. */
  times: Times | null;
}

/** Somebody, or an exam, that could not be brought up to date. */
export interface ProvisionProblem {
  /** Empty for the exam itself. */
  personId: string;
  why: Why;
}

export interface Provisioned {
  /** Whether anything of the exam, or of who is in it, was not so before. */
  changed: boolean;
  problems: ProvisionProblem[];
}

/** Makes exams and accounts of what the LMS says. Each call may be cut off anywhere and made again. */
export interface Provisioner {
  /** Brings the exam of an activity up to date: its name and times, its staff, its students and their own times. */
  provision(
    connection: Connection,
    activity: Activity,
    entries: readonly RosterEntry[],
    signal: AbortSignal,
  ): Promise<Provisioned>;
  /** Takes people out of the exams of a course, as far as they have not sat them. */
  release(
    connection: Connection,
    courseId: string,
    personIds: readonly string[],
    signal: AbortSignal,
  ): Promise<void>;
  /** Takes everybody out of the exams of activities that are no more, as far as they have not sat them. */
  close(connection: Connection, activityIds: readonly string[], signal: AbortSignal): Promise<void>;
}
