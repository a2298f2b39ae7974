import type { StatusError } from '../../src/call/index.js';
import { CheatMode } from '../../src/grpc/gen/probity/exams/v1/feedback_service.js';
import { AlertDecision } from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import { databases } from '../support/databases.js';
import { createWorld, enrol, examOf, sittingOf, type World } from './world.js';

const DAY = 86_400_000;
const TABLES = [
  'exam_students',
  'enrolments',
  'verifications',
  'checks',
  'check_attempts',
  'exam_claims',
  'exam_feedback',
  'proctoring_sessions',
  'observations',
  'sample_observations',
  'session_events',
  'alerts',
  'blobs',
];

describe.each(databases)('what exams hold about a student, on $name', ({ open }) => {
  let world: World;
  let exam: Awaited<ReturnType<typeof sittingOf>>;
  beforeEach(async () => {
    world = createWorld(await open());
    exam = await sittingOf(world);
    const { identification, monitor, feedback } = world.exams.handlers;
    await identification.recordClaim({ exam: exam.name, subject: 'result', value: 'true' }, exam.sitter);
    const cheatMode = CheatMode.CHEAT_MODE_COMMUNICATION;
    await feedback.submitFeedback({ exam: exam.name, cheatMode, text: 'They talked.' }, exam.sitter);
    const image = await world.picture({ presence: 'SEVERAL_FACES' });
    await monitor.submitFrame({ exam: exam.name, image, operatingSystem: '' }, exam.sitter);
    const sample = { $case: 'audio', value: world.sample() } as const;
    await monitor.submitSample({ exam: exam.name, sample }, exam.sitter);
  });

  const counts = async (): Promise<Record<string, number>> => {
    const found: Record<string, number> = {};
    for (const table of TABLES) {
      const rows: unknown[] = await world.storage.db(table).select();
      found[table] = rows.length;
    }
    return found;
  };

  test('is exported whole, with the pictures, and is JSON', async () => {
    const data = world.exams.subjectData;
    const held = JSON.parse(JSON.stringify(await data.export(world.storage.db, exam.student.id))) as Record<
      string,
      unknown[]
    >;
    expect(Object.fromEntries(Object.entries(held).map(([part, rows]) => [part, rows.length]))).toEqual({
      exam_students: 1,
      enrolments: 1,
      verifications: 1,
      admissions: 1,
      challenges: 0,
      exam_attempts: 0,
      exam_staff: 0,
      exam_claims: 1,
      exam_events: 3,
      exam_feedback: 1,
      alerts: 1,
      proctoring_sessions: 1,
      observations: 1,
      sample_observations: 1,
      client_events: 0,
      evidence: 1,
      checks: 1,
    });
    expect(held['checks']![0]).toMatchObject({ attempts: [{ outcome: 'MATCH' }] });
    expect(await data.export(world.storage.db, 'nobody')).toMatchObject({
      alerts: [],
      evidence: [],
      checks: [],
    });
  });

  test("is erased whole, keys first, and nobody else's is touched", async () => {
    const bob = world.person('bob@example.org');
    await enrol(world, exam.name, exam.staff, bob.email);
    const [container] = (await world.storage.db('proctoring_sessions').pluck('container_id')) as string[];
    const erased = await world.storage.transaction((tx) =>
      world.exams.subjectData.erase(tx, exam.student.id),
    );
    expect(erased).toMatchObject({
      observations: 1,
      alerts: 1,
      proctoring_sessions: 1,
      evidence_containers: 1,
      checks: 2,
    });
    expect(await counts()).toEqual({
      ...Object.fromEntries(TABLES.map((table) => [table, 0])),
      exam_students: 1,
      enrolments: 1,
    });
    const row = (await world.storage.db('containers').where({ id: container! }).first()) as {
      wrapped_key: unknown;
    };
    expect(row.wrapped_key).toBeNull();
    expect(await world.storage.db('exam_students').pluck('user_id')).toEqual([bob.id]);
  });

  test('staff who are erased are forgotten as those who decided', async () => {
    const { proctoring, identification } = world.exams.handlers;
    const list = { exam: exam.name, user: '', pageSize: 0, pageToken: '' };
    const [alert] = (await proctoring.listAlerts(list, exam.staff)).alerts;
    const decision = AlertDecision.ALERT_DECISION_DISMISSED;
    await proctoring.reviewAlert({ alert: alert!.name, decision, note: '' }, exam.staff);
    await identification.approveStudent({ exam: exam.name, email: exam.student.email }, exam.staff);
    await world.storage.transaction((tx) => world.exams.subjectData.erase(tx, exam.owner.id));
    const [after] = (await proctoring.listAlerts(list, exam.staff)).alerts;
    expect(after).toMatchObject({ decision, decidedBy: '' });
    expect(await world.storage.db('verifications').pluck('approved_by')).toEqual([null]);
  });

  test('students of an exam that nobody ever started are forgotten as well', async () => {
    const start = world.clock.now();
    const never = await examOf(world);
    const { subjectData, handlers } = world.exams;
    const parts = async () => {
      const page = { exam: never.name, pageSize: 0, pageToken: '' };
      return (await handlers.exams.listExamStudents(page, never.staff)).students.length;
    };
    // It was due an hour from the start.
    await subjectData.expire(start + 180 * DAY + 3_600_000, 100);
    expect(await parts()).toBe(1);
    await subjectData.expire(start + 180 * DAY + 3_600_001, 100);
    expect(await parts()).toBe(0);
  });

  test('ends: evidence after 30 days, findings after 180, in bounded steps', async () => {
    const { subjectData, handlers } = world.exams;
    const start = world.clock.now();
    const list = { exam: exam.name, user: '', pageSize: 0, pageToken: '' };
    const [alert] = (await handlers.proctoring.listAlerts(list, exam.staff)).alerts;
    await handlers.proctoring.leaveExam({ exam: exam.name }, exam.sitter);
    expect(await subjectData.expire(start + 30 * DAY - 1, 100)).toBe(0);
    expect(await subjectData.expire(start + 30 * DAY, 100)).toBe(1);
    expect((await counts())['blobs']).toBe(0);
    const evidence = await handlers.proctoring
      .getEvidence({ alert: alert!.name }, exam.staff)
      .catch((e: unknown) => (e as StatusError).reason);
    expect(evidence).toBe('EVIDENCE_NOT_FOUND');
    expect((await handlers.proctoring.listAlerts(list, exam.staff)).alerts[0]!.hasEvidence).toBe(false);
    let [steps, deleted] = [0, 1];
    while (deleted > 0 && steps < 20) {
      deleted = await subjectData.expire(start + 400 * DAY, 1);
      expect(deleted).toBeLessThanOrEqual(1);
      steps++;
    }
    expect(await counts()).toEqual(Object.fromEntries(TABLES.map((table) => [table, 0])));
  });
});
