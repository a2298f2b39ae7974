import { formatName } from '../../call/index.js';
import {
  LmsSyncAction,
  LmsSyncKind,
  LmsSyncMode,
  LmsSyncState,
  LmsWatch,
  type LmsActivity,
  type LmsCourse,
  type LmsSync,
  type LmsSyncChange,
  type LmsSyncSettings,
} from '../../grpc/gen/probity/lms/v1/lms_sync_service.js';
import type { Activity, CourseEntry } from '../capabilities.js';
import type { Mirrored } from './mirror-store.js';
import type { ReportedChange } from './run-store.js';
import {
  ACTIONS,
  type ChangeAction,
  type ChangeKind,
  type RunMode,
  type RunState,
  type SyncRun,
} from './run.js';
import type { SyncState, Watch } from './settings.js';

const WATCHES: Record<Watch, LmsWatch> = {
  PLUGIN: LmsWatch.LMS_WATCH_PLUGIN,
  COURSES: LmsWatch.LMS_WATCH_COURSES,
  ALL: LmsWatch.LMS_WATCH_ALL,
};
const MODES: Record<RunMode, LmsSyncMode> = {
  FULL: LmsSyncMode.LMS_SYNC_MODE_FULL,
  CHANGES: LmsSyncMode.LMS_SYNC_MODE_CHANGES,
};
const STATES: Record<RunState, LmsSyncState> = {
  RUNNING: LmsSyncState.LMS_SYNC_STATE_RUNNING,
  WAITING: LmsSyncState.LMS_SYNC_STATE_WAITING,
  DONE: LmsSyncState.LMS_SYNC_STATE_DONE,
  FAILED: LmsSyncState.LMS_SYNC_STATE_FAILED,
};
const ACTION_MESSAGES: Record<ChangeAction, LmsSyncAction> = {
  ADDED: LmsSyncAction.LMS_SYNC_ACTION_ADDED,
  CHANGED: LmsSyncAction.LMS_SYNC_ACTION_CHANGED,
  RESTORED: LmsSyncAction.LMS_SYNC_ACTION_RESTORED,
  MISSING: LmsSyncAction.LMS_SYNC_ACTION_MISSING,
  REMOVED: LmsSyncAction.LMS_SYNC_ACTION_REMOVED,
  KEPT: LmsSyncAction.LMS_SYNC_ACTION_KEPT,
  PROBLEM: LmsSyncAction.LMS_SYNC_ACTION_PROBLEM,
};
const KINDS: Record<ChangeKind, LmsSyncKind> = {
  COURSE: LmsSyncKind.LMS_SYNC_KIND_COURSE,
  GROUP: LmsSyncKind.LMS_SYNC_KIND_GROUP,
  ACTIVITY: LmsSyncKind.LMS_SYNC_KIND_ACTIVITY,
  MEMBER: LmsSyncKind.LMS_SYNC_KIND_MEMBER,
  EXAM: LmsSyncKind.LMS_SYNC_KIND_EXAM,
  SITE: LmsSyncKind.LMS_SYNC_KIND_SITE,
};

const date = (at: number | null): Date | undefined => (at === null ? undefined : new Date(at));

export function presentSettings(state: SyncState): LmsSyncSettings {
  return {
    name: formatName('lmsConnections/{connection}/syncSettings', { connection: state.connectionId }),
    schedule: state.schedule,
    watch: WATCHES[state.watch],
    courseIds: state.courses,
    graceDays: state.graceDays,
    nextTime: date(state.nextAt),
  };
}

export function syncName({ connectionId, id }: Pick<SyncRun, 'connectionId' | 'id'>): string {
  return formatName('lmsConnections/{connection}/syncs/{sync}', { connection: connectionId, sync: id });
}

export function presentSync(run: SyncRun): LmsSync {
  const { coursesTotal, coursesDone, requests, counts } = run.progress;
  return {
    name: syncName(run),
    mode: MODES[run.mode],
    state: STATES[run.state],
    requester: run.requestedBy === null ? '' : formatName('users/{user}', { user: run.requestedBy }),
    beginTime: new Date(run.beganAt),
    endTime: date(run.endedAt),
    retryTime: date(run.retryAt),
    ...{ coursesTotal, coursesDone, requests },
    counts: ACTIONS.flatMap((action) => {
      const count = counts[action];
      return count ? [{ action: ACTION_MESSAGES[action], count }] : [];
    }),
    message: run.message,
  };
}

export function presentChange(change: ReportedChange): LmsSyncChange {
  return {
    kind: KINDS[change.kind],
    action: ACTION_MESSAGES[change.action],
    reason: change.why,
    courseId: change.courseId,
    externalId: change.id,
    count: change.count,
    detail: change.detail,
    findTime: new Date(change.at),
  };
}

export function presentLmsCourse({ data }: Mirrored): LmsCourse {
  const { id, name, shortName, idNumber, visible } = data as CourseEntry;
  return { courseId: id, displayName: name, shortName, idNumber, visible };
}

/** @param watched whether it is an exam here */
export function presentLmsActivity({ id, courseId, data }: Mirrored, watched: boolean): LmsActivity {
  const { name, visible, times } = data as Omit<Activity, 'id'>;
  return {
    ...{ activityId: id, courseId, displayName: name, visible, watched },
    openTime: date(times.opensAt || null),
    closeTime: date(times.closesAt || null),
    limitSeconds: times.limitMs / 1000,
  };
}
