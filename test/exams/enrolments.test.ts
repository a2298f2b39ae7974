import type { Context, StatusError } from '../../src/call/index.js';
import {
  Enrolment,
  EnrolmentState,
  type SearchEnrolmentsRequest,
} from '../../src/grpc/gen/probity/exams/v1/enrolment_service.js';
import { ExamState, SearchExamsRequest } from '../../src/grpc/gen/probity/exams/v1/exam_service.js';
import { Comparison } from '../../src/grpc/gen/probity/exams/v1/search.js';
import { databases } from '../support/databases.js';
import { createWorld, draft, enrol, examOf, START, type World } from './world.js';

const HOUR = 3_600_000;
const FOREIGN = 'UPAT';

describe.each(databases)('enrolments, on $name', ({ open }) => {
  let world: World;
  let exam: Awaited<ReturnType<typeof examOf>>;
  beforeEach(async () => {
    world = createWorld(await open());
    exam = await examOf(world);
  });
  const rpc = () => world.exams.handlers.enrolments;
  const create = (change: Partial<Enrolment> = {}, ctx = exam.staff) =>
    rpc().createEnrolment(
      {
        enrolment: Enrolment.fromPartial({
          ...{ exam: exam.name, email: 'bob@example.org', displayName: 'Bob Example', ...change },
        }),
      },
      ctx,
    );
  const search = async (asked: Partial<SearchEnrolmentsRequest> = {}, ctx = exam.staff) =>
    rpc().searchEnrolments(
      { exam: exam.name, conditions: [], order: [], pageSize: 0, skip: 0, ...asked },
      ctx,
    );
  const emails = async (asked: Partial<SearchEnrolmentsRequest>): Promise<string[]> =>
    (await search(asked)).enrolments.map(({ email }) => email);
  const where = (field: string, comparison: Comparison, value: string) => ({ field, comparison, value });
  const get = (name: string, ctx = exam.staff) => rpc().getEnrolment({ name }, ctx);
  const update = (name: string, change: Partial<Enrolment>, updateMask: string[], ctx = exam.staff) =>
    rpc().updateEnrolment({ enrolment: Enrolment.fromPartial({ ...change, name }), updateMask }, ctx);
  const identify = async (who: Context, name = exam.name) => {
    const image = await world.picture();
    await world.exams.handlers.identification.identifyStudent(
      { exam: name, image, operatingSystem: '' },
      who,
    );
  };
  const join = (who: Context) => world.exams.handlers.proctoring.joinExam({ exam: exam.name }, who);
  const start = () => world.exams.handlers.exams.startExam({ name: exam.name }, exam.staff);
  const actions = async (): Promise<string[]> => (await world.audited()).map(({ action }) => action);

  test('have numbers in the organisation, however they are made', async () => {
    const other = await world.exams.handlers.exams.createExam({ exam: draft() }, exam.staff);
    await enrol(world, other.name, exam.staff, 'x@example.org', 'y@example.org');
    await create();
    const all = await search({ exam: '' });
    expect(all.totalSize).toBe(4);
    expect(all.enrolments.map(({ name }) => name)).toEqual([1, 2, 3, 4].map((n) => `enrolments/${n}`));
    expect(all.enrolments.map((each) => each.exam)).toEqual([exam.name, other.name, other.name, exam.name]);
  });

  test('say what the organisation said, and what Probity knows', async () => {
    const openTime = new Date(START + HOUR);
    const told = {
      ...{ externalId: 'lms-7', individualInfo: '<b>Room 7</b>', individualInfoHtml: true },
      ...{ skipRequirements: true, openTime },
    };
    const made = await create(told);
    expect(made).toEqual({
      ...{ name: 'enrolments/2', exam: exam.name, user: `users/${world.person('bob@example.org').id}` },
      ...{ email: 'bob@example.org', displayName: 'Bob Example', ...told },
      ...{ state: EnrolmentState.ENROLMENT_STATE_ENROLLED, examState: ExamState.EXAM_STATE_UPCOMING },
      ...{ createTime: new Date(START), updateTime: new Date(START) },
      ...{ joinTime: undefined, leaveTime: undefined },
    });
    expect(await get(made.name)).toEqual(made);
    expect(world.person('bob@example.org')).toMatchObject({ givenName: 'Bob', familyName: 'Example' });
    expect(await actions()).toContain('enrolment.created');
  });

  test('of somebody who is enrolled already are refused', async () => {
    await expect(create({ email: 'Ann@Example.org' })).rejects.toMatchObject({
      reason: 'EMAIL_TAKEN',
      details: { fields: [{ field: 'email', problem: 'already_exists' }] },
    });
    expect((await search()).totalSize).toBe(1);
  });

  test('made at the same moment are one', async () => {
    const all = await Promise.allSettled([create(), create(), create()]);
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const each of all) {
      if (each.status === 'rejected') expect((each.reason as StatusError).reason).toBe('EMAIL_TAKEN');
    }
    expect((await search()).totalSize).toBe(2);
  });

  test('change as the mask says, and nobody’s account with them', async () => {
    const { name } = await create({ externalId: 'lms-7' });
    world.clock.advance(1000);
    const changed = await update(name, { displayName: 'Robert', individualInfo: 'x' }, ['display_name']);
    expect(changed).toMatchObject({ displayName: 'Robert', individualInfo: '', externalId: 'lms-7' });
    expect(changed.updateTime).toEqual(new Date(START + 1000));
    expect(world.person('bob@example.org').givenName).toBe('Bob');
    await expect(update(name, {}, ['user'])).rejects.toMatchObject({ reason: 'INVALID_FIELDS' });
    expect(await actions()).toContain('enrolment.updated');
  });

  test('by another e-mail become somebody else’s, who is made where nobody has it', async () => {
    const { name, user } = await create();
    const moved = await update(name, { email: 'carol@example.org' }, ['email']);
    expect(moved.user).toBe(`users/${world.person('carol@example.org').id}`);
    expect(moved.user).not.toBe(user);
    expect(await emails({})).toEqual(['ann@example.org', 'carol@example.org']);
    await expect(update(name, { email: 'ann@example.org' }, ['email'])).rejects.toMatchObject({
      reason: 'EMAIL_TAKEN',
    });
    const bob = world.ctx(world.person('bob@example.org').id);
    await expect(identify(bob)).rejects.toMatchObject({ reason: 'EXAM_NOT_FOUND' });
  });

  test('of who is verified, or has joined, stay theirs', async () => {
    await identify(exam.sitter);
    const steal = () => update('enrolments/1', { email: 'carol@example.org' }, ['email']);
    await expect(steal()).rejects.toMatchObject({ reason: 'EXAM_STATE' });
    await start();
    await join(exam.sitter);
    await world.exams.handlers.proctoring.leaveExam({ exam: exam.name }, exam.sitter);
    await expect(steal()).rejects.toMatchObject({ reason: 'EXAM_STATE' });
    await expect(rpc().deleteEnrolment({ name: 'enrolments/1' }, exam.staff)).rejects.toMatchObject({
      reason: 'EXAM_STATE',
    });
    expect(await get('enrolments/1')).toMatchObject({ email: 'ann@example.org' });
    expect((await update('enrolments/1', { externalId: 'a' }, ['external_id'])).externalId).toBe('a');
  });

  test('of who has an attempt in the LMS stay theirs', async () => {
    const [exam_id = ''] = (await world.storage.db('exams').pluck('id')) as string[];
    const attempt = { exam_id, user_id: exam.student.id, attempt: '9', started_at: 1, ended_at: 2 };
    await world.storage.db('exam_attempts').insert(attempt);
    const refused = { reason: 'EXAM_STATE' };
    await expect(rpc().deleteEnrolment({ name: 'enrolments/1' }, exam.staff)).rejects.toMatchObject(refused);
    const steal = update('enrolments/1', { email: 'carol@example.org' }, ['email']);
    await expect(steal).rejects.toMatchObject(refused);
  });

  test('leave nothing of the one before to somebody else', async () => {
    await identify(exam.sitter);
    world.clock.advance(1_800_000);
    await update('enrolments/1', { email: 'carol@example.org' }, ['email']);
    expect(await world.storage.db('admissions').select()).toEqual([]);
  });

  test('are deleted, and the student is out of the exam', async () => {
    await identify(exam.sitter);
    await rpc().deleteEnrolment({ name: 'enrolments/1' }, exam.staff);
    expect(await world.storage.db('admissions').select()).toEqual([]);
    await expect(get('enrolments/1')).rejects.toMatchObject({ reason: 'ENROLMENT_NOT_FOUND' });
    await start();
    await expect(join(exam.sitter)).rejects.toMatchObject({ reason: 'EXAM_NOT_FOUND' });
    await enrol(world, exam.name, exam.staff, exam.student.email);
    // What was proven before is not proven any more, and no number comes back.
    await expect(join(exam.sitter)).rejects.toMatchObject({ reason: 'NOT_VERIFIED' });
    expect((await search()).enrolments.map(({ name }) => name)).toEqual(['enrolments/2']);
    expect(await actions()).toContain('enrolment.deleted');
  });

  test('keep a student out until their own time', async () => {
    const openTime = new Date(START + HOUR);
    await update('enrolments/1', { openTime }, ['open_time']);
    await start();
    world.clock.advance(HOUR - 1);
    await identify(exam.sitter);
    await expect(join(exam.sitter)).rejects.toMatchObject({
      reason: 'EXAM_STATE',
      details: { metadata: { open_time: openTime.toISOString() } },
    });
    world.clock.advance(1);
    await expect(join(exam.sitter)).resolves.toMatchObject({ joinTime: openTime });
  });

  test('tell where a student is', async () => {
    const state = async () => {
      const { state: of, joinTime, leaveTime } = await get('enrolments/1');
      return [of.slice('ENROLMENT_STATE_'.length), joinTime?.getTime(), leaveTime?.getTime()];
    };
    const { identification, proctoring } = world.exams.handlers;
    expect(await state()).toEqual(['ENROLLED', undefined, undefined]);
    await identification.requestApproval(
      { exam: exam.name, approvalType: 'passport', note: '' },
      exam.sitter,
    );
    expect(await state()).toEqual(['ENTERING', undefined, undefined]);
    const sitter = world.ctx(world.person('ann2@example.org').id);
    await update('enrolments/1', { email: 'ann2@example.org' }, ['email']);
    expect(await state()).toEqual(['ENROLLED', undefined, undefined]);
    await start();
    await identify(sitter);
    expect(await state()).toEqual(['ENTERING', undefined, undefined]);
    world.clock.advance(30 * 60_000);
    expect(await state()).toEqual(['LAPSED', undefined, undefined]);
    await identify(sitter);
    const joined = world.clock.now();
    await join(sitter);
    expect(await state()).toEqual(['JOINED', joined, undefined]);
    world.clock.advance(1000);
    await proctoring.leaveExam({ exam: exam.name }, sitter);
    expect(await state()).toEqual(['LEFT', joined, joined + 1000]);
    await identify(sitter);
    await join(sitter);
    expect(await state()).toEqual(['JOINED', joined, undefined]);
    // Over, although no job has been by to close the session.
    const { endTime } = await world.exams.handlers.exams.getExam({ name: exam.name }, exam.staff);
    world.clock.advance(endTime!.getTime() - world.clock.now());
    expect(await state()).toEqual(['LEFT', joined, endTime!.getTime()]);
    expect((await get('enrolments/1')).examState).toBe(ExamState.EXAM_STATE_COMPLETED);
    await expect(create()).rejects.toMatchObject({ reason: 'EXAM_STATE' });
  });

  test('are searched by any of their fields, ordered and counted', async () => {
    world.clock.advance(1000);
    await create({ externalId: 'b', openTime: new Date(START + HOUR), skipRequirements: true });
    await create({ email: 'carol@example.org', displayName: 'Carol', externalId: 'c' });
    await identify(exam.sitter);
    const E = Comparison;
    const found: [string, Comparison, string, string[]][] = [
      ['number', E.COMPARISON_GREATER, '1', ['bob', 'carol']],
      ['exam', E.COMPARISON_EQUAL, exam.name.slice('exams/'.length), ['ann', 'bob', 'carol']],
      ['email', E.COMPARISON_EQUAL, 'bob@example.org', ['bob']],
      ['display_name', E.COMPARISON_GREATER, 'Carol', ['ann']],
      ['external_id', E.COMPARISON_NOT_EQUAL, 'b', ['ann', 'carol']],
      ['skip_requirements', E.COMPARISON_EQUAL, 'true', ['bob']],
      ['state', E.COMPARISON_EQUAL, 'ENROLMENT_STATE_ENTERING', ['ann']],
      ['open_time', E.COMPARISON_LESS_OR_EQUAL, new Date(START + HOUR).toISOString(), ['bob']],
      ['open_time', E.COMPARISON_NOT_EQUAL, new Date(START + HOUR).toISOString(), ['ann', 'carol']],
      ['create_time', E.COMPARISON_GREATER_OR_EQUAL, new Date(START + 1000).toISOString(), ['bob', 'carol']],
      ['join_time', E.COMPARISON_GREATER, new Date(0).toISOString(), []],
    ];
    for (const [field, comparison, value, people] of found) {
      const conditions = [where(field, comparison, value)];
      expect([field, await emails({ conditions })]).toEqual([field, people.map((p) => `${p}@example.org`)]);
    }
    const order = [
      { field: 'create_time', descending: true },
      { field: 'email', descending: true },
    ];
    expect(await emails({ order })).toEqual(['carol@example.org', 'bob@example.org', 'ann@example.org']);
    const page = await search({ order, pageSize: 1, skip: 1 });
    expect([page.totalSize, page.enrolments.map(({ email }) => email)]).toEqual([3, ['bob@example.org']]);
    expect(await search({ skip: 3 })).toEqual({ enrolments: [], totalSize: 3 });
  });

  test.each([
    ['a field that there is not', [{ field: 'user_id', comparison: 1, value: '' }]],
    ['a value of another kind', [{ field: 'number', comparison: 1, value: "1' or '1'='1" }]],
    ['a time without an offset', [{ field: 'create_time', comparison: 1, value: '2026-01-01' }]],
    ['a state that there is not', [{ field: 'state', comparison: 1, value: 'ENROLMENT_STATE_GONE' }]],
  ])('are not searched by %s', async (_, conditions) => {
    const asked = conditions.map((each) => ({ ...each, comparison: Comparison.COMPARISON_EQUAL }));
    await expect(search({ conditions: asked })).rejects.toMatchObject({ reason: 'INVALID_FIELDS' });
  });

  test('are for the staff of the exam alone', async () => {
    const stranger = world.ctx(world.person('eve@example.org').id, 'INSTRUCTOR');
    const foreign = world.ctx(world.person('eva@example.org').id, 'ADMIN', FOREIGN);
    const admin = world.ctx(world.person('admin@example.org').id, 'ADMIN');
    const name = 'enrolments/1';
    for (const ctx of [stranger, foreign]) {
      for (const call of [
        () => get(name, ctx),
        () => update(name, { externalId: 'x' }, ['external_id'], ctx),
        () => rpc().deleteEnrolment({ name }, ctx),
      ]) {
        await expect(call()).rejects.toMatchObject({ reason: 'ENROLMENT_NOT_FOUND' });
      }
      await expect(search({}, ctx)).rejects.toMatchObject({ reason: 'EXAM_NOT_FOUND' });
      expect(await search({ exam: '' }, ctx)).toEqual({ enrolments: [], totalSize: 0 });
    }
    await expect(get(name, exam.sitter)).rejects.toMatchObject({ reason: 'ROLE_REQUIRED' });
    expect((await search({ exam: '' }, admin)).totalSize).toBe(1);
    for (const odd of ['enrolments/0', 'enrolments/9999999999', 'enrolments/one']) {
      await expect(get(odd)).rejects.toMatchObject({ reason: 'ENROLMENT_NOT_FOUND' });
    }
  });

  describe('and exams', () => {
    const searchExams = (asked: Partial<SearchExamsRequest>, ctx = exam.staff) =>
      world.exams.handlers.exams.searchExams(SearchExamsRequest.fromPartial(asked), ctx);

    test('are searched, with the state of this moment', async () => {
      const other = draft({ displayName: 'Zoology', scheduleTime: new Date(START + 48 * HOUR) });
      await world.exams.handlers.exams.createExam({ exam: other }, exam.staff);
      await start();
      const names = async (asked: Partial<SearchExamsRequest>): Promise<string[]> =>
        (await searchExams(asked)).exams.map(({ name }) => name);
      const running = [where('state', Comparison.COMPARISON_EQUAL, 'EXAM_STATE_STARTED')];
      expect(await names({ conditions: running })).toEqual([exam.name]);
      world.clock.advance(24 * HOUR);
      expect(await names({ conditions: running })).toEqual([]);
      const over = [where('state', Comparison.COMPARISON_EQUAL, 'EXAM_STATE_COMPLETED')];
      expect(await names({ conditions: over })).toEqual([exam.name]);
      expect(await names({ order: [{ field: 'schedule_time', descending: true }] })).toHaveLength(2);
      const later = [
        where('schedule_time', Comparison.COMPARISON_GREATER, new Date(START + 40 * HOUR).toISOString()),
      ];
      expect((await searchExams({ conditions: later })).exams[0]).toMatchObject({ displayName: 'Zoology' });
      expect(await searchExams({ pageSize: 1, skip: 1 })).toMatchObject({ totalSize: 2 });
      expect((await searchExams({}, exam.sitter)).totalSize).toBe(1);
      expect((await searchExams({}, world.ctx('nobody', 'ADMIN', FOREIGN))).totalSize).toBe(0);
    });

    test('tell when they were made and changed', async () => {
      world.clock.advance(1000);
      await start();
      const told = await world.exams.handlers.exams.getExam({ name: exam.name }, exam.staff);
      expect(told).toMatchObject({ createTime: new Date(START), updateTime: new Date(START + 1000) });
    });

    test('that have not started are deleted with all that belongs to them', async () => {
      const { exams, identification } = world.exams.handlers;
      await identify(exam.sitter);
      await identification.recordClaim({ exam: exam.name, subject: 'x', value: 'y' }, exam.sitter);
      await exams.deleteExam({ name: exam.name }, exam.staff);
      await expect(exams.getExam({ name: exam.name }, exam.staff)).rejects.toMatchObject({
        reason: 'EXAM_NOT_FOUND',
      });
      for (const table of ['exams', 'exam_students', 'enrolments', 'verifications', 'exam_claims']) {
        expect([table, await world.storage.db(table)]).toEqual([table, []]);
      }
      expect(await actions()).toContain('exam.deleted');
    });

    test('that have started are not deleted', async () => {
      await start();
      await expect(
        world.exams.handlers.exams.deleteExam({ name: exam.name }, exam.staff),
      ).rejects.toMatchObject({ reason: 'EXAM_STATE' });
    });
  });
});
