import type { StatusError } from '../../src/call/index.js';
import { AlertDecision, AlertType } from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import { VerificationMethod } from '../../src/grpc/gen/probity/exams/v1/identification_service.js';
import { ExamState, VerificationState } from '../../src/grpc/gen/probity/exams/v1/exam_service.js';
import { AdmissionReason, AdmissionState } from '../../src/grpc/gen/probity/exams/v1/admission.js';
import {
  ApprovalStep,
  type GetStudentTimelineResponse,
  type ListReviewStudentsResponse,
  type TimelineEntry,
  type WatchExamResponse,
} from '../../src/grpc/gen/probity/exams/v1/review_service.js';
import { databases } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { createWorld, enrol, examOf, sittingOf, START, type Script, type World } from './world.js';

const reasonOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'OK',
    (error: unknown) => (error as StatusError).reason,
  );

/** What a stream tells, one at a time. */
class Watcher {
  private readonly abort = new AbortController();
  private readonly events: AsyncIterator<WatchExamResponse>;

  constructor(exams: World['exams'], exam: string, ctx: ReturnType<World['ctx']>, after?: number) {
    const watching = exams.handlers.reviews.watchExam({ exam, after }, { ...ctx, signal: this.abort.signal });
    this.events = watching[Symbol.asyncIterator]();
  }

  async next(): Promise<WatchExamResponse> {
    const next = await this.events.next();
    if (next.done) throw new Error('the stream has ended');
    return next.value;
  }

  async close(): Promise<void> {
    this.abort.abort();
    await this.events.return?.().catch(() => undefined);
  }
}

describe.each(databases)('review on $name', ({ open }) => {
  let world: World;
  let exam: Awaited<ReturnType<typeof examOf>>;
  const watchers: Watcher[] = [];
  beforeEach(async () => {
    world = createWorld(await open());
  });
  afterEach(async () => {
    for (const watcher of watchers.splice(0)) await watcher.close();
  });

  const shoot = async (script: Script = {}, afterMs = 10_000): Promise<void> => {
    world.clock.advance(afterMs);
    const image = await world.picture(script);
    await world.exams.handlers.monitor.submitFrame(
      { exam: exam.name, image, operatingSystem: '' },
      exam.sitter,
    );
  };
  const students = (
    ctx = exam.staff,
    paging: { pageSize?: number; pageToken?: string } = {},
  ): Promise<ListReviewStudentsResponse> => {
    const request = { exam: exam.name, pageSize: 0, pageToken: '', ...paging };
    return world.exams.handlers.reviews.listReviewStudents(request, ctx);
  };
  const timeline = (
    paging: { pageSize?: number; pageToken?: string } = {},
    ctx = exam.staff,
  ): Promise<GetStudentTimelineResponse> => {
    const user = `users/${exam.student.id}`;
    const request = { exam: exam.name, user, pageSize: 0, pageToken: '', ...paging };
    return world.exams.handlers.reviews.getStudentTimeline(request, ctx);
  };
  const decide = (approve: boolean, note = '', ctx = exam.staff) => {
    const request = { exam: exam.name, user: `users/${exam.student.id}`, approve, note };
    return world.exams.handlers.reviews.decideApproval(request, ctx);
  };
  const watch = async (after?: number, exams = world.exams, ctx = exam.staff): Promise<Watcher> => {
    const watcher = new Watcher(exams, exam.name, ctx, after);
    watchers.push(watcher);
    expect((await watcher.next()).what?.$case).toBe('opened');
    return watcher;
  };
  const alertNames = async (): Promise<string[]> => {
    const request = { exam: exam.name, user: '', pageSize: 0, pageToken: '' };
    const { alerts } = await world.exams.handlers.proctoring.listAlerts(request, exam.staff);
    return alerts.map(({ name }) => name);
  };

  test('a student is shown with their verification, session and alerts by kind, and what waits is counted', async () => {
    exam = await sittingOf(world);
    await enrol(world, exam.name, exam.staff, 'bob@example.org');
    await shoot({ presence: 'SEVERAL_FACES' });
    await shoot({ presence: 'ONE_FACE' });
    await shoot({ presence: 'SEVERAL_FACES' });
    const { students: found, lastEvent } = await students();
    expect(found.map(({ email }) => email)).toEqual(['ann@example.org', 'bob@example.org']);
    expect(found[0]).toMatchObject({
      user: `users/${exam.student.id}`,
      givenName: 'ann',
      verification: VerificationState.VERIFICATION_STATE_VERIFIED,
      method: VerificationMethod.VERIFICATION_METHOD_SERVER_MATCH,
      verifyTime: new Date(START),
      session: { joinTime: new Date(START), frameCount: 3 },
      lastFrameTime: new Date(START + 30_000),
      alerts: [
        {
          ...{ type: AlertType.ALERT_TYPE_SEVERAL_FACES, count: 2, openCount: 1 },
          ...{ undecidedCount: 2, confirmedCount: 0 },
        },
      ],
    });
    expect(found[1]).toMatchObject({
      verification: VerificationState.VERIFICATION_STATE_PENDING,
      session: undefined,
      alerts: [],
    });
    expect(lastEvent).toBeGreaterThan(0);

    const [newest = ''] = await alertNames();
    const decision = AlertDecision.ALERT_DECISION_CONFIRMED;
    await world.exams.handlers.proctoring.reviewAlert({ alert: newest, decision, note: '' }, exam.staff);
    const { identification } = world.exams.handlers;
    const bob = world.ctx(world.person('bob@example.org').id);
    await identification.requestApproval({ exam: exam.name, approvalType: 'no camera', note: '' }, bob);
    const [review] = (
      await world.exams.handlers.reviews.listReviews({ pageSize: 0, pageToken: '' }, exam.staff)
    ).reviews;
    expect(review).toMatchObject({
      exam: { name: exam.name, state: ExamState.EXAM_STATE_STARTED },
      undecidedCount: 1,
      approvalRequestCount: 1,
    });
    const [ann, waiting] = (await students()).students;
    expect(ann?.alerts[0]).toMatchObject({ undecidedCount: 1, confirmedCount: 1 });
    expect(waiting).toMatchObject({
      verification: VerificationState.VERIFICATION_STATE_APPROVAL_REQUESTED,
      approvalRequest: 'no camera',
    });
  });

  test('a student who is paused at the door is shown so, and why, until staff dismiss it', async () => {
    exam = await sittingOf(world);
    for (let n = 0; n < 6; n++) await shoot({ score: 0.02 });
    const paused = (await students()).students[0];
    expect(paused).toMatchObject({
      admission: AdmissionState.ADMISSION_STATE_PAUSED,
      admissionReason: AdmissionReason.ADMISSION_REASON_OTHER_PERSON,
    });
    const [alert = ''] = await alertNames();
    const decision = AlertDecision.ALERT_DECISION_DISMISSED;
    await world.exams.handlers.proctoring.reviewAlert({ alert, decision, note: '' }, exam.staff);
    expect((await students()).students[0]?.admission).toBe(AdmissionState.ADMISSION_STATE_MONITORED);
  });

  test('pages of students follow each other by e-mail', async () => {
    exam = await examOf(world);
    await enrol(world, exam.name, exam.staff, 'bob@example.org', 'cat@example.org');
    const emails: string[] = [];
    for (let pageToken = '', pages = 0; pages < 4; pages++) {
      const page = await students(exam.staff, { pageSize: 1, pageToken });
      emails.push(...page.students.map(({ email }) => email));
      pageToken = page.nextPageToken;
      if (pageToken === '') break;
    }
    expect(emails).toEqual(['ann@example.org', 'bob@example.org', 'cat@example.org']);
  });

  test('another teacher finds nothing of the exam, an administrator everything, a student is no reviewer', async () => {
    exam = await sittingOf(world);
    await shoot({ presence: 'SEVERAL_FACES' });
    const other = world.ctx(world.person('other@example.org').id, 'INSTRUCTOR');
    const admin = world.ctx(world.person('admin@example.org').id, 'ADMIN');
    const foreign = world.ctx(exam.owner.id, 'ADMIN', 'UCY');
    const { reviews } = world.exams.handlers;
    const watching = (ctx: typeof other): Promise<string> =>
      reasonOf(new Watcher(world.exams, exam.name, ctx).next());
    for (const stranger of [other, foreign]) {
      expect(await reasonOf(students(stranger))).toBe('EXAM_NOT_FOUND');
      expect(await reasonOf(timeline({}, stranger))).toBe('EXAM_NOT_FOUND');
      expect(await reasonOf(decide(true, '', stranger))).toBe('EXAM_NOT_FOUND');
      expect(await watching(stranger)).toBe('EXAM_NOT_FOUND');
      expect((await reviews.listReviews({ pageSize: 0, pageToken: '' }, stranger)).reviews).toEqual([]);
    }
    expect(await reasonOf(students(exam.sitter))).toBe('ROLE_REQUIRED');
    expect(await reasonOf(reviews.listReviews({ pageSize: 0, pageToken: '' }, exam.sitter))).toBe(
      'ROLE_REQUIRED',
    );
    expect(await watching(exam.sitter)).toBe('ROLE_REQUIRED');
    expect((await students(admin)).students).toHaveLength(1);
    expect((await reviews.listReviews({ pageSize: 0, pageToken: '' }, admin)).reviews).toHaveLength(1);
    const user = `users/${other.principal?.userId ?? ''}`;
    const nobody = { exam: exam.name, user, pageSize: 0, pageToken: '' };
    expect(await reasonOf(reviews.getStudentTimeline(nobody, exam.staff))).toBe('USER_NOT_FOUND');
  });

  test('a timeline tells in order what happened, by whom it was decided and why, and pages add up to it', async () => {
    exam = await examOf(world);
    const { exams, identification, proctoring } = world.exams.handlers;
    await exams.startExam({ name: exam.name }, exam.staff);
    await identification.requestApproval(
      { exam: exam.name, approvalType: 'no camera', note: '' },
      exam.sitter,
    );
    world.clock.advance(1000);
    await decide(false, 'please try once more');
    world.clock.advance(1000);
    const image = await world.picture({ score: 0.05 });
    await identification.identifyStudent({ exam: exam.name, image, operatingSystem: '' }, exam.sitter);
    world.clock.advance(1000);
    await decide(true, 'seen in person');
    world.clock.advance(1000);
    await proctoring.joinExam({ exam: exam.name }, exam.sitter);
    await shoot({ score: 0.05 });
    await shoot({ presence: 'SEVERAL_FACES' });
    const [alert = ''] = await alertNames();
    world.clock.advance(1000);
    const { ALERT_DECISION_DISMISSED: dismissed, ALERT_DECISION_CONFIRMED: confirmed } = AlertDecision;
    await proctoring.reviewAlert({ alert, decision: dismissed, note: 'a passer-by' }, exam.staff);
    world.clock.advance(1000);
    await proctoring.reviewAlert({ alert, decision: confirmed, note: 'the same again' }, exam.staff);

    const by = `users/${exam.owner.id}`;
    const whole = await timeline();
    expect(whole.entries.map(({ what }) => what)).toMatchObject([
      { $case: 'decision', value: { alert, decision: confirmed, note: 'the same again', decidedBy: by } },
      { $case: 'decision', value: { alert, decision: dismissed, note: 'a passer-by', decidedBy: by } },
      { $case: 'frame', value: { frame: 2, faceCount: 2 } },
      {
        $case: 'alert',
        value: {
          ...{
            name: alert,
            type: AlertType.ALERT_TYPE_SEVERAL_FACES,
            hasEvidence: true,
            decision: confirmed,
          },
          ...{ decidedBy: by, decideTime: new Date(START + 26_000) },
        },
      },
      { $case: 'frame', value: { frame: 1, score: expect.closeTo(0.05, 3) as number } },
      { $case: 'session', value: { frameCount: 2 } },
      { $case: 'approval', value: { step: ApprovalStep.APPROVAL_STEP_APPROVED, note: 'seen in person', by } },
      { $case: 'attempt', value: { score: expect.closeTo(0.05, 3) as number } },
      {
        $case: 'approval',
        value: { step: ApprovalStep.APPROVAL_STEP_WITHDRAWN, note: 'please try once more', by },
      },
      { $case: 'approval', value: { step: ApprovalStep.APPROVAL_STEP_REQUESTED, note: 'no camera', by: '' } },
    ]);
    expect(whole.people).toEqual([{ user: by, displayName: 'owner Example' }]);
    expect(whole.student?.user).toBe(`users/${exam.student.id}`);

    for (const pageSize of [1, 3]) {
      const paged: TimelineEntry[] = [];
      for (let pageToken = ''; ;) {
        const page = await timeline({ pageSize, pageToken });
        paged.push(...page.entries);
        pageToken = page.nextPageToken;
        if (pageToken === '') break;
      }
      expect(paged).toEqual(whole.entries);
    }
  });

  test('every read of a reviewer is audited, and says of whom', async () => {
    exam = await sittingOf(world);
    await students();
    await timeline();
    await watch();
    const actor = world.pseudonym(exam.owner.id);
    expect((await world.audited()).slice(-3)).toMatchObject([
      { actor, subject: null, action: 'students.read' },
      { actor, subject: world.pseudonym(exam.student.id), action: 'timeline.read' },
      { actor, subject: null, action: 'exam.watched' },
    ]);
  });

  test('an approval is taken back and a request declined; what a match proved stays', async () => {
    exam = await examOf(world);
    const { identification, exams, proctoring } = world.exams.handlers;
    const { VERIFICATION_STATE_VERIFIED: verified, VERIFICATION_STATE_PENDING: pending } = VerificationState;
    expect((await decide(true, 'known to me')).verification).toBe(verified);
    expect((await decide(false)).verification).toBe(pending);
    await identification.requestApproval(
      { exam: exam.name, approvalType: 'no camera', note: '' },
      exam.sitter,
    );
    expect(await decide(false, 'the camera works')).toMatchObject({
      verification: pending,
      approvalRequest: '',
    });
    const image = await world.picture();
    await identification.identifyStudent({ exam: exam.name, image, operatingSystem: '' }, exam.sitter);
    await identification.requestApproval({ exam: exam.name, approvalType: 'in case', note: '' }, exam.sitter);
    expect(await decide(false)).toMatchObject({ verification: verified, approvalRequest: '' });
    expect(await reasonOf(decide(true, 'x'.repeat(2001)))).toBe('INVALID_FIELDS');
    await exams.startExam({ name: exam.name }, exam.staff);
    await proctoring.joinExam({ exam: exam.name }, exam.sitter);
    world.clock.advance(86_400_000);
    expect(await reasonOf(decide(true))).toBe('EXAM_STATE');
    const actions = (await world.audited()).map(({ action }) => action);
    expect(actions.filter((action) => action === 'student.approval_declined')).toHaveLength(3);
  });

  test('a stream tells of each change once, in the order of commit, with what it is about as it now is', async () => {
    exam = await examOf(world);
    const watcher = await watch();
    const { exams, identification, proctoring } = world.exams.handlers;
    await exams.startExam({ name: exam.name }, exam.staff);
    const image = await world.picture();
    await identification.identifyStudent({ exam: exam.name, image, operatingSystem: '' }, exam.sitter);
    await proctoring.joinExam({ exam: exam.name }, exam.sitter);
    await shoot({ presence: 'SEVERAL_FACES' });
    await shoot();
    await proctoring.leaveExam({ exam: exam.name }, exam.sitter);
    const told: WatchExamResponse[] = [];
    while (told.length < 6) told.push(await watcher.next());
    expect(told.map(({ what }) => what?.$case)).toEqual([
      'exam',
      'student',
      'student',
      'alert',
      'alert',
      'student',
    ]);
    const numbers = told.map(({ number }) => number);
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
    const raised = told.flatMap(({ what }) => (what?.$case === 'alert' ? [what.value] : []));
    expect(raised[0]).toMatchObject({
      alert: {
        type: AlertType.ALERT_TYPE_SEVERAL_FACES,
        user: `users/${exam.student.id}`,
        hasEvidence: true,
      },
      student: { email: exam.student.email, alerts: [{ count: 1, undecidedCount: 1 }] },
    });
  });

  test('a stream that comes back is told what it missed, on whichever node', async () => {
    exam = await sittingOf(world);
    const { lastEvent } = await students();
    await shoot({ presence: 'SEVERAL_FACES' });
    const first = await watch(lastEvent);
    const seen = await first.next();
    await first.close();
    await shoot();
    const [alert = ''] = await alertNames();
    const decision = AlertDecision.ALERT_DECISION_DISMISSED;
    await world.exams.handlers.proctoring.reviewAlert({ alert, decision, note: 'fine' }, exam.staff);
    // Another node has other wake-ups, and the same rows.
    const second = await watch(seen.number, world.rewire({}));
    const missed = [await second.next(), await second.next()];
    expect(missed.map(({ number }) => number)).toEqual([seen.number + 1, seen.number + 2]);
    expect(missed[1]?.what).toMatchObject({
      $case: 'alert',
      value: { alert: { decision, decisionNote: 'fine' } },
    });
    const live = second.next();
    await shoot({ presence: 'SEVERAL_FACES' });
    expect((await live).number).toBe(seen.number + 3);
  });

  test('a number that never was is that of the last event', async () => {
    exam = await sittingOf(world);
    const { lastEvent } = await students();
    const watcher = await watch(lastEvent + 1000);
    await shoot({ presence: 'SEVERAL_FACES' });
    expect((await watcher.next()).number).toBe(lastEvent + 1);
  });

  test('a stream ends when the exam is no longer the caller’s', async () => {
    exam = await sittingOf(world);
    const watcher = await watch();
    const ended = reasonOf(watcher.next());
    const heir = world.person('heir@example.org').id;
    await world.storage.db('exams').update({ owner_id: heir });
    world.clock.advance(16_000);
    expect(await ended).toBe('EXAM_NOT_FOUND');
  });

  test('one person holds so many streams and no more, and gives their places back', async () => {
    exam = await sittingOf(world);
    const open: Watcher[] = [];
    for (let n = 0; n < 8; n++) open.push(await watch());
    expect(await reasonOf(new Watcher(world.exams, exam.name, exam.staff).next())).toBe('ENGINE_OVERLOADED');
    const admin = world.ctx(world.person('admin@example.org').id, 'ADMIN');
    await watch(undefined, world.exams, admin);
    await open[0]?.close();
    await eventually(() => watch());
  });

  test('erasure takes what an exam’s log says of a student, and whom staff were', async () => {
    exam = await sittingOf(world);
    await decide(true, 'known to me');
    const exported = await world.exams.subjectData.export(world.storage.db, exam.student.id);
    expect((exported as Record<string, unknown>)['exam_events']).toEqual(
      expect.arrayContaining([expect.objectContaining({ kind: 'APPROVED', note: 'known to me' })]),
    );
    await world.storage.transaction((tx) => world.exams.subjectData.erase(tx, exam.owner.id));
    const approvals = await timeline({}, world.ctx(world.person('admin@example.org').id, 'ADMIN'));
    expect(approvals.people).toEqual([]);
    await world.storage.transaction((tx) => world.exams.subjectData.erase(tx, exam.student.id));
    expect(await world.storage.db('exam_events').where('user_id', exam.student.id)).toEqual([]);
    expect(await world.storage.db('exam_events').whereNotNull('actor_id')).toEqual([]);
  });

  test('retention removes the log with the findings', async () => {
    exam = await sittingOf(world);
    const later = START + 181 * 86_400_000;
    await world.exams.subjectData.expire(later, 1000);
    expect(await world.storage.db('exam_events').select()).toEqual([]);
  });
});
