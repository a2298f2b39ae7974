/*
 * An LMS is a set of capabilities. Today there is one; people, exams, grades and the integration of a plugin become
 * interfaces beside it when something uses them. Another LMS is another implementation of these, and a line in
 * `sites.ts`.
 */

export type LmsKind = 'MOODLE';
export type Capability = 'COURSES';

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

/** Who teaches and learns what. */
export interface CourseDirectory {
  /**
   * Courses in which the person with this e-mail teaches.
   * @throws LmsError, REFUSED also where the LMS shows no such person: it may only lack the right to show them
   */
  taughtBy(email: string, signal: AbortSignal): Promise<Course[]>;
}

/** What a site says of itself and of its token. */
export interface SiteReport {
  siteName: string;
  version: string;
  /** By capability: functions of the site that it takes and the token may not call. */
  missing: Record<Capability, string[]>;
}

/** A connected site. */
export interface Lms {
  /** @throws LmsError */
  report(signal: AbortSignal): Promise<SiteReport>;
  courses: CourseDirectory;
}

/** REFUSED: an administrator has to change something, here or there. UNAVAILABLE: it may work later. */
export type LmsFailure = 'REFUSED' | 'UNAVAILABLE';

/** An LMS gave no answer. `message` may be shown to staff: no token, and nothing of what the site says in its own words. */
export class LmsError extends Error {
  constructor(
    readonly failure: LmsFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'LmsError';
  }
}
