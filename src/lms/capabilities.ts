/*
 * An LMS is a set of capabilities: what another LMS has to implement is in this file and nowhere else (docs/lms.md).
 * Ids are those of the LMS, as text. Times are UTC milliseconds; 0 where the LMS sets none. Names have been through
 * `names.ts`.
 */

export type LmsKind = 'MOODLE';

export const CAPABILITIES = [
  'COURSES',
  'PEOPLE',
  'GROUPS',
  'EXAMS',
  'OVERRIDES',
  'CHANGES',
  'ADMISSION',
] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** Somebody enrolled in a course. */
export interface CourseStudent {
  email: string;
  givenName: string;
  familyName: string;
}

export interface Course {
  /** In the LMS. */
  id: string;
  name: string;
  /** Who is enrolled and not suspended, by e-mail. */
  students: CourseStudent[];
}

/** A course by itself, without who is in it. */
export interface CourseEntry {
  id: string;
  name: string;
  shortName: string;
  /** What the university calls it; empty where the LMS does not say. */
  idNumber: string;
  visible: boolean;
}

/** What a site answers of several things: those it does not answer are named, and are not gone for it. */
export interface Answered<T> {
  found: T[];
  /** Ids that the site did not answer for. */
  refused: string[];
}

export interface CourseDirectory {
  /**
   * Courses in which the person with this e-mail teaches.
   * @throws LmsError, REFUSED also where the LMS shows no such person: it may only lack the right to show them
   */
  taughtBy(email: string, signal: AbortSignal): Promise<Course[]>;
  /** All courses that the token sees, by id; those named only, where ids are given. */
  list(ids: readonly string[] | null, signal: AbortSignal): Promise<Answered<CourseEntry>>;
}

export type MemberRole = 'TEACHER' | 'STUDENT';

/** Somebody with an active enrolment in a course. */
export interface Member extends CourseStudent {
  /** Of the account in the LMS. */
  id: string;
  /** Who is both teaches. */
  role: MemberRole;
  /** Ids of the groups of the course that they are in. */
  groups: string[];
}

export interface Group {
  id: string;
  name: string;
}

export interface Roster {
  /** By id. Accounts that the LMS has deleted are not among them. */
  members: Member[];
  /** Empty where the token may not see groups. */
  groups: Group[];
  /** Ids of people who are listed without an e-mail that can be used: nobody can be made of them. */
  unusable: string[];
  /** Who is enrolled without teaching or learning; the user of the token may be among them. */
  others: Sitter[];
}

export interface People {
  /** Who is in a course. @throws LmsError; an empty answer is an answer and may be wrong */
  ofCourse(courseId: string, signal: AbortSignal): Promise<Roster>;
  /**
   * Those of the accounts that are suspended in the whole site.
   * @throws LmsError REFUSED where the site shows none of them: the token may not see accounts
   */
  suspended(ids: readonly string[], signal: AbortSignal): Promise<Set<string>>;
}

export type ActivityKind = 'QUIZ' | 'ASSIGNMENT';

export interface Times {
  opensAt: number;
  closesAt: number;
  /** Milliseconds; 0 for no limit. */
  limitMs: number;
}

/** Something in a course that may be an exam. */
export interface Activity {
  /** With its kind: `quiz:12`, `assign:3`. */
  id: string;
  courseId: string;
  kind: ActivityKind;
  name: string;
  visible: boolean;
  /** As they are for somebody without an exception. */
  times: Times;
}

/** Somebody as an exception knows them. */
export type Sitter = Pick<Member, 'id' | 'groups'>;

/** Each person's own times in an activity. */
export type TimesOf = (sitter: Sitter) => Times;

export interface Exams {
  /** Activities of courses, by id. `refused` are courses. */
  ofCourses(courseIds: readonly string[], signal: AbortSignal): Promise<Answered<Activity>>;
  /** Whether Probity's plugin is on for the activity. */
  watched(activity: Activity, signal: AbortSignal): Promise<boolean>;
  /**
   * @param service the user of the token: where they have an exception themselves the site shows their times as if
   *   they were everybody's
   * @throws LmsError REFUSED then as well
   */
  times(activity: Activity, service: Sitter, signal: AbortSignal): Promise<TimesOf>;
}

/** A page of courses in which something changed. */
export interface Changes {
  /** The clock of the LMS when the first page was made, in its own unit: what to ask with the next time. */
  time: number;
  more: boolean;
  /** By id, ascending as numbers. */
  courseIds: string[];
}

/** Whether a student may go on, as Probity tells the LMS. */
export interface AdmissionState {
  activityId: string;
  personId: string;
  admitted: boolean;
  /** As in Probity's own answers: `IDENTIFIED`, `NOT_YET`, … */
  state: string;
  reason: string;
  /** Grows with every change; the LMS ignores what is older than what it has. */
  revision: bigint;
}

/** What Probity's plugin in the LMS offers. */
export interface Integration {
  /** @param since `time` of an earlier answer @param after the last course of the page before; '' for the first */
  changes(since: number, after: string, signal: AbortSignal): Promise<Changes>;
  /** May be repeated. Returns how many were taken. */
  setAdmission(states: readonly AdmissionState[], signal: AbortSignal): Promise<number>;
}

/** How one capability is. */
export interface CapabilityReport {
  capability: Capability;
  /** Null where it cannot be tried without changing something, or there is nothing to try it on. */
  usable: boolean | null;
  /** Functions of the site that the token may not call. */
  missingFunctions: string[];
  /** Rights of the LMS that the user of the token lacks, as the LMS calls them. */
  missingRights: string[];
  /** In words, for an administrator; empty where there is nothing to say. */
  explanation: string;
}

/** What a site says of itself and of its token. */
export interface SiteReport {
  siteName: string;
  version: string;
  /** Every one, in the order of `CAPABILITIES`. Each was tried by calling the site. */
  capabilities: CapabilityReport[];
}

/** What a sync has to know of a site before it believes anything else. */
export interface Probe {
  /** Account of the token. */
  serviceUserId: string;
  /** Whether the site tells what changed. */
  tellsChanges: boolean;
}

/** A connected site. */
export interface Lms {
  /** @throws LmsError */
  report(signal: AbortSignal): Promise<SiteReport>;
  /**
   * Whether the site answers as it should; nothing is to be believed before.
   * @param known people whom it has shown before: where it shows none of them any more, a right was taken away
   * @throws LmsError
   */
  probe(known: readonly string[], signal: AbortSignal): Promise<Probe>;
  courses: CourseDirectory;
  people: People;
  exams: Exams;
  integration: Integration;
}

/** REFUSED: an administrator has to change something, here or there. UNAVAILABLE: it may work later. */
export type LmsFailure = 'REFUSED' | 'UNAVAILABLE';

/** An LMS gave no answer. `message` may be shown to staff: no token, and nothing of what the site says in its own words. */
export class LmsError extends Error {
  /** The LMS's own code for the refusal, where it has one. */
  readonly code: string;
  constructor(
    readonly failure: LmsFailure,
    message: string,
    { code = '', ...options }: ErrorOptions & { code?: string } = {},
  ) {
    super(message, options);
    this.name = 'LmsError';
    this.code = code;
  }
}
