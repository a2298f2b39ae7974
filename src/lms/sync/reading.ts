import {
  LmsError,
  type Activity,
  type Answered,
  type CourseEntry,
  type Lms,
  type Member,
  type Roster,
  type TimesOf,
} from '../capabilities.js';
import { watchOf, type SyncSettings } from './settings.js';

/** What a site said of one course. */
export interface Reading {
  course: CourseEntry;
  /** Null where the site does not say. */
  activities: Activity[] | null;
  watched: { activity: Activity; timesOf: TimesOf | LmsError }[];
  /** NOT_WATCHED: nobody was asked for. An error: the site does not say. */
  roster: Roster | 'NOT_WATCHED' | LmsError;
  /** Ids of the members whose accounts are suspended in the whole site; they are not among the roster's. */
  suspended: Set<string>;
}

/** A course and the activities that are known of it; null where the site does not say. */
export interface ToRead {
  course: CourseEntry;
  activities: Activity[] | null;
}

/**
 * Reads some courses at once. What a site refuses of one course is part of what was read of it; one that is down
 * fails the whole.
 * @param accounts what is known of accounts in this run already: id → suspended
 * @throws LmsError UNAVAILABLE
 */
export async function readCourses(
  site: Pick<Lms, 'people' | 'exams'>,
  settings: SyncSettings,
  serviceUserId: string,
  courses: readonly ToRead[],
  accounts: Map<string, boolean>,
  signal: AbortSignal,
): Promise<Reading[]> {
  const readings = await Promise.all(
    courses.map((each) => readCourse(site, settings, serviceUserId, each, signal)),
  );
  const people = readings.flatMap(({ roster }) => (isRoster(roster) ? roster.members : []));
  const unknown = [...new Set(people.map(({ id }) => id).filter((id) => !accounts.has(id)))];
  const suspended = await refusable(site.people.suspended(unknown, signal));
  // Where accounts are not shown at all, nobody is held to be suspended.
  for (const id of unknown) accounts.set(id, !(suspended instanceof LmsError) && suspended.has(id));
  return readings.map((reading) => withoutSuspended(reading, accounts));
}

async function readCourse(
  { people, exams }: Pick<Lms, 'people' | 'exams'>,
  settings: SyncSettings,
  serviceUserId: string,
  { course, activities }: ToRead,
  signal: AbortSignal,
): Promise<Reading> {
  const nothing = { course, activities, watched: [], suspended: new Set<string>() };
  if (!activities) return { ...nothing, roster: notAnswered(course) };
  const chosen: Activity[] = [];
  for (const activity of activities) {
    const watch = watchOf(settings, activity);
    const watched = watch === 'ASK' ? await refusable(exams.watched(activity, signal)) : watch;
    if (watched instanceof LmsError) return { ...nothing, roster: watched };
    if (watched) chosen.push(activity);
  }
  // Nobody is read of whom nothing is needed.
  if (chosen.length === 0) return { ...nothing, roster: 'NOT_WATCHED' };
  const roster = await refusable(people.ofCourse(course.id, signal));
  if (!isRoster(roster)) return { ...nothing, roster };
  const service = [...roster.members, ...roster.others].find(({ id }) => id === serviceUserId);
  const sitter = service ?? { id: serviceUserId, groups: [] };
  const watched = await Promise.all(
    chosen.map(async (activity) => ({
      activity,
      timesOf: await refusable(exams.times(activity, sitter, signal)),
    })),
  );
  return { ...nothing, watched, roster };
}

export function isRoster(roster: Reading['roster']): roster is Roster {
  return typeof roster === 'object' && 'members' in roster;
}

function withoutSuspended(reading: Reading, accounts: ReadonlyMap<string, boolean>): Reading {
  const { roster } = reading;
  if (!isRoster(roster)) return reading;
  const isSuspended = ({ id }: Member): boolean => accounts.get(id) ?? false;
  return {
    ...reading,
    roster: { ...roster, members: roster.members.filter((each) => !isSuspended(each)) },
    suspended: new Set(roster.members.filter(isSuspended).map(({ id }) => id)),
  };
}

/** What the site answers, or that it refuses to. @throws LmsError UNAVAILABLE */
async function refusable<T>(asked: Promise<T>): Promise<T | LmsError> {
  return asked.catch((error: unknown) => {
    if (error instanceof LmsError && error.failure === 'REFUSED') return error;
    throw error;
  });
}

function notAnswered({ name }: CourseEntry): LmsError {
  return new LmsError('REFUSED', `The site does not show the quizzes and assignments of “${name}”.`);
}

/** The activities of each course; null for those that the site does not answer for. */
export function byCourse(courses: readonly CourseEntry[], { found, refused }: Answered<Activity>): ToRead[] {
  const kept = new Map<string, Activity[]>(courses.map(({ id }) => [id, []]));
  for (const activity of found) kept.get(activity.courseId)?.push(activity);
  return courses.map((course) => ({
    course,
    activities: refused.includes(course.id) ? null : (kept.get(course.id) ?? []),
  }));
}
