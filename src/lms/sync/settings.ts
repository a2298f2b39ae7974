import type { Activity } from '../capabilities.js';

/**
 * Which activities become exams. PLUGIN: quizzes on which Probity's plugin is on. COURSES: those of the courses that
 * are named. ALL: those of every course.
 */
export const WATCHES = ['PLUGIN', 'COURSES', 'ALL'] as const;
export type Watch = (typeof WATCHES)[number];

/** What an administrator decides about the sync of a connection. */
export interface SyncSettings {
  /** Five cron fields, UTC; empty for never by itself. */
  schedule: string;
  watch: Watch;
  /** Ids of courses, for COURSES. */
  courses: string[];
  /** Days between the first sync that misses somebody and their being taken out of exams. */
  graceDays: number;
}

/** Settings and what was left by the last run. */
export interface SyncState extends SyncSettings {
  connectionId: string;
  organisationId: string;
  /** What to ask the change feed with; null for not yet. */
  changesSince: number | null;
  /** When everything was last looked at, to the end; null for never. */
  fullAt: number | null;
  /** When it is asked by itself next; null for never. */
  nextAt: number | null;
  version: number;
}

export const DEFAULT_SETTINGS: SyncSettings = { schedule: '', watch: 'PLUGIN', courses: [], graceDays: 7 };

/** What a course's activities may become by the settings alone; `ASK` where the LMS has to be asked about each. */
export function watchOf({ watch, courses }: SyncSettings, activity: Activity): boolean | 'ASK' {
  // Work that is done over days is no exam: an assignment is one where it is sat within a time.
  if (activity.kind === 'ASSIGNMENT' && activity.times.limitMs === 0) return false;
  switch (watch) {
    case 'PLUGIN':
      return activity.kind === 'QUIZ' ? 'ASK' : false;
    case 'COURSES':
      return courses.includes(activity.courseId);
    case 'ALL':
      return true;
  }
}
