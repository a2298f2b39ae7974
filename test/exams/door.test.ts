import type { Context } from '../../src/call/index.js';
import { createProvisioning, type Provisioning } from '../../src/exams/provisioning.js';
import { createAudit } from '../../src/events/index.js';
import { AlertDecision } from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import type { Person } from '../../src/exams/ports.js';
import { databases } from '../support/databases.js';
import { jobContext } from './jobs.js';
import { createWorld, START, type World } from './world.js';

function orders<T>(of: readonly T[]): T[][] {
  if (of.length === 0) return [[]];
  return of.flatMap((first, n) => orders(of.filter((_, at) => at !== n)).map((rest) => [first, ...rest]));
}

const POLICY = { challenge: false, monitor: true, graceMs: 60_000, frameIntervalMs: 2_000 };

describe.each(databases)('the door of an exam of an LMS, on $name', ({ open }) => {
  let world: World;
  let provisioning: Provisioning;
  let exam: Awaited<ReturnType<Provisioning['make']>>;
  let student: Person;
  let sitter: Context;
  let name: string;
  beforeEach(async () => {
    world = createWorld(await open());
    provisioning = createProvisioning({
      audit: createAudit(world.storage, world.clock.now),
      clock: world.clock,
    });
    student = world.person('ann@example.org');
    sitter = world.ctx(student.id);
    exam = await world.storage.transaction((tx) => provisioning.make(tx, 'UC', 'Mid-term'));
    await enrol({});
    name = `exams/${exam.number}`;
  });

  const enrol = (own: { openAt?: number; closeAt?: number }): Promise<void> =>
    world.storage.transaction(async (tx) => {
      const time = { openAt: null, closeAt: null, limitMs: null, ...own };
      await provisioning.enrol(tx, exam, [{ person: student, externalId: '5', ...time }]);
      await provisioning.keep(tx, exam.id, { displayName: 'Mid-term', span: null, policy: POLICY });
    });
  const door = () => world.exams.door;
  const gate = () => door().gate(exam.id, student.id);
  const stands = async () => {
    const { admitted, state, reason } = await gate();
    return [admitted, state, reason];
  };
  const show = async (score = 0.7) => {
    const image = await world.picture({ score });
    await world.exams.handlers.identification.identifyStudent(
      { exam: name, image, operatingSystem: '' },
      sitter,
    );
  };
  const frame = async (score: number) => {
    world.clock.advance(2_000);
    const image = await world.picture({ score });
    await world.exams.handlers.monitor.submitFrame({ exam: name, image, operatingSystem: '' }, sitter);
  };
  const join = () => world.exams.handlers.proctoring.joinExam({ exam: name }, sitter);
  const attempt = (on: boolean, id = '77', at = world.clock.now()) =>
    door().attempt(exam.id, student.id, { id, on, at });
  const sweep = () => world.exams.jobs.find((job) => job.name === 'exam-admissions')!.run(jobContext());
  /** With revisions counted from the first. */
  const told = () => {
    const [first] = world.admitted;
    return world.admitted.map((each) => [each.revision - first!.revision + 1, each.state, each.reason]);
  };
  const swap = async () => {
    for (let n = 0; n < 60 && (await stands())[2] !== 'OTHER_PERSON'; n++) await frame(0);
  };
  const lastAlert = async (): Promise<string> => {
    const [newest] = await door().alerts(exam.id, student.id, null, 1);
    return newest!.alert.name.split('/').at(-1)!;
  };

  test('opens by identification, stays open while watched, and shuts with the attempt; each change is told once', async () => {
    expect(await gate()).toEqual({
      ...{ admitted: false, state: 'NOT_IDENTIFIED', reason: 'NOT_YET', verifiedUntil: null, revision: 0 },
      ...{
        monitored: false,
        lastHeartbeatAt: null,
        graceUntil: null,
        approvalRequested: false,
        openAlerts: 0,
        undecidedAlerts: 0,
      },
    });
    await show();
    expect(await gate()).toMatchObject({
      admitted: true,
      state: 'IDENTIFIED',
      verifiedUntil: START + 1_800_000,
    });
    await attempt(true);
    await attempt(true);
    await join();
    await frame(0.7);
    expect(await gate()).toMatchObject({
      ...{ admitted: true, state: 'MONITORED', monitored: true, verifiedUntil: null, revision: START + 1 },
      ...{ lastHeartbeatAt: START + 2_000, graceUntil: START + 62_000 },
    });
    await attempt(false);
    await attempt(false);
    expect(await gate()).toMatchObject({
      admitted: false,
      state: 'NOT_IDENTIFIED',
      reason: 'EXPIRED',
      revision: START + 2,
    });
    expect(told()).toEqual([
      [1, 'IDENTIFIED', 'NONE'],
      [2, 'MONITORED', 'NONE'],
      [3, 'NOT_IDENTIFIED', 'EXPIRED'],
    ]);
    expect(await world.told('admission.changed')).toBe(3);
    expect(await world.told('attempt.began')).toBe(1);
    expect(await world.storage.db('proctoring_sessions').whereNull('left_at').select()).toEqual([]);
  });

  const sitting = () => world.storage.db('proctoring_sessions').whereNull('left_at').select('id');
  const onSince = () => world.storage.db('exam_attempts').whereNull('ended_at').pluck('attempt');

  test('an attempt whose end is told again ends no later one', async () => {
    await show();
    await attempt(true, '77');
    await join();
    world.clock.advance(1_000);
    await attempt(false, '77');
    world.clock.advance(1_000);
    await show();
    // Before the LMS tells that the next attempt is on, and after.
    await join();
    await attempt(false, '77');
    expect(await sitting()).toHaveLength(1);
    await attempt(true, '78');
    await attempt(false, '77');
    expect(await sitting()).toHaveLength(1);
    await attempt(false, '78');
    expect(await sitting()).toEqual([]);
  });

  test('an end whose session was left open by a crash closes it when told again', async () => {
    await show();
    await attempt(true);
    await join();
    const at = { started_at: START, ended_at: START, told_at: START };
    await world.storage.db('exam_attempts').update(at);
    await attempt(false);
    expect(await sitting()).toEqual([]);
  });

  test('an attempt goes on that the LMS opens again; a word that comes late changes nothing', async () => {
    await show();
    await attempt(true);
    world.clock.advance(1_000);
    const ended = world.clock.now();
    await attempt(false);
    await attempt(true, '77', START);
    await attempt(true, '77', ended);
    expect(await onSince()).toEqual([]);
    world.clock.advance(500_000);
    await attempt(true);
    expect(await onSince()).toEqual(['77']);
    expect(await gate()).toMatchObject({ admitted: true, graceUntil: world.clock.now() + 60_000 });
    await attempt(false, '77', ended);
    expect(await onSince()).toEqual(['77']);
    await attempt(false);
    expect(await onSince()).toEqual([]);
    expect(await world.told('attempt.began')).toBe(2);
  });

  test('an attempt is as the latest word has it, in whatever order the words come', async () => {
    const words = [true, false, true, false].map((on, n) => ({ on, at: START + n }));
    const same = [words[0]!, { on: true, at: START + 5 }, { on: false, at: START + 4 }];
    for (const [n, said] of [...orders(words), ...orders(same)].entries()) {
      for (const { on, at } of said) await attempt(on, String(n), at);
      const { on } = said.reduce((latest, word) => (word.at > latest.at ? word : latest));
      expect([said, (await onSince()).includes(String(n))]).toEqual([said, on]);
    }
  });

  test('pauses when somebody else sits there; showing one’s face opens it again, and the next swap shuts it', async () => {
    await show();
    await attempt(true);
    await join();
    await swap();
    expect(await gate()).toMatchObject({
      admitted: false,
      state: 'PAUSED',
      reason: 'OTHER_PERSON',
      openAlerts: 1,
    });
    // Whoever fails to show it stays outside.
    await show(0);
    expect((await stands())[0]).toBe(false);
    world.clock.advance(1_000);
    await show();
    expect(await gate()).toMatchObject({
      admitted: true,
      state: 'MONITORED',
      openAlerts: 0,
      undecidedAlerts: 1,
    });
    await swap();
    expect(await stands()).toEqual([false, 'PAUSED', 'OTHER_PERSON']);
    expect(await world.storage.db('alerts').where('type', 'DIFFERENT_PERSON').select()).toHaveLength(2);
  });

  test('a teacher who dismisses the alert opens it; who approves by hand opens it for good', async () => {
    await show();
    await attempt(true);
    await join();
    await swap();
    const decided = await door().review(exam.id, await lastAlert(), {
      ...{ decision: 'DISMISSED', note: 'A beard.', staffId: 'teacher' },
    });
    expect(decided).toMatchObject({
      ...{ userId: student.id, decidedAt: world.clock.now() },
      alert: {
        decision: AlertDecision.ALERT_DECISION_DISMISSED,
        decisionNote: 'A beard.',
        decidedBy: 'users/teacher',
      },
    });
    expect(await stands()).toEqual([true, 'MONITORED', 'NONE']);
    await door().review(exam.id, await lastAlert(), { decision: 'CONFIRMED', note: '', staffId: 'teacher' });
    expect(await stands()).toEqual([false, 'PAUSED', 'OTHER_PERSON']);
    expect((await door().requestApproval(exam.id, student.id, 'It is me.')).approvalRequested).toBe(true);
    const approval = { approve: true, note: 'Seen in person.', staffId: 'teacher' };
    expect(await door().decideApproval(exam.id, student.id, approval)).toMatchObject({
      ...{ admitted: true, state: 'APPROVED', approvalRequested: false },
    });
    world.clock.advance(3_600_000);
    await sweep();
    expect(await stands()).toEqual([true, 'APPROVED', 'NONE']);
    await door().decideApproval(exam.id, student.id, { ...approval, approve: false });
    expect((await stands())[0]).toBe(false);
    expect(await world.storage.db('verifications').first('request_note', 'decision_note')).toEqual({
      ...{ request_note: '', decision_note: 'Seen in person.' },
    });
    expect((await world.audited()).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['alert.reviewed', 'student.approval_requested', 'student.verified']),
    );
  });

  test('a capture that is lost shuts it after the grace time, and one that comes back opens it, by the job alone', async () => {
    await show();
    await attempt(true);
    await join();
    await frame(0.7);
    world.clock.advance(60_000);
    await sweep();
    expect(told().at(-1)).toEqual([2, 'MONITORED', 'NONE']);
    world.clock.advance(16_000);
    await sweep();
    expect(told().at(-1)).toEqual([3, 'PAUSED', 'CAPTURE_LOST']);
    await sweep();
    expect(told()).toHaveLength(3);
    await frame(0.7);
    await sweep();
    expect(told().at(-1)).toEqual([4, 'MONITORED', 'NONE']);
  });

  test('who asks finds what time has changed, and tells of it', async () => {
    await show();
    world.clock.advance(1_800_000);
    expect(await Promise.all([gate(), gate(), gate()])).toEqual(
      Array.from(
        { length: 3 },
        () => expect.objectContaining({ reason: 'EXPIRED', revision: START + 1 }) as unknown,
      ),
    );
    expect(told().at(-1)).toEqual([2, 'NOT_IDENTIFIED', 'EXPIRED']);
  });

  test('who is taken out and enrolled anew is told of under a higher revision', async () => {
    await show();
    world.clock.advance(1_800_000);
    await sweep();
    await world.storage.transaction((tx) => provisioning.withdraw(tx, exam, [student.id]));
    await enrol({});
    await show();
    const revisions = world.admitted.map(({ revision }) => revision);
    expect(revisions).toHaveLength(3);
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
  });

  test('is as it was when the exam ended: a late submission is not refused for want of a camera', async () => {
    await enrol({ closeAt: START + 100_000 });
    await show();
    await attempt(true);
    await join();
    await frame(0.7);
    world.clock.advance(200_000);
    await world.exams.jobs.find(({ name: job }) => job === 'exam-completion')!.run(jobContext());
    await sweep();
    expect(await stands()).toEqual([true, 'MONITORED', 'NONE']);
    // The session is over all the same, and nobody waits for signs of life.
    expect(await world.storage.db('proctoring_sessions').whereNull('left_at').select()).toEqual([]);
    expect(await world.storage.db('admissions').first('due_at')).toEqual({ due_at: null });
    // Nothing will change any more: asking writes nothing.
    const written = jest.spyOn(world.storage, 'transaction');
    expect(await stands()).toEqual([true, 'MONITORED', 'NONE']);
    expect(written).not.toHaveBeenCalled();
  });

  test('a student’s own time is kept: not before it, not after it, and for others it goes on', async () => {
    const other = world.person('ben@example.org');
    await enrol({ openAt: START + 10_000, closeAt: START + 20_000 });
    await world.storage.transaction(async (tx) => {
      const time = { openAt: null, closeAt: null, limitMs: null };
      await provisioning.enrol(tx, exam, [{ person: other, externalId: '6', ...time }]);
      await provisioning.keep(tx, exam.id, { displayName: 'Mid-term', span: null, policy: POLICY });
    });
    await show();
    await expect(join()).rejects.toMatchObject({ reason: 'EXAM_STATE' });
    world.clock.advance(10_000);
    await join();
    await world.exams.handlers.proctoring.leaveExam({ exam: name }, sitter);
    world.clock.advance(10_000);
    await show();
    await expect(join()).rejects.toMatchObject({ message: 'The time of the student in this exam is over.' });
    expect(await world.storage.db('exams').first('state', 'ends_at')).toEqual({
      state: 'STARTED',
      ends_at: null,
    });
  });

  test('an exam without an end closes what nobody has shown a sign of for half a day', async () => {
    await show();
    await join();
    world.clock.advance(12 * 3_600_000);
    await world.exams.jobs.find(({ name: job }) => job === 'exam-completion')!.run(jobContext());
    expect(await world.storage.db('proctoring_sessions').whereNull('left_at').select()).toEqual([]);
  });

  test('students are listed as the LMS knows them; who is not enrolled is not there', async () => {
    expect(await door().gates(exam.id, null, 10)).toMatchObject([
      { userId: student.id, externalId: '5', displayName: 'ann Example', gate: { state: 'NOT_IDENTIFIED' } },
    ]);
    expect(await door().gates(exam.id, student.id, 10)).toEqual([]);
    const stranger = world.person('eve@example.org').id;
    await expect(door().requestApproval(exam.id, stranger, '')).rejects.toMatchObject({
      reason: 'USER_NOT_FOUND',
    });
    await expect(door().attempt(exam.id, stranger, { id: '1', on: true, at: START })).rejects.toMatchObject({
      reason: 'USER_NOT_FOUND',
    });
    const review = { decision: 'DISMISSED', note: '', staffId: 'teacher' } as const;
    await expect(door().review(exam.id, stranger, review)).rejects.toMatchObject({
      reason: 'ALERT_NOT_FOUND',
    });
  });

  test('a page of students is what each of them is told alone, in as few statements as one of them', async () => {
    const students = Array.from({ length: 49 }, (_, i) => world.person(`s${i}@example.org`));
    const overFor = students[6]!;
    const enrolments = students.map((person) => ({
      ...{ person, externalId: person.email, openAt: null, limitMs: null },
      closeAt: person === overFor ? START + 1_000 : null,
    }));
    await world.storage.transaction((tx) => provisioning.enrol(tx, exam, enrolments));
    const { identification, proctoring, monitor } = world.exams.handlers;
    // One in seven gets as far as its place says: nobody, asked, approved, identified, in an attempt, joined, watched.
    for (const [i, { id }] of students.entries()) {
      const [step, who] = [i % 7, world.ctx(id)];
      const picture = async () => ({
        exam: name,
        image: await world.picture({ score: 0.7 }),
        operatingSystem: '',
      });
      if (step === 1) await door().requestApproval(exam.id, id, 'No camera.');
      if (step === 2) {
        await door().decideApproval(exam.id, id, { approve: true, note: '', staffId: 'teacher' });
      }
      if (step >= 3) await identification.identifyStudent(await picture(), who);
      if (step >= 4) await door().attempt(exam.id, id, { id: `a${i}`, on: true, at: world.clock.now() });
      if (step >= 5) await proctoring.joinExam({ exam: name }, who);
      if (step >= 6) await monitor.submitFrame(await picture(), who);
    }
    await show();
    await attempt(true);
    await join();
    await swap();
    let statements = 0;
    world.storage.db.on('query', () => statements++);
    const page = async (limit: number) => {
      statements = 0;
      return { students: await door().gates(exam.id, null, limit), statements };
    };
    const alone = async () => {
      const listed = (await page(200)).students;
      const gates = await Promise.all(listed.map(({ userId }) => door().gate(exam.id, userId)));
      return listed.map(({ gate: _, ...who }, at) => ({ ...who, gate: gates[at] }));
    };
    const seen = new Set<string>();
    // As they are; when the capture of some was lost; when whoever is not watched has to be identified again.
    for (const later of [0, 80_000, 1_800_000]) {
      world.clock.advance(later);
      const before = world.admitted.length;
      const first = await page(200);
      expect(world.admitted.length > before).toBe(later > 0);
      const again = await page(200);
      expect(again.students).toHaveLength(50);
      expect(again.students).toEqual(first.students);
      expect(again.students).toEqual(await alone());
      expect(again.statements).toBe((await page(1)).statements);
      expect(again.statements).toBeLessThan(12);
      for (const { gate } of again.students) seen.add(`${gate.state} ${gate.reason}`);
      const stays = again.students.find(({ userId }) => userId === overFor.id);
      expect(stays?.gate).toMatchObject({ admitted: true, state: 'MONITORED' });
    }
    expect([...seen].sort()).toEqual([
      ...['APPROVED NONE', 'IDENTIFIED NONE', 'MONITORED NONE'],
      ...['NOT_IDENTIFIED EXPIRED', 'NOT_IDENTIFIED NOT_YET'],
      ...['PAUSED CAPTURE_LOST', 'PAUSED OTHER_PERSON'],
    ]);
  });

  test('staff whom the LMS names run it like its owner, until it says otherwise', async () => {
    const teacher = world.person('tess@example.org');
    const staff = world.ctx(teacher.id, 'INSTRUCTOR');
    const { exams, enrolments } = world.exams.handlers;
    const sees = async () => [
      (await exams.listExams({ pageSize: 0, pageToken: '' }, staff)).exams.length,
      (
        await enrolments.searchEnrolments(
          { exam: '', conditions: [], order: [], pageSize: 0, skip: 0 },
          staff,
        )
      ).totalSize,
      await exams.getExam({ name }, staff).then(
        () => 'OK',
        () => 'hidden',
      ),
    ];
    expect(await sees()).toEqual([0, 0, 'hidden']);
    await world.storage.transaction((tx) => provisioning.appoint(tx, exam, teacher.id));
    expect(await sees()).toEqual([1, 1, 'OK']);
    expect((await exams.getExam({ name }, staff)).owner).toBe('');
    await expect(exams.getExam({ name }, world.ctx(teacher.id, 'INSTRUCTOR', 'UCY'))).rejects.toThrow();
    await world.storage.transaction((tx) => provisioning.dismiss(tx, exam, teacher.id));
    expect(await sees()).toEqual([0, 0, 'hidden']);
    // Who teaches elsewhere may still sit this one.
    expect((await exams.getExam({ name }, world.ctx(student.id, 'INSTRUCTOR'))).displayName).toBe('Mid-term');
  });
});
