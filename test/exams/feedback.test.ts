import type { StatusError } from '../../src/call/index.js';
import { CheatMode } from '../../src/grpc/gen/probity/exams/v1/feedback_service.js';
import { databases } from '../support/databases.js';
import { createWorld, enrol, examOf, type World } from './world.js';

const reasonOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'OK',
    (error: unknown) => (error as StatusError).reason,
  );
const DAY_MS = 86_400_000;

describe.each(databases)('what students say of an exam, on $name', ({ open }) => {
  let world: World;
  let exam: Awaited<ReturnType<typeof examOf>>;
  beforeEach(async () => {
    world = createWorld(await open());
    exam = await examOf(world);
  });

  const say = (text: string, ctx = exam.sitter, cheatMode = CheatMode.CHEAT_MODE_COMMUNICATION) =>
    world.exams.handlers.feedback.submitFeedback({ exam: exam.name, cheatMode, text }, ctx);
  const list = (change: { pageSize?: number; pageToken?: string } = {}, ctx = exam.staff) =>
    world.exams.handlers.feedback.listFeedback(
      { exam: exam.name, pageSize: 0, pageToken: '', ...change },
      ctx,
    );

  test('is taken from the start on, also when it is over, from who is enrolled', async () => {
    expect(await reasonOf(say('Too early.'))).toBe('EXAM_STATE');
    await world.exams.handlers.exams.startExam({ name: exam.name }, exam.staff);
    const said = await say('They talked.', exam.sitter, CheatMode.CHEAT_MODE_IMPERSONATION);
    expect(said).toMatchObject({
      name: expect.stringMatching(/^exams\/1\/feedback\/[0-9a-f-]{36}$/) as string,
      user: `users/${exam.student.id}`,
      cheatMode: CheatMode.CHEAT_MODE_IMPERSONATION,
      text: 'They talked.',
      createTime: new Date(world.clock.now()),
    });
    world.clock.advance(DAY_MS);
    await say('Afterwards.');
    expect((await list()).feedback.map(({ text }) => text)).toEqual(['Afterwards.', 'They talked.']);
    expect(await reasonOf(say('Not mine.', world.ctx(world.person('eve@example.org').id)))).toBe(
      'EXAM_NOT_FOUND',
    );
    expect(await reasonOf(say('x', exam.sitter, CheatMode.CHEAT_MODE_UNSPECIFIED))).toBe('INVALID_FIELDS');
  });

  test('is never an alert, and its words are in no trail and no event', async () => {
    await world.exams.handlers.exams.startExam({ name: exam.name }, exam.staff);
    await say('Ann looked at Bob.', exam.sitter, CheatMode.CHEAT_MODE_IMPERSONATION);
    const alerts = await world.exams.handlers.proctoring.listAlerts(
      { exam: exam.name, user: '', pageSize: 0, pageToken: '' },
      exam.staff,
    );
    expect(alerts.alerts).toEqual([]);
    expect(await world.told('feedback.submitted')).toBe(1);
    const told: unknown = await world.storage.db('outbox').select();
    expect(JSON.stringify([told, await world.audited()])).not.toContain('Bob');
  });

  test('is read in pages by the exam’s staff alone, and the read is audited', async () => {
    const bob = world.person('bob@example.org');
    await enrol(world, exam.name, exam.staff, bob.email);
    await world.exams.handlers.exams.startExam({ name: exam.name }, exam.staff);
    for (const text of ['one', 'two', 'three']) {
      await say(text, text === 'two' ? world.ctx(bob.id) : exam.sitter);
      world.clock.advance(1);
    }
    const first = await list({ pageSize: 2 });
    const second = await list({ pageSize: 2, pageToken: first.nextPageToken });
    expect([...first.feedback, ...second.feedback].map(({ text }) => text)).toEqual(['three', 'two', 'one']);
    expect(second.nextPageToken).toBe('');
    expect(await reasonOf(list({}, exam.sitter))).toBe('ROLE_REQUIRED');
    const teacher = world.ctx(world.person('other@example.org').id, 'INSTRUCTOR');
    expect(await reasonOf(list({}, teacher))).toBe('EXAM_NOT_FOUND');
    const reads = (await world.audited()).filter(({ action }) => action === 'feedback.read');
    expect(reads.map(({ details }) => details)).toEqual([{ reports: 2 }, { reports: 1 }]);
  });
});
