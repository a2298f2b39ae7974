import { randomUUID } from 'node:crypto';
import type { SyncState } from './settings.js';

/** Everything is looked at so often, even where the LMS tells changes: it does not tell what was deleted whole. */
const FULL_EVERY_MS = 86_400_000;

/** FULL: every course. CHANGES: those that the LMS says have changed. */
export type RunMode = 'FULL' | 'CHANGES';
/**
 * WAITING: the site could not be reached; it is tried again. Unfinished are RUNNING and WAITING: a run that is RUNNING
 * without anybody at it was cut off, and goes on from its cursor.
 */
export type RunState = 'RUNNING' | 'WAITING' | 'DONE' | 'FAILED';

export type ChangeKind = 'COURSE' | 'GROUP' | 'ACTIVITY' | 'MEMBER' | 'EXAM' | 'SITE';
export const ACTIONS = ['ADDED', 'CHANGED', 'RESTORED', 'MISSING', 'REMOVED', 'KEPT', 'PROBLEM'] as const;
/** MISSING: listed no longer, and kept for the grace period. REMOVED: it is over. KEPT: not believed to be gone. */
export type ChangeAction = (typeof ACTIONS)[number];

/** Why something changed, or did not. */
export type Why =
  | 'LISTED'
  | 'DIFFERENT'
  | 'LISTED_AGAIN'
  | 'NOT_LISTED'
  | 'SUSPENDED'
  | 'NOT_WATCHED'
  | 'GRACE_OVER'
  | 'EMPTY_ANSWER'
  | 'REFUSED'
  | 'UNUSABLE_EMAIL'
  | 'ACCOUNT_CONFLICT'
  | 'NO_TEACHER';

/** Part of the report of a run. */
export interface Change {
  kind: ChangeKind;
  action: ChangeAction;
  why: Why;
  courseId: string;
  /** Of the thing in the LMS; empty where `count` things are meant. */
  id: string;
  count: number;
  /** In words for staff, without names of people. */
  detail: string;
}

/** How far a run is. */
export interface Progress {
  /** The course up to which everything is done, by id. */
  after: string;
  /** The clock of the LMS when the run began, where it tells changes. */
  changesTime: number | null;
  coursesTotal: number;
  coursesDone: number;
  requests: number;
  /** Things by what became of them. */
  counts: Partial<Record<ChangeAction, number>>;
}

export interface SyncRun {
  /** UUID. */
  id: string;
  organisationId: string;
  connectionId: string;
  mode: RunMode;
  state: RunState;
  /** The user who asked for it; null for the schedule. */
  requestedBy: string | null;
  beganAt: number;
  updatedAt: number;
  /** Not before; null for at once. */
  retryAt: number | null;
  endedAt: number | null;
  progress: Progress;
  /** Why it failed or waits. */
  message: string;
}

export const NO_PROGRESS: Progress = {
  after: '',
  changesTime: null,
  coursesTotal: 0,
  coursesDone: 0,
  requests: 0,
  counts: {},
};

export function isOpen({ state }: Pick<SyncRun, 'state'>): boolean {
  return state === 'RUNNING' || state === 'WAITING';
}

/** A run that has yet to begin. */
export function newRun(state: SyncState, requestedBy: string | null, now: number): SyncRun {
  const { connectionId, organisationId } = state;
  const due = state.fullAt === null || state.fullAt + FULL_EVERY_MS <= now || state.changesSince === null;
  return {
    ...{ id: randomUUID(), organisationId, connectionId, requestedBy, mode: due ? 'FULL' : 'CHANGES' },
    ...{ state: 'RUNNING', beganAt: now, updatedAt: now, retryAt: null, endedAt: null, message: '' },
    progress: NO_PROGRESS,
  };
}

export function problem(kind: ChangeKind, why: Why, count: number): Change {
  return { kind, action: 'PROBLEM', why, courseId: '', id: '', count, detail: '' };
}
