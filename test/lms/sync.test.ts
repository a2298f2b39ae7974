import { startFakeLms, tokenWithout, type FakeLms } from '../../scripts/fake-lms/server.js';
import { enrol, makeUniversity, override, touch } from '../../scripts/fake-lms/site.js';
import type { StatusError } from '../../src/call/index.js';
import { LmsKind } from '../../src/grpc/gen/probity/lms/v1/lms_service.js';
import {
  LmsSyncMode,
  LmsSyncState,
  LmsWatch,
  type LmsSync,
} from '../../src/grpc/gen/probity/lms/v1/lms_sync_service.js';
import { Role } from '../../src/grpc/gen/probity/identity/v1/user_service.js';
import { createOutbound, type Outbound, type OutboundAnswer } from '../../src/outbound/index.js';
import type { Storage } from '../../src/storage/index.js';
import { TestClock } from '../support/clock.js';
import { databases, type Place } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { createWorld, outcomeOf, type World } from './world.js';

const DAY_MS = 86_400_000;
const { LMS_SYNC_STATE_DONE: DONE, LMS_SYNC_STATE_WAITING: WAITING } = LmsSyncState;
const { LMS_SYNC_STATE_FAILED: FAILED, LMS_SYNC_STATE_RUNNING: RUNNING } = LmsSyncState;
const short = (name: string): string => name.replace(/^LMS_SYNC_[A-Z]+_/, '');

describe.each(databases)('the sync of an LMS, on $name', ({ open, place }) => {
  let at: Place;
  let storage: Storage;
  let world: World;
  let clock: TestClock;
  let fake: FakeLms;
  let outbound: Outbound;
  /** Around each request to the LMS: what else happens at that moment, and what is answered. */
  let around: (form: URLSearchParams, next: () => Promise<OutboundAnswer>) => Promise<OutboundAnswer>;
  let connection: string;
  const admin = () => world.ctx();

  beforeEach(async () => {
    at = await place();
    storage = await open(at);
    clock = new TestClock();
    outbound = createOutbound({ enabled: true, allow: ['127.0.0.1'], retryDelayMs: 1 });
    around = (_form, next) => next();
    const spied: Pick<Outbound, 'request'> = {
      request: (asked) => around(new URLSearchParams(String(asked.body)), () => outbound.request(asked)),
    };
    world = await createWorld(storage, { outbound: spied, clock });
    fake = await startFakeLms();
    fake.site.plugin = true;
    fake.site.now = () => Math.floor(clock.now() / 1000);
    const request = { kind: LmsKind.LMS_KIND_MOODLE, displayName: 'Moodle', address: fake.url };
    connection = (await world.lms.handlers.lms.connectLms({ ...request, token: 'fake-token' }, admin())).name;
  });
  afterEach(async () => {
    await outbound.close();
    await fake.close();
  });

  const syncs = () => world.lms.handlers.lmsSyncs;
  const job = (of = world) => of.lms.jobs.find(({ name }) => name === 'lms-sync')!;
  const runJob = (of = world, signal = new AbortController().signal) => {
    const log = of.ctx().log;
    return job(of).run({ signal, log, ticket: 1, fence: () => Promise.resolve() });
  };
  async function sync(): Promise<LmsSync> {
    let last: LmsSync | undefined;
    for await (const { sync: told } of syncs().syncConnection({ connection }, admin())) last = told;
    clock.advance(1_000);
    return last!;
  }
  async function settings(change: {
    watch?: LmsWatch;
    courseIds?: string[];
    schedule?: string;
    graceDays?: number;
  }) {
    const name = `${connection}/syncSettings`;
    const before = await syncs().getSyncSettings({ name }, admin());
    return syncs().updateSyncSettings({ settings: { ...before, ...change } }, admin());
  }
  /** `MEMBER MISSING NOT_LISTED 2/4`, in order. */
  async function report(run: LmsSync): Promise<string[]> {
    const request = { sync: run.name, pageSize: 1000, pageToken: '' };
    const { changes } = await syncs().listSyncChanges(request, admin());
    return changes.map(({ kind, action, reason, courseId, externalId, count }) =>
      [...[short(kind), short(action), reason], `${courseId}/${externalId || `*${count}`}`].join(' '),
    );
  }
  /** Who is in the exam of a quiz, with their own times. */
  async function sitting(
    activity: string,
  ): Promise<Record<string, [number | null, number | null, number | null]>> {
    const rows: Record<string, number | null>[] = await storage
      .db('lms_exams as x')
      .join('exam_students as s', 's.exam_id', 'x.exam_id')
      .join('enrolments as n', (on) => void on.on('n.exam_id', 's.exam_id').on('n.user_id', 's.user_id'))
      .where('x.activity_id', activity)
      .orderBy('s.email')
      .select('s.email', 'n.open_at', 'n.close_at', 'n.limit_ms');
    return Object.fromEntries(
      rows.map((row) => [row['email'], [row['open_at'], row['close_at'], row['limit_ms']]]),
    ) as Awaited<ReturnType<typeof sitting>>;
  }
  /** Everything in the database but what a run notes of itself. */
  async function everything(): Promise<string> {
    const kept: Record<string, unknown> = {};
    for (const table of ['lms_mirror', 'lms_sync_changes', 'lms_exams', 'lms_accounts', 'users', 'exams']) {
      kept[table] = await storage.db(table).select();
    }
    for (const table of ['enrolments', 'exam_students', 'exam_staff', 'outbox', 'lms_tombstones']) {
      kept[table] = await storage.db(table).select();
    }
    return JSON.stringify(kept);
  }
  const algebra = () => fake.site.courses[0]!;
  const answering = (given: unknown) => async (next: () => Promise<OutboundAnswer>) => ({
    ...(await next()),
    body: Buffer.from(JSON.stringify(given)),
  });
  const leave = (course: (typeof fake.site.courses)[number], userId: number): void => {
    course.enrolments = course.enrolments.filter((each) => each.userId !== userId);
    touch(fake.site, course.id);
  };

  test('makes exams of the quizzes on which the plugin is, with each student’s own times', async () => {
    const run = await sync();
    expect(run).toMatchObject({
      state: DONE,
      mode: LmsSyncMode.LMS_SYNC_MODE_FULL,
      coursesDone: 4,
      message: '',
    });
    const T = 1_795_000_000_000;
    expect(await sitting('quiz:1')).toEqual({
      'ada@ucy.test': [T, T + 7_200_000, 3_600_000],
      'alan@ucy.test': [T, T + 3_600_000, 5_400_000],
    });
    expect(Object.keys(await sitting('quiz:3'))).toHaveLength(3);
    expect(await sitting('quiz:2')).toEqual({});
    const staff: Record<string, string>[] = await storage
      .db('exam_staff as s')
      .join('users as u', 'u.id', 's.user_id')
      .join('lms_exams as x', 'x.exam_id', 's.exam_id')
      .orderBy(['x.activity_id', 'u.email'])
      .select('x.activity_id', 'u.email', 'u.role');
    expect(staff.map((row) => [row['activity_id'], row['email'], row['role']].join(' '))).toEqual([
      'quiz:1 otto@ucy.test INSTRUCTOR',
      'quiz:1 teacher@ucy.test INSTRUCTOR',
      'quiz:3 teacher@ucy.test INSTRUCTOR',
    ]);
    expect(await report(run)).toEqual([
      'COURSE ADDED LISTED 2/2',
      'ACTIVITY ADDED LISTED 2/assign:1',
      'ACTIVITY ADDED LISTED 2/quiz:1',
      'ACTIVITY ADDED LISTED 2/quiz:2',
      'MEMBER ADDED LISTED 2/*4',
      'GROUP ADDED LISTED 2/*2',
      'EXAM ADDED LISTED 2/quiz:1',
      'COURSE ADDED LISTED 9/9',
      'ACTIVITY ADDED LISTED 9/quiz:3',
      'MEMBER ADDED LISTED 9/*4',
      'EXAM ADDED LISTED 9/quiz:3',
      'COURSE ADDED LISTED 10/10',
      'COURSE ADDED LISTED 11/11',
    ]);
    // Nobody was read of courses in which nothing is watched.
    const asked = fake.called.filter((name) => name === 'core_enrol_get_enrolled_users');
    expect(asked).toHaveLength(2);
    const all = { connection, pageSize: 0, pageToken: '' };
    const { activities } = await syncs().listLmsActivities(all, admin());
    expect(activities.map(({ activityId, watched }) => [activityId, watched])).toEqual([
      ['assign:1', false],
      ['quiz:1', true],
      ['quiz:2', false],
      ['quiz:3', true],
    ]);
    expect((await syncs().listLmsCourses({ ...all, pageSize: 2 }, admin())).courses).toHaveLength(2);
    expect((await syncs().listSyncs(all, admin())).syncs).toMatchObject([{ name: run.name, state: DONE }]);
  });

  test('no name in the LMS is too long, too short or too strange for ours', async () => {
    algebra().quizzes[0]!.name = `\u202eMid\u0007term ${'\u{1f393}'.repeat(300)}`;
    algebra().fullname = 'A'.repeat(1_333);
    Object.assign(
      fake.site.accounts.find(({ id }) => id === 4)!,
      { firstname: 'Æ'.repeat(255), lastname: ' ' },
    );
    const run = await sync();
    expect(run).toMatchObject({ state: DONE, coursesDone: 4 });
    const [exam] = (await storage
      .db('exams as e')
      .join('lms_exams as x', 'x.exam_id', 'e.id')
      .where('x.activity_id', 'quiz:1')
      .pluck('e.display_name')) as string[];
    expect(exam).toBe(`Mid term ${'\u{1f393}'.repeat(191)}`);
    expect(
      await storage.db('users').where('email', 'ada@ucy.test').select('given_name', 'family_name'),
    ).toEqual([{ given_name: 'Æ'.repeat(100), family_name: '-' }]);
    expect(await report(await sync())).toEqual([]);
  });

  test('nothing changed, nothing is written; with the change feed three requests tell so', async () => {
    const first = await sync();
    const before = await everything();
    const second = await sync();
    expect(second).toMatchObject({
      state: DONE,
      mode: LmsSyncMode.LMS_SYNC_MODE_CHANGES,
      requests: 3,
      counts: [],
    });
    expect(await everything()).toBe(before);
    // The feed does not tell what was deleted whole: a day later everything is looked at.
    clock.advance(DAY_MS);
    const third = await sync();
    expect(third.mode).toBe(LmsSyncMode.LMS_SYNC_MODE_FULL);
    expect(third.requests).toBeLessThanOrEqual(first.requests);
    expect(await everything()).toBe(before);
  });

  test('without the plugin all is read each time, and nothing is written either', async () => {
    fake.site.plugin = false;
    await settings({ watch: LmsWatch.LMS_WATCH_ALL });
    const first = await sync();
    const before = await everything();
    const second = await sync();
    expect(second).toMatchObject({ state: DONE, mode: LmsSyncMode.LMS_SYNC_MODE_FULL, counts: [] });
    expect(second.requests).toBeLessThanOrEqual(first.requests);
    expect(await everything()).toBe(before);
  });

  test('follows an exception, reading only the course that changed', async () => {
    await sync();
    algebra().quizzes[0]!.overrides.push(override(9, { userid: 4 }, { timelimit: 9_000 }));
    touch(fake.site, 2);
    fake.called.length = 0;
    const run = await sync();
    expect(run).toMatchObject({ state: DONE, mode: LmsSyncMode.LMS_SYNC_MODE_CHANGES, coursesTotal: 1 });
    expect(await report(run)).toEqual(['EXAM CHANGED DIFFERENT 2/quiz:1']);
    expect((await sitting('quiz:1'))['ada@ucy.test']![2]).toBe(9_000_000);
    expect(fake.called.filter((name) => name === 'core_enrol_get_enrolled_users')).toHaveLength(1);
  });

  test('who is listed no longer stays for the grace period, and is then taken out', async () => {
    await sync();
    leave(algebra(), 4);
    const run = await sync();
    expect(await report(run)).toEqual([
      'MEMBER MISSING NOT_LISTED 2/4',
      // They were in it alone: a group of nobody is not seen.
      'GROUP MISSING NOT_LISTED 2/1',
      'EXAM CHANGED DIFFERENT 2/quiz:1',
    ]);
    expect(Object.keys(await sitting('quiz:1'))).toContain('ada@ucy.test');
    clock.advance(6 * DAY_MS);
    expect(await report(await sync())).toEqual([]);
    clock.advance(DAY_MS);
    expect(await report(await sync())).toEqual(['MEMBER REMOVED GRACE_OVER 2/4']);
    expect(Object.keys(await sitting('quiz:1'))).toEqual(['alan@ucy.test']);
    // The account stays: erasing a person is somebody’s decision.
    expect(await storage.db('users').where('email', 'ada@ucy.test')).toHaveLength(1);
  });

  test('an exam whose quiz is gone, or is watched no longer, is taken from those who have not sat it', async () => {
    algebra().quizzes[1]!.rules = [...algebra().quizzes[0]!.rules];
    await sync();
    algebra().quizzes[1]!.rules = [];
    touch(fake.site, 2);
    expect(await report(await sync())).toEqual(['EXAM MISSING NOT_WATCHED 2/quiz:2']);
    algebra().quizzes[1]!.rules = [...algebra().quizzes[0]!.rules];
    algebra().quizzes.shift();
    touch(fake.site, 2);
    expect(await report(await sync())).toEqual([
      'ACTIVITY MISSING NOT_LISTED 2/quiz:1',
      'EXAM MISSING NOT_LISTED 2/quiz:1',
      'EXAM CHANGED DIFFERENT 2/quiz:2',
    ]);
    expect(Object.keys(await sitting('quiz:1'))).toHaveLength(2);
    clock.advance(7 * DAY_MS);
    expect(await report(await sync())).toEqual([
      'ACTIVITY REMOVED GRACE_OVER 2/quiz:1',
      'EXAM REMOVED GRACE_OVER 2/quiz:1',
    ]);
    expect(await sitting('quiz:1')).toEqual({});
    expect(Object.keys(await sitting('quiz:2'))).toHaveLength(2);
  });

  test('what was changed here is put right when everything is looked at', async () => {
    await sync();
    const [before, exams] = [
      await sitting('quiz:1'),
      await storage.db('exams').select('display_name', 'ends_at'),
    ];
    await storage.db('enrolments').update({ close_at: 1, limit_ms: null });
    await storage.db('exams').update({ display_name: 'Mine', ends_at: 1 });
    await storage.db('exam_staff').delete();
    clock.advance(DAY_MS);
    expect(await report(await sync())).toEqual([
      'EXAM CHANGED DIFFERENT 2/quiz:1',
      'EXAM CHANGED DIFFERENT 9/quiz:3',
    ]);
    expect(await sitting('quiz:1')).toEqual(before);
    expect(await storage.db('exams').select('display_name', 'ends_at')).toEqual(exams);
    expect(await storage.db('exam_staff').select()).toHaveLength(3);
  });

  test('who comes back within the grace period was never out', async () => {
    await sync();
    leave(algebra(), 4);
    await sync();
    algebra().enrolments.push(enrol(4, 'student'));
    touch(fake.site, 2);
    expect(await report(await sync())).toEqual([
      'MEMBER RESTORED LISTED_AGAIN 2/4',
      'GROUP RESTORED LISTED_AGAIN 2/1',
      'EXAM CHANGED DIFFERENT 2/quiz:1',
    ]);
    clock.advance(8 * DAY_MS);
    await sync();
    expect(Object.keys(await sitting('quiz:1'))).toContain('ada@ucy.test');
  });

  test('what was seen of somebody who has sat the exam is not taken away with them', async () => {
    await sync();
    const [row]: { exam_id: string; user_id: string }[] = await storage
      .db('exam_students')
      .where('email', 'ada@ucy.test')
      .select('exam_id', 'user_id');
    await storage.db('proctoring_sessions').insert({
      ...{ id: 's', organisation_id: 'UCY', ...row, joined_at: 1, left_at: 2, frame_count: 0, last_frame: 0 },
      ...{ next_frame: 1, last_event: 0, monitored: 1, interrupted: 0, watch: '{}' },
    });
    leave(algebra(), 4);
    await sync();
    clock.advance(8 * DAY_MS);
    expect(await report(await sync())).toEqual(['MEMBER REMOVED GRACE_OVER 2/4']);
    expect(Object.keys(await sitting('quiz:1'))).toContain('ada@ucy.test');
  });

  test('who has an attempt in the LMS has sat the exam', async () => {
    await sync();
    const [row] = (await storage.db('exam_students').where('email', 'ada@ucy.test').select()) as object[];
    const { exam_id, user_id } = row as { exam_id: string; user_id: string };
    await storage.db('exam_attempts').insert({ exam_id, user_id, attempt: '9', started_at: 1, ended_at: 2 });
    leave(algebra(), 4);
    await sync();
    clock.advance(8 * DAY_MS);
    expect(await report(await sync())).toEqual(['MEMBER REMOVED GRACE_OVER 2/4']);
    expect(Object.keys(await sitting('quiz:1'))).toContain('ada@ucy.test');
  });

  test('who is suspended in the site is missing, though the course still lists them', async () => {
    await sync();
    fake.site.accounts.find(({ id }) => id === 5)!.suspended = true;
    touch(fake.site, 2);
    expect(await report(await sync())).toEqual([
      'MEMBER MISSING SUSPENDED 2/5',
      'EXAM CHANGED DIFFERENT 2/quiz:1',
    ]);
  });

  test('a teacher who now only learns runs the exam no longer', async () => {
    await sync();
    algebra().enrolments.find(({ userId }) => userId === 8)!.role = 'student';
    touch(fake.site, 2);
    expect(await report(await sync())).toEqual([
      'MEMBER CHANGED DIFFERENT 2/8',
      'EXAM CHANGED DIFFERENT 2/quiz:1',
    ]);
    expect(await storage.db('exam_staff').select()).toHaveLength(2);
    expect(Object.keys(await sitting('quiz:1'))).toContain('otto@ucy.test');
  });

  test('empty answers of a whole site are no answer', async () => {
    await sync();
    const before = await everything();
    fake.trouble = 'empty lists';
    clock.advance(DAY_MS);
    const run = await sync();
    expect(run).toMatchObject({
      state: FAILED,
      message: 'Moodle does not let the user of the token see accounts.',
    });
    expect(await everything()).toBe(before);
  });

  test('an empty course is kept as it was, and reported', async () => {
    await sync();
    algebra().enrolments = [];
    touch(fake.site, 2);
    const run = await sync();
    expect(await report(run)).toContain('MEMBER KEPT EMPTY_ANSWER 2/*4');
    clock.advance(30 * DAY_MS);
    await sync();
    expect(Object.keys(await sitting('quiz:1'))).toHaveLength(2);
  });

  test('a right that went away takes nothing with it', async () => {
    await sync();
    fake.tokens['fake-token'] = tokenWithout('moodle/course:enrolreview');
    clock.advance(DAY_MS);
    const run = await sync();
    expect(run.state).toBe(DONE);
    expect(await report(run)).toEqual(['MEMBER KEPT REFUSED 2/*1', 'MEMBER KEPT REFUSED 9/*1']);
    fake.tokens['fake-token'] = tokenWithout('mod/quiz:view');
    clock.advance(DAY_MS);
    expect(await report(await sync())).toContain('MEMBER KEPT REFUSED 2/*1');
    clock.advance(30 * DAY_MS);
    await sync();
    expect(Object.keys(await sitting('quiz:1'))).toHaveLength(2);
  });

  test('a course that is gone takes its people out after the grace period', async () => {
    await sync();
    fake.site.courses.shift();
    clock.advance(DAY_MS);
    expect(await report(await sync())).toEqual(['COURSE MISSING NOT_LISTED 2/2']);
    clock.advance(8 * DAY_MS);
    expect(await report(await sync())).toContain('MEMBER REMOVED GRACE_OVER 2/4');
    expect(await sitting('quiz:1')).toEqual({});
  });

  test('a course of which the site does not answer is not gone', async () => {
    await sync();
    clock.advance(DAY_MS);
    around = async (form, next) => {
      const answer = await next();
      if (form.get('wsfunction') !== 'core_course_get_courses_by_field') return answer;
      const { courses } = JSON.parse(answer.body.toString()) as { courses: { id: number }[] };
      const warnings = [{ item: 'course', itemid: 2, warningcode: '1' }];
      return answering({ courses: courses.filter(({ id }) => id !== 2), warnings })(next);
    };
    expect(await report(await sync())).toEqual(['COURSE PROBLEM REFUSED /*1']);
    clock.advance(30 * DAY_MS);
    await sync();
    expect(Object.keys(await sitting('quiz:1'))).toHaveLength(2);
  });

  test.each([
    ['says that there is more, and the same again', { time: 1, more: true, courses: [{ id: 2 }] }],
    ['goes backwards', { time: 1, more: true, courses: [{ id: 9 }, { id: 2 }] }],
  ])('a change feed that %s is not asked for ever: everything is read', async (_what, feed) => {
    await sync();
    around = (form, next) =>
      form.get('wsfunction') === 'quizaccess_probity_get_changes' ? answering(feed)(next) : next();
    const run = await sync();
    expect(run).toMatchObject({ state: DONE, mode: LmsSyncMode.LMS_SYNC_MODE_FULL, coursesDone: 4 });
    expect(await report(run)).toEqual(['SITE PROBLEM REFUSED /*1']);
  });

  test('nor is one that has always one more', async () => {
    await sync();
    let courses = 0;
    around = (form, next) =>
      form.get('wsfunction') === 'quizaccess_probity_get_changes'
        ? answering({ time: 1, more: true, courses: [{ id: ++courses }] })(next)
        : next();
    expect(await sync()).toMatchObject({ state: DONE, mode: LmsSyncMode.LMS_SYNC_MODE_FULL });
    expect(courses).toBe(200);
  });

  test('a run of changes that becomes a full one begins with the first course', async () => {
    await sync();
    await syncs().requestSync({ connection }, admin());
    const [progress = ''] = (await storage
      .db('lms_syncs')
      .where('state', 'RUNNING')
      .pluck('progress')) as string[];
    const cut = JSON.stringify({ ...(JSON.parse(progress) as object), after: '9', coursesDone: 1 });
    await storage.db('lms_syncs').where('state', 'RUNNING').update({ progress: cut });
    fake.site.plugin = false;
    await storage.db('lms_sync_settings').update({ watch: 'ALL' });
    algebra().fullname = 'Algebra 102';
    const run = await sync();
    expect(run).toMatchObject({ mode: LmsSyncMode.LMS_SYNC_MODE_FULL, coursesDone: 4, coursesTotal: 4 });
    expect(await report(run)).toContain('COURSE CHANGED DIFFERENT 2/2');
  });

  test('a large site is left for another turn, and gone on with', async () => {
    fake.site.courses = makeUniversity({ courses: 12, students: 24 }).courses;
    fake.site.accounts = makeUniversity({ courses: 12, students: 24 }).accounts;
    await syncs().requestSync({ connection }, admin());
    around = (_form, next) => {
      clock.advance(5_000);
      return next();
    };
    const all = { connection, pageSize: 0, pageToken: '' };
    const done: number[] = [];
    for (let turns = 0; turns < 10; turns++) {
      await runJob();
      const [run] = (await syncs().listSyncs(all, admin())).syncs;
      done.push(run!.coursesDone);
      if (run!.state === DONE) break;
      expect(run!.state).toBe(RUNNING);
    }
    expect(done.length).toBeGreaterThan(1);
    expect(done.at(-1)).toBe(12);
    expect(await storage.db('lms_exams').select()).toHaveLength(12);
  });

  test('what a site refuses is told once, however many turns a run takes', async () => {
    const { courses, accounts } = makeUniversity({ courses: 12, students: 24 });
    Object.assign(fake.site, { courses, accounts });
    await syncs().requestSync({ connection }, admin());
    around = async (form, next) => {
      clock.advance(5_000);
      if (form.get('wsfunction') !== 'core_course_get_courses_by_field') return next();
      const answer = await next();
      const given = JSON.parse(answer.body.toString()) as object;
      const warnings = [{ item: 'course', itemid: 999, warningcode: '1', message: 'No access' }];
      return { ...answer, body: Buffer.from(JSON.stringify({ ...given, warnings })) };
    };
    const turns = async (done = 0): Promise<number> => {
      await runJob();
      const [run] = (await syncs().listSyncs({ connection, pageSize: 0, pageToken: '' }, admin())).syncs;
      return run!.state === DONE || done > 9 ? done + 1 : turns(done + 1);
    };
    expect(await turns()).toBeGreaterThan(1);
    const refused = { kind: 'COURSE', action: 'PROBLEM', why: 'REFUSED' };
    expect(await storage.db('lms_sync_changes').where(refused)).toHaveLength(1);
  });

  test('a run that waits is gone on with as soon as somebody asks for it', async () => {
    fake.trouble = 'maintenance';
    const waiting = await sync();
    expect(waiting.state).toBe(WAITING);
    fake.trouble = 'none';
    expect(await sync()).toMatchObject({ name: waiting.name, state: DONE });
  });

  test('a site that goes down in the middle is gone on with where it was', async () => {
    fake.site.courses = makeUniversity({ courses: 12, students: 24 }).courses;
    fake.site.accounts = makeUniversity({ courses: 12, students: 24 }).accounts;
    fake.downAfter = 30;
    const broken = await sync();
    expect(broken).toMatchObject({ state: WAITING, message: 'Moodle is under maintenance.' });
    expect(broken.coursesDone).toBeGreaterThan(0);
    expect(broken.coursesDone).toBeLessThan(12);
    // Not before its time.
    fake.downAfter = Infinity;
    fake.called.length = 0;
    await runJob();
    expect(fake.called).toEqual([]);
    clock.advance(5 * 60_000);
    await runJob();
    const { syncs: runs } = await syncs().listSyncs({ connection, pageSize: 0, pageToken: '' }, admin());
    expect(runs).toMatchObject([{ name: broken.name, state: DONE, coursesDone: 12 }]);
    // The courses that were done are not read again.
    const read = fake.called.filter((name) => name === 'core_enrol_get_enrolled_users');
    expect(read).toHaveLength(12 - broken.coursesDone);
    expect(await storage.db('lms_exams').select()).toHaveLength(12);
  });

  test('a run that was cut off is gone on with by whoever comes next', async () => {
    fake.site.courses = makeUniversity({ courses: 12, students: 24 }).courses;
    fake.site.accounts = makeUniversity({ courses: 12, students: 24 }).accounts;
    fake.delayMs = 20;
    await syncs().requestSync({ connection }, admin());
    const killed = new AbortController();
    const working = runJob(world, killed.signal);
    await eventually(async () => expect(await storage.db('lms_exams').select()).not.toHaveLength(0));
    killed.abort(new Error('The node stops.'));
    await working;
    const all = { connection, pageSize: 0, pageToken: '' };
    const [cut] = (await syncs().listSyncs(all, admin())).syncs;
    expect(cut).toMatchObject({ state: RUNNING });
    fake.delayMs = 0;
    const other = await createWorld(await open(at), { outbound, clock, node: 'b' });
    await runJob(other);
    expect((await syncs().listSyncs(all, admin())).syncs).toMatchObject([
      { name: cut!.name, state: DONE, coursesDone: 12 },
    ]);
    expect(await storage.db('lms_exams').select()).toHaveLength(12);
    expect(await storage.db('exam_students').select()).toHaveLength(48);
  });

  test('tells whoever waits for it how far it is', async () => {
    fake.site.courses = makeUniversity({ courses: 60, students: 60 }).courses;
    fake.site.accounts = makeUniversity({ courses: 60, students: 60 }).accounts;
    fake.delayMs = 10;
    const told: LmsSync[] = [];
    for await (const { sync: now } of syncs().syncConnection({ connection }, admin())) told.push(now!);
    expect(told.length).toBeGreaterThan(2);
    expect(told.map(({ coursesDone }) => coursesDone)).toEqual(
      told.map(({ coursesDone }) => coursesDone).sort((a, b) => a - b),
    );
    expect(told.at(-1)).toMatchObject({ state: DONE, coursesTotal: 60, coursesDone: 60 });
    expect(told.at(-2)!.state).toBe(RUNNING);
  });

  test('who follows a run at which another node is looks twice a second, not all the time', async () => {
    fake.delayMs = 20;
    const other = await createWorld(await open(at), { outbound, clock, node: 'b' });
    await syncs().requestSync({ connection }, admin());
    const working = runJob(other);
    await eventually(() => {
      expect(fake.called).not.toEqual([]);
      return Promise.resolve();
    });
    let looks = 0;
    storage.db.on('query', ({ sql }: { sql: string }) => {
      if (/^select .*lms_syncs/.test(sql)) looks++;
    });
    const begun = performance.now();
    expect((await sync()).state).toBe(DONE);
    await working;
    expect(looks).toBeLessThan(10 + (performance.now() - begun) / 500);
  });

  test('of two nodes one does it', async () => {
    await syncs().requestSync({ connection }, admin());
    fake.delayMs = 5;
    const other = await createWorld(await open(at), { outbound, clock, node: 'b' });
    await Promise.all([runJob(), runJob(other)]);
    expect(fake.called.filter((name) => name === 'core_webservice_get_site_info')).toHaveLength(1);
    expect(await storage.db('lms_syncs').select('state')).toEqual([{ state: 'DONE' }]);
  });

  test('happens by itself on its schedule, and says when', async () => {
    const { nextTime } = await settings({ schedule: '15 3 * * *' });
    expect([nextTime!.getUTCHours(), nextTime!.getUTCMinutes()]).toEqual([3, 15]);
    await runJob();
    expect(fake.called).toEqual([]);
    clock.advance(nextTime!.getTime() - clock.now());
    await runJob();
    expect((await storage.db('lms_syncs').select('state', 'requested_by'))[0]).toEqual({
      ...{ state: 'DONE', requested_by: null },
    });
    const invalid = await settings({ schedule: 'every day' }).catch((error: unknown) => error as StatusError);
    expect((invalid as StatusError).message).toBe('settings.schedule: must be five cron fields, or empty');
  });

  test('of the courses that are named only, and of all', async () => {
    fake.site.plugin = false;
    await settings({ watch: LmsWatch.LMS_WATCH_COURSES, courseIds: ['2'] });
    await sync();
    expect(await storage.db('lms_exams').orderBy('activity_id').pluck('activity_id')).toEqual([
      'quiz:1',
      'quiz:2',
    ]);
    // An assignment is an exam where it is sat within a time.
    algebra().assignments[0]!.timelimit = 3_600;
    await settings({ watch: LmsWatch.LMS_WATCH_ALL });
    await sync();
    expect(await storage.db('lms_exams').orderBy('activity_id').pluck('activity_id')).toEqual([
      ...['assign:1', 'quiz:1', 'quiz:2', 'quiz:3'],
    ]);
    await settings({ watch: LmsWatch.LMS_WATCH_COURSES, courseIds: ['9'] });
    expect(await report(await sync())).toContain('MEMBER MISSING NOT_WATCHED 2/4');
  });

  test('an account with a password is not taken over, and everybody else is in', async () => {
    const { users } = world.identity.handlers;
    const person = { email: 'ada@ucy.test', givenName: 'A', familyName: 'B', role: Role.ROLE_STUDENT };
    const register = { ...person, organisation: 'organisations/UCY', password: 'correct horse battery' };
    await users.registerUser(register, admin());
    const run = await sync();
    expect(run.state).toBe(DONE);
    expect(await report(run)).toContain('MEMBER PROBLEM ACCOUNT_CONFLICT 2/4');
    expect(Object.keys(await sitting('quiz:1'))).toEqual(['alan@ucy.test']);
    // The exam is as the LMS has it all the same: it has not changed the next time, and they are tried when all is.
    touch(fake.site, 2);
    expect(await report(await sync())).toEqual([]);
    clock.advance(DAY_MS);
    expect(await report(await sync())).toEqual(['MEMBER PROBLEM ACCOUNT_CONFLICT 2/4']);
    await storage.db('users').where('email', 'ada@ucy.test').update({ password_hash: null });
    clock.advance(DAY_MS);
    expect(await report(await sync())).toEqual(['EXAM CHANGED DIFFERENT 2/quiz:1']);
    expect(Object.keys(await sitting('quiz:1'))).toHaveLength(2);
  });

  test('the service’s own exception spoils no times', async () => {
    await sync();
    algebra().enrolments.push(enrol(2, 'manager'));
    algebra().quizzes[0]!.overrides.push(override(9, { userid: 2 }, { timeclose: 1_800_000_000 }));
    touch(fake.site, 2);
    const run = await sync();
    expect(await report(run)).toContain('EXAM PROBLEM REFUSED 2/quiz:1');
    expect((await sitting('quiz:1'))['alan@ucy.test']![1]).toBe(1_795_003_600_000);
  });

  test('who was erased does not come back by the next sync; their export has what is kept', async () => {
    await sync();
    leave(algebra(), 4);
    await sync();
    const userId = ((await storage.db('users').where('email', 'ada@ucy.test').pluck('id')) as string[])[0]!;
    expect(await world.lms.subjectData.export(storage.db, userId)).toMatchObject({
      accounts: [{ address: fake.url, external_id: '4' }],
      memberships: [{ address: fake.url, courseId: '2', data: { role: 'STUDENT', groups: ['1'] } }],
      changes: [{ kind: 'MEMBER', action: 'MISSING', why: 'NOT_LISTED', courseId: '2' }],
    });
    algebra().enrolments.push(enrol(4, 'student'));
    touch(fake.site, 2);
    const erase = () =>
      storage.transaction(async (tx) => {
        const rows = await world.lms.subjectData.erase(tx, userId);
        for (const table of ['enrolments', 'exam_students'])
          await tx(table).where('user_id', userId).delete();
        await world.identity.subjectData.erase(tx, userId);
        return rows;
      });
    expect(await erase()).toMatchObject({ lms_accounts: 1, lms_mirror: 1, lms_sync_changes: 1 });
    expect(await erase()).toMatchObject({ lms_accounts: 0, lms_mirror: 0, lms_sync_changes: 0 });
    clock.advance(DAY_MS);
    const run = await sync();
    expect(run.state).toBe(DONE);
    expect(await storage.db('users').where('email', 'ada@ucy.test')).toEqual([]);
    expect(Object.keys(await sitting('quiz:1'))).toEqual(['alan@ucy.test']);
    expect(await storage.db('lms_mirror').where({ kind: 'MEMBER', external_id: '4' })).toEqual([]);
    const [tombstone] = (await storage.db('lms_tombstones').select()) as { digest: string }[];
    expect(tombstone!.digest).not.toContain('ada');
  });

  test('who is erased while a run is under way does not come back by it', async () => {
    await sync();
    const userId = ((await storage.db('users').where('email', 'ada@ucy.test').pluck('id')) as string[])[0]!;
    algebra().quizzes[0]!.overrides.push(override(9, { userid: 5 }, { timelimit: 9_000 }));
    touch(fake.site, 2);
    around = async (form, next) => {
      const answer = await next();
      // The list of people has been read by then.
      if (form.get('wsfunction') === 'mod_quiz_get_overrides') {
        await storage.transaction(async (tx) => {
          await world.lms.subjectData.erase(tx, userId);
          for (const table of ['enrolments', 'exam_students'])
            await tx(table).where('user_id', userId).delete();
          await world.identity.subjectData.erase(tx, userId);
        });
      }
      return answer;
    };
    expect(await sync()).toMatchObject({ state: DONE });
    expect(await storage.db('users').where('email', 'ada@ucy.test')).toEqual([]);
    expect(Object.keys(await sitting('quiz:1'))).toEqual(['alan@ucy.test']);
  });

  test.each<['joined' | 'left']>([['joined'], ['left']])(
    'who has %s and is erased while that is about to be remembered is not, and the report does not name them',
    async (what) => {
      await sync();
      const [userId = ''] = (await storage
        .db('users')
        .where('email', 'ada@ucy.test')
        .pluck('id')) as string[];
      const member = { kind: 'MEMBER', external_id: '4' };
      if (what === 'joined') await storage.db('lms_mirror').where(member).delete();
      else leave(algebra(), 4);
      touch(fake.site, 2);
      const transaction = storage.transaction.bind(storage);
      let erased = false;
      around = async (form, next) => {
        const answer = await next();
        if (form.get('wsfunction') !== 'core_enrol_get_enrolled_users') return answer;
        jest.spyOn(storage, 'transaction').mockImplementation(async (work) => {
          if (!erased) await transaction((tx) => world.lms.subjectData.erase(tx, userId));
          erased = true;
          return transaction(work);
        });
        return answer;
      };
      expect(await sync()).toMatchObject({ state: DONE });
      expect(erased).toBe(true);
      expect(await storage.db('lms_mirror').where(member)).toEqual([]);
      expect(await storage.db('lms_sync_changes').where(member)).toEqual([]);
    },
  );

  test('is for administrators of the organisation, and for connections that may be asked', async () => {
    const foreign = world.ctx('ADMIN', 'UC');
    const teacher = world.ctx('INSTRUCTOR');
    expect(await outcomeOf(syncs().requestSync({ connection }, foreign))).toBe('CONNECTION_NOT_FOUND');
    expect(await outcomeOf(syncs().requestSync({ connection }, teacher))).toBe('ROLE_REQUIRED');
    const request = { kind: LmsKind.LMS_KIND_MOODLE, displayName: 'B', address: 'https://b.test', token: '' };
    const { name } = await world.lms.handlers.lms.connectLms(request, admin());
    expect(await outcomeOf(syncs().requestSync({ connection: name }, admin()))).toBe('LMS_NOT_CONNECTED');
    const run = await sync();
    const changes = { sync: run.name, pageSize: 0, pageToken: '' };
    expect(await outcomeOf(syncs().listSyncChanges(changes, foreign))).toBe('CONNECTION_NOT_FOUND');
    await world.lms.handlers.lms.deleteConnection({ name: connection }, admin());
    for (const table of ['lms_mirror', 'lms_syncs', 'lms_sync_changes', 'lms_sync_settings']) {
      expect(await storage.db(table).whereNot('connection_id', name.split('/')[1]!).select()).toEqual([]);
    }
  });
});
