import { createSittingGuard } from '../../src/exams/index.js';
import { AlertType, type Alert } from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import { databases } from '../support/databases.js';
import { jobContext } from './jobs.js';
import { createWorld, examOf, sittingOf, START, type World } from './world.js';

const HOUR = 3_600_000;

describe.each(databases)('jobs and ports of exams on $name', ({ open }) => {
  let world: World;
  let exam: Awaited<ReturnType<typeof examOf>>;
  beforeEach(async () => {
    world = createWorld(await open());
  });

  const run = (name: string, exams = world.exams): Promise<void> =>
    exams.jobs.find((job) => job.name === name)!.run(jobContext());
  const alerts = async (): Promise<Alert[]> => {
    const request = { exam: exam.name, user: '', pageSize: 0, pageToken: '' };
    return (await world.exams.handlers.proctoring.listAlerts(request, exam.staff)).alerts;
  };
  const shoot = async (afterMs: number): Promise<void> => {
    world.clock.advance(afterMs);
    const image = await world.picture();
    await world.exams.handlers.monitor.submitFrame(
      { exam: exam.name, image, operatingSystem: '' },
      exam.sitter,
    );
  };

  test('completion stores what is over, closes its sessions at the end of the exam, and tells it once', async () => {
    exam = await sittingOf(world);
    await run('exam-completion');
    expect(await world.storage.db('exams').pluck('state')).toEqual(['STARTED']);
    world.clock.advance(5_400_000 + 7_000);
    await Promise.all([run('exam-completion'), run('exam-completion', world.rewire({}))]);
    expect(await world.storage.db('exams').pluck('state')).toEqual(['COMPLETED']);
    const { sessions } = await world.exams.handlers.proctoring.listSessions(
      { exam: exam.name, pageSize: 0, pageToken: '' },
      exam.staff,
    );
    expect(sessions.map(({ leaveTime }) => leaveTime)).toEqual([new Date(START + 5_400_000)]);
    expect([await world.told('exam.completed'), await world.told('session.left')]).toEqual([1, 1]);
  });

  test('a client that sends frames and falls silent is told once, and that it came back', async () => {
    exam = await sittingOf(world);
    await shoot(25_000);
    world.clock.advance(75_000);
    await run('session-interruptions');
    expect(await alerts()).toEqual([]);
    world.clock.advance(1_000);
    await Promise.all([run('session-interruptions'), run('session-interruptions', world.rewire({}))]);
    world.clock.advance(10_000);
    await run('session-interruptions');
    const [alert, ...others] = await alerts();
    expect(others).toEqual([]);
    expect(alert).toMatchObject({
      type: AlertType.ALERT_TYPE_STREAM_INTERRUPTED,
      beginTime: new Date(START + 25_000),
      endTime: undefined,
      hasEvidence: false,
      reason: 'No picture from the client for 76 s.',
    });
    await shoot(1_000);
    await run('session-interruptions');
    expect((await alerts())[0]!.endTime).toEqual(new Date(START + 112_000));
  });

  test('whoever never sent a frame after a match is told too; who was approved without biometrics owes none', async () => {
    exam = await sittingOf(world);
    world.clock.advance(76_000);
    await run('session-interruptions');
    expect((await alerts()).map(({ type }) => type)).toEqual([AlertType.ALERT_TYPE_STREAM_INTERRUPTED]);
    exam = await examOf(world);
    const { exams, identification, proctoring } = world.exams.handlers;
    await exams.startExam({ name: exam.name }, exam.staff);
    await identification.approveStudent({ exam: exam.name, email: exam.student.email }, exam.staff);
    await proctoring.joinExam({ exam: exam.name }, exam.sitter);
    world.clock.advance(1_000_000);
    await run('session-interruptions');
    expect(await alerts()).toEqual([]);
  });

  test('whom staff vouch for in the middle of an exam owes nothing from then on, nor by a frame that was on its way', async () => {
    exam = await sittingOf(world);
    world.clock.advance(76_000);
    await run('session-interruptions');
    const { identification } = world.exams.handlers;
    await identification.approveStudent({ exam: exam.name, email: exam.student.email }, exam.staff);
    expect((await alerts())[0]!.endTime).toEqual(new Date(world.clock.now()));
    await shoot(100);
    world.clock.advance(1_000_000);
    await run('session-interruptions');
    expect(await alerts()).toHaveLength(1);
  });

  test('nobody sits before joining, after leaving, or when the exam is over', async () => {
    const guard = createSittingGuard({ clock: world.clock });
    const sits = (): Promise<boolean> => guard.isSitting(world.storage.db, exam.student.id);
    exam = await examOf(world);
    expect(await sits()).toBe(false);
    exam = await sittingOf(world);
    expect(await sits()).toBe(true);
    await world.exams.handlers.proctoring.leaveExam({ exam: exam.name }, exam.sitter);
    expect(await sits()).toBe(false);
    exam = await sittingOf(world);
    world.clock.advance(5_400_000);
    expect(await sits()).toBe(false);
  });

  test('a changed reference is told for exams that are on or within a day, each time', async () => {
    exam = await examOf(world, { scheduleTime: new Date(START + 25 * HOUR) });
    const changed = (): Promise<void> =>
      world.storage.transaction((tx) => world.exams.referenceChanged(tx, exam.student.id, 'REPLACED'));
    await changed();
    expect(await alerts()).toEqual([]);
    world.clock.advance(HOUR);
    await changed();
    await changed();
    expect((await alerts()).map(({ type, session, reason }) => [type, session, reason])).toEqual(
      Array(2).fill([AlertType.ALERT_TYPE_REFERENCE_CHANGED, '', expect.stringContaining('replaced')]),
    );
    await world.storage.transaction((tx) => world.exams.referenceChanged(tx, exam.owner.id, 'REMOVED'));
    expect(await alerts()).toHaveLength(2);
  });
});
