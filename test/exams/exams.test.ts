import type { StatusError } from '../../src/call/index.js';
import {
  ExamState,
  ExamType,
  LivenessPolicy,
  VerificationState,
} from '../../src/grpc/gen/probity/exams/v1/exam_service.js';
import { Assurance } from '../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import { pageToken } from '../../src/call/index.js';
import { databases } from '../support/databases.js';
import { createWorld, draft, enrol, examOf, START, type World } from './world.js';

const reasonOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'OK',
    (error: unknown) => (error as StatusError).reason,
  );

describe.each(databases)('exams on $name', ({ open }) => {
  let world: World;
  beforeEach(async () => {
    world = createWorld(await open());
  });

  test('numbers are given out once each, per organisation, also when asked for at the same moment', async () => {
    const { exams } = world.exams.handlers;
    const staff = world.ctx(world.person('owner@example.org').id, 'INSTRUCTOR');
    const made = await Promise.all(
      Array.from({ length: 8 }, () => exams.createExam({ exam: draft() }, staff)),
    );
    expect(made.map(({ name }) => name).sort()).toEqual(
      Array.from({ length: 8 }, (_, i) => `exams/${i + 1}`).sort(),
    );
    const elsewhere = world.ctx('someone', 'INSTRUCTOR', 'UCY');
    expect((await exams.createExam({ exam: draft() }, elsewhere)).name).toBe('exams/1');
    expect(await world.told('exam.created')).toBe(9);
  });

  test('an exam is what was asked for, with the documented defaults', async () => {
    const { name, staff, owner } = await examOf(world);
    expect(await world.exams.handlers.exams.getExam({ name }, staff)).toEqual({
      name: 'exams/1',
      displayName: 'Algebra',
      type: ExamType.EXAM_TYPE_WRITTEN,
      state: ExamState.EXAM_STATE_UPCOMING,
      scheduleTime: new Date(START + 3_600_000),
      duration: { seconds: 5400n, nanos: 0 },
      privacyPolicy: 'We keep what we must.',
      additionalMaterial: false,
      monitoring: {
        frameInterval: { seconds: 10n, nanos: 0 },
        liveness: LivenessPolicy.LIVENESS_POLICY_NEVER_BLOCK,
        minimumAssurance: Assurance.ASSURANCE_SELF_ASSERTED,
      },
      owner: `users/${owner.id}`,
      startTime: undefined,
      endTime: undefined,
      createTime: new Date(START),
      updateTime: new Date(START),
    });
  });

  test('all problems of a request are told at once', async () => {
    const { exams } = world.exams.handlers;
    const staff = world.ctx('owner', 'ADMIN');
    const bad = draft({
      displayName: ' ',
      type: ExamType.EXAM_TYPE_UNSPECIFIED,
      scheduleTime: undefined,
      duration: { seconds: 90n, nanos: 0 },
      privacyPolicy: 'x'.repeat(20_001),
      monitoring: {
        frameInterval: { seconds: 0n, nanos: 5 },
        liveness: LivenessPolicy.LIVENESS_POLICY_UNSPECIFIED,
        minimumAssurance: Assurance.ASSURANCE_UNSPECIFIED,
      },
    });
    const error = (await exams.createExam({ exam: bad }, staff).catch((e: unknown) => e)) as StatusError;
    expect(error.reason).toBe('INVALID_FIELDS');
    expect(error.details.fields?.map(({ field, problem }) => `${field} ${problem}`).sort()).toEqual([
      'exam.display_name bad_format',
      'exam.duration bad_format',
      'exam.monitoring.frame_interval bad_format',
      'exam.privacy_policy bad_format',
      'exam.schedule_time missing',
      'exam.type missing',
    ]);
    expect(await reasonOf(exams.createExam({ exam: undefined }, staff))).toBe('INVALID_FIELDS');
    for (const seconds of [0n, 1441n * 60n]) {
      const wrong = draft({ duration: { seconds, nanos: 0 } });
      expect(await reasonOf(exams.createExam({ exam: wrong }, staff))).toBe('INVALID_FIELDS');
    }
  });

  test('who may not know of an exam is told that there is none', async () => {
    const { name, staff, sitter } = await examOf(world);
    const { exams } = world.exams.handlers;
    const strangers = [
      world.ctx('other', 'INSTRUCTOR'),
      world.ctx('other', 'ADMIN', 'UCY'),
      world.ctx('other', 'STUDENT'),
    ];
    for (const ctx of strangers) expect(await reasonOf(exams.getExam({ name }, ctx))).toBe('EXAM_NOT_FOUND');
    for (const ctx of [staff, sitter, world.ctx('boss', 'ADMIN')]) {
      expect((await exams.getExam({ name }, ctx)).name).toBe(name);
    }
    for (const odd of ['exams/0', 'exams/01', 'exams/99999999999', 'exams/x', 'exams/2147483648']) {
      expect(await reasonOf(exams.getExam({ name: odd }, staff))).toBe('EXAM_NOT_FOUND');
    }
    expect(await reasonOf(exams.startExam({ name }, sitter))).toBe('ROLE_REQUIRED');
    expect(await reasonOf(exams.startExam({ name }, world.ctx('other', 'INSTRUCTOR')))).toBe(
      'EXAM_NOT_FOUND',
    );
    const update = { exam: { ...draft(), name }, updateMask: undefined };
    expect(await reasonOf(exams.updateExam(update, world.ctx('other', 'INSTRUCTOR')))).toBe('EXAM_NOT_FOUND');
    expect(await reasonOf(exams.createExam({ exam: draft() }, sitter))).toBe('ROLE_REQUIRED');
  });

  test('a list holds what the caller may see, the latest scheduled first, in pages', async () => {
    const { exams } = world.exams.handlers;
    const staff = world.ctx('owner', 'INSTRUCTOR');
    for (const hour of [3, 1, 2, 2]) {
      await exams.createExam({ exam: draft({ scheduleTime: new Date(START + hour * 3_600_000) }) }, staff);
    }
    await exams.createExam({ exam: draft() }, world.ctx('colleague', 'INSTRUCTOR'));
    await enrol(world, 'exams/3', staff, 'ann@example.org');
    const ann = world.ctx(world.person('ann@example.org').id);
    const names = async (ctx: typeof staff, pageSize = 0, pageToken = ''): Promise<[string[], string]> => {
      const page = await exams.listExams({ pageSize, pageToken }, ctx);
      return [page.exams.map(({ name }) => name), page.nextPageToken];
    };
    expect(await names(staff)).toEqual([['exams/1', 'exams/4', 'exams/3', 'exams/2'], '']);
    const [first, token] = await names(staff, 2);
    expect(first).toEqual(['exams/1', 'exams/4']);
    expect(await names(staff, 2, token)).toEqual([['exams/3', 'exams/2'], '']);
    expect((await names(world.ctx('boss', 'ADMIN')))[0]).toHaveLength(5);
    expect(await names(ann)).toEqual([['exams/3'], '']);
    expect((await names(world.ctx('boss', 'ADMIN', 'UCY')))[0]).toEqual([]);
    expect(await reasonOf(exams.listExams({ pageSize: 0, pageToken: 'nonsense' }, staff))).toBe(
      'INVALID_FIELDS',
    );
  });

  test('a page token that somebody else wrote is refused, whatever is in it', async () => {
    const { exams, proctoring } = world.exams.handlers;
    const { name: exam, staff } = await examOf(world);
    const page = { pageSize: 0, pageToken: pageToken(['now', 'x']) };
    for (const list of [
      () => exams.listExams(page, staff),
      () => proctoring.listSessions({ exam, ...page }, staff),
      () => proctoring.listAlerts({ exam, user: '', ...page }, staff),
    ]) {
      expect(await reasonOf(list())).toBe('INVALID_FIELDS');
    }
  });

  test('only what the mask names is changed, and only before the start', async () => {
    const { name, staff } = await examOf(world);
    const { exams } = world.exams.handlers;
    const wanted = { ...draft({ displayName: 'Geometry', type: ExamType.EXAM_TYPE_UNSPECIFIED }), name };
    const updated = await exams.updateExam({ exam: wanted, updateMask: ['display_name'] }, staff);
    expect([updated.displayName, updated.type]).toEqual(['Geometry', ExamType.EXAM_TYPE_WRITTEN]);
    expect(await reasonOf(exams.updateExam({ exam: wanted, updateMask: undefined }, staff))).toBe(
      'INVALID_FIELDS',
    );
    expect(await reasonOf(exams.updateExam({ exam: wanted, updateMask: ['state'] }, staff))).toBe(
      'INVALID_FIELDS',
    );
    await exams.startExam({ name }, staff);
    expect(await reasonOf(exams.updateExam({ exam: wanted, updateMask: ['display_name'] }, staff))).toBe(
      'EXAM_STATE',
    );
  });

  test('a started exam completes by itself, whether or not the job has been by', async () => {
    const { name, staff } = await examOf(world);
    const { exams } = world.exams.handlers;
    const twice = await Promise.all([exams.startExam({ name }, staff), exams.startExam({ name }, staff)]);
    expect(twice[0]).toEqual(twice[1]);
    expect(await world.told('exam.started')).toBe(1);
    expect(twice[0].endTime).toEqual(new Date(START + 5_400_000));
    world.clock.advance(5_400_000);
    expect((await exams.getExam({ name }, staff)).state).toBe(ExamState.EXAM_STATE_COMPLETED);
    expect(await reasonOf(exams.startExam({ name }, staff))).toBe('EXAM_STATE');
    expect(await reasonOf(enrol(world, name, staff, 'late@example.org'))).toBe('EXAM_STATE');
  });

  test('enrolment adds, never removes, and counts those who are new', async () => {
    const { name, staff, sitter } = await examOf(world);
    world.person('bob@example.org');
    expect(await enrol(world, name, staff, 'ANN@example.org', 'bob@example.org', 'new@example.org')).toEqual({
      enrolledCount: 2,
      createdUserCount: 1,
    });
    expect(await enrol(world, name, staff, 'bob@example.org')).toEqual({
      enrolledCount: 0,
      createdUserCount: 0,
    });
    const page = await world.exams.handlers.exams.listExamStudents(
      { exam: name, pageSize: 2, pageToken: '' },
      staff,
    );
    expect(page.students.map(({ email }) => email)).toEqual(['ann@example.org', 'bob@example.org']);
    const rest = await world.exams.handlers.exams.listExamStudents(
      { exam: name, pageSize: 2, pageToken: page.nextPageToken },
      staff,
    );
    expect(rest.students).toEqual([
      expect.objectContaining({
        email: 'new@example.org',
        verification: VerificationState.VERIFICATION_STATE_PENDING,
        alerts: [],
        joined: false,
      }),
    ]);
    expect(rest.nextPageToken).toBe('');
    const students = [
      { email: 'no address', givenName: '', familyName: '' },
      { email: 'x@example.org', givenName: 'a'.repeat(101), familyName: '' },
    ];
    const error = await world.exams.handlers.exams
      .batchEnrolStudents({ exam: name, students }, staff)
      .catch((e: unknown) => e as StatusError);
    expect((error as StatusError).details.fields?.map(({ field }) => field)).toEqual([
      'students[0].email',
      'students[1].given_name',
    ]);
    expect(await reasonOf(enrol(world, name, sitter, 'friend@example.org'))).toBe('ROLE_REQUIRED');
  });
});
