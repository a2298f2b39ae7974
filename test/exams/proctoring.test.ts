import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import type { StatusError } from '../../src/call/index.js';
import { Outcome } from '../../src/grpc/gen/probity/biometrics/v1/finding.js';
import { Modality } from '../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import { CaptureAnomaly, type FrameFinding } from '../../src/grpc/gen/probity/exams/v1/monitor_service.js';
import {
  AlertDecision,
  AlertType,
  type Alert,
} from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import { saveSession, sessionById, takeOver } from '../../src/exams/watching/session-store.js';
import { databases } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { createWorld, enrol, examOf, live, sittingOf, START, type Script, type World } from './world.js';

const reasonOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'OK',
    (error: unknown) => (error as StatusError).reason,
  );

describe.each(databases)('proctoring on $name', ({ open }) => {
  let world: World;
  let exam: Awaited<ReturnType<typeof examOf>>;
  beforeEach(async () => {
    world = createWorld(await open());
  });

  const send = (image: Buffer): Promise<FrameFinding> =>
    world.exams.handlers.monitor.submitFrame({ exam: exam.name, image, operatingSystem: '' }, exam.sitter);
  const shoot = async (script: Script = {}, afterMs = 25_000): Promise<FrameFinding> => {
    world.clock.advance(afterMs);
    return send(await world.picture(script));
  };
  const alerts = async (): Promise<Alert[]> => {
    const request = { exam: exam.name, user: '', pageSize: 0, pageToken: '' };
    return (await world.exams.handlers.proctoring.listAlerts(request, exam.staff)).alerts;
  };

  test('joining needs a started exam and a verification; joining again answers the same session', async () => {
    exam = await examOf(world);
    const { exams, identification, proctoring } = world.exams.handlers;
    const join = (): Promise<string> => reasonOf(proctoring.joinExam({ exam: exam.name }, exam.sitter));
    expect(await join()).toBe('EXAM_STATE');
    await exams.startExam({ name: exam.name }, exam.staff);
    expect(await join()).toBe('NOT_VERIFIED');
    await identification.recordClaim(
      { exam: exam.name, subject: 'identification_result', value: 'true' },
      exam.sitter,
    );
    expect(await join()).toBe('NOT_VERIFIED');
    expect(await reasonOf(proctoring.leaveExam({ exam: exam.name }, exam.sitter))).toBe('NOT_JOINED');
    const image = await world.picture();
    await identification.identifyStudent({ exam: exam.name, image, operatingSystem: '' }, exam.sitter);
    const both = await Promise.all([
      proctoring.joinExam({ exam: exam.name }, exam.sitter),
      proctoring.joinExam({ exam: exam.name }, exam.sitter),
    ]);
    expect(both[0]).toEqual(both[1]);
    expect(both[0].name).toMatch(/^exams\/1\/sessions\/[0-9a-f-]{36}$/);
    expect(await world.told('session.joined')).toBe(1);
    world.clock.advance(3_600_000);
    expect((await proctoring.joinExam({ exam: exam.name }, exam.sitter)).name).toBe(both[0].name);
    const left = await proctoring.leaveExam({ exam: exam.name }, exam.sitter);
    expect(left.leaveTime).toEqual(new Date(START + 3_600_000));
    expect(await proctoring.leaveExam({ exam: exam.name }, exam.sitter)).toEqual(left);
    expect(await join()).toBe('NOT_VERIFIED');
    const stranger = world.ctx(world.person('eve@example.org').id);
    expect(await reasonOf(proctoring.joinExam({ exam: exam.name }, stranger))).toBe('EXAM_NOT_FOUND');
  });

  test('a match is good for one session: who has left and comes back shows their face again', async () => {
    exam = await sittingOf(world);
    const { identification, proctoring } = world.exams.handlers;
    const join = (): Promise<string> => reasonOf(proctoring.joinExam({ exam: exam.name }, exam.sitter));
    await proctoring.leaveExam({ exam: exam.name }, exam.sitter);
    expect(await join()).toBe('NOT_VERIFIED');
    const image = await world.picture();
    await identification.identifyStudent({ exam: exam.name, image, operatingSystem: '' }, exam.sitter);
    expect(await join()).toBe('OK');
    await proctoring.leaveExam({ exam: exam.name }, exam.sitter);
    await identification.approveStudent({ exam: exam.name, email: exam.student.email }, exam.staff);
    for (let n = 0; n < 2; n++) {
      expect(await join()).toBe('OK');
      await proctoring.leaveExam({ exam: exam.name }, exam.sitter);
    }
  });

  test('a stream that begins while something else is stored is watched, also for whom staff vouch', async () => {
    exam = await sittingOf(world);
    const { db } = world.storage;
    const [id = ''] = (await db('proctoring_sessions').pluck('id')) as string[];
    const approval = { exam: exam.name, email: exam.student.email };
    await world.exams.handlers.identification.approveStudent(approval, exam.staff);
    const read = (await sessionById(db, id))!;
    expect(read.monitored).toBe(false);
    await takeOver(db, id, 'a stream', world.clock.now());
    await world.storage.transaction((tx) => saveSession(tx, read));
    expect(await sessionById(db, id)).toMatchObject({ monitored: true, streamId: 'a stream' });
  });

  test('a frame whose consent is taken back while it is looked at leaves no trace', async () => {
    exam = await sittingOf(world);
    let open = (): void => undefined;
    world.gate.closed = new Promise((resolve) => {
      open = resolve;
    });
    const looked = world.analysed.count;
    const answer = reasonOf(shoot({ presence: 'SEVERAL_FACES' }));
    await eventually(() => expect(world.analysed.count).toBe(looked + 1));
    world.withdrawn.add(exam.student.id);
    open();
    expect(await answer).toBe('CONSENT_REQUIRED');
    for (const table of ['observations', 'alerts', 'blobs', 'session_events']) {
      expect(await world.storage.db(table).select()).toEqual([]);
    }
  });

  test('a frame is answered by what was committed of it', async () => {
    exam = await sittingOf(world);
    const finding = await shoot({ score: 0.75 });
    expect(finding).toMatchObject({
      frame: 1,
      anomalies: [],
      alerts: [],
      impostorEvidence: 0,
      receiveTime: new Date(START + 25_000),
    });
    expect(finding.comparison?.outcome).toBe(Outcome.OUTCOME_MATCH);
    expect(finding.finding?.faceCount).toBe(1);
    expect((await shoot()).frame).toBe(2);
    const rows = (await world.storage.db('observations').select()) as {
      outcome: string;
      sha256: string;
      finding: string;
    }[];
    expect(rows.map(({ outcome }) => outcome)).toEqual(['MATCH', 'MATCH']);
    expect(rows[0]!.finding).not.toContain('template');
    const seen = (await world.audited()).filter(({ action }) => action === 'frame.observed');
    expect(seen[0]!.details).toMatchObject({
      frame: 1,
      outcome: 'MATCH',
      faces: 1,
      model: expect.any(String) as string,
      threshold: expect.any(Number) as number,
    });
    expect(await world.storage.db('blobs').select()).toEqual([]);
    expect(await alerts()).toEqual([]);
  });

  test('who is not enrolled, not joined, without consent or reference leaves no trace', async () => {
    exam = await examOf(world);
    await world.exams.handlers.exams.startExam({ name: exam.name }, exam.staff);
    expect(await reasonOf(shoot())).toBe('NOT_JOINED');
    exam = await sittingOf(world);
    const stranger = world.ctx(world.person('eve@example.org').id);
    const image = await world.picture();
    const request = { exam: exam.name, image, operatingSystem: '' };
    expect(await reasonOf(world.exams.handlers.monitor.submitFrame(request, stranger))).toBe(
      'EXAM_NOT_FOUND',
    );
    world.withdrawn.add(exam.student.id);
    expect(await reasonOf(shoot())).toBe('CONSENT_REQUIRED');
    world.withdrawn.clear();
    world.references.delete(exam.student.id);
    expect(await reasonOf(shoot())).toBe('REFERENCE_MISSING');
    expect(await reasonOf(send(randomBytes(0)))).toBe('INVALID_FIELDS');
    expect(await world.storage.db('observations').select()).toEqual([]);
  });

  test('a missing face raises one alert with the frame that shows it, and ends it when the face is back', async () => {
    exam = await sittingOf(world);
    await shoot();
    const opened = await shoot({ presence: 'NO_FACE' });
    expect(opened.alerts.map(({ type, endTime }) => [type, endTime])).toEqual([
      [AlertType.ALERT_TYPE_NO_FACE, undefined],
    ]);
    await shoot({ presence: 'NO_FACE' });
    await shoot();
    await shoot();
    const [alert, ...others] = await alerts();
    expect(others).toEqual([]);
    expect(alert).toMatchObject({
      type: AlertType.ALERT_TYPE_NO_FACE,
      user: `users/${exam.student.id}`,
      occurrences: 2,
      hasEvidence: true,
      beginTime: new Date(START + 50_000),
      lastTime: new Date(START + 75_000),
      endTime: new Date(START + 100_000),
      reason: 'Nobody has been in the picture for 25 s.',
    });
    expect([await world.told('alert.raised'), await world.told('alert.ended')]).toEqual([1, 1]);
    await shoot({ presence: 'NO_FACE' });
    expect(await alerts()).toHaveLength(2);
  });

  test('somebody else is told from several frames, with score, threshold and model', async () => {
    exam = await sittingOf(world);
    await shoot();
    expect((await shoot({ score: 0.05 })).alerts).toEqual([]);
    expect((await shoot({ score: 0.05 })).alerts).toEqual([]);
    const findings = [await shoot({ score: 0.05 }), await shoot({ score: 0.05 })];
    const [alert] = await alerts();
    expect(alert).toMatchObject({
      type: AlertType.ALERT_TYPE_DIFFERENT_PERSON,
      threshold: 12,
      model: expect.stringContaining('/') as string,
    });
    const { impostorEvidence, identity } = findings.at(-1)!;
    expect(impostorEvidence).toBeGreaterThanOrEqual(12);
    expect(identity).toMatchObject({ evidence: impostorEvidence, threshold: 12, prior: 0.99 });
    expect(identity!.confidence).toBeLessThan(0.001);
    expect(alert!.contributions).toMatchObject([
      { modality: Modality.MODALITY_FACE, observations: 4, score: expect.closeTo(0.05, 5) as number },
    ]);
    expect(alert!.reason).toMatch(/^Over 4 frames the face does not look like the enrolled student/);
    const { sessions } = await world.exams.handlers.proctoring.listSessions(
      { exam: exam.name, pageSize: 0, pageToken: '' },
      exam.staff,
    );
    expect(sessions[0]!.identity).toEqual(identity);
    const staffView = await world.exams.handlers.exams.listExamStudents(
      { exam: exam.name, pageSize: 0, pageToken: '' },
      exam.staff,
    );
    expect(staffView.students[0]).toMatchObject({ joined: true, alerts: [alert!.reason] });
  });

  test('evidence is kept upright, without metadata, encrypted; reading it is audited, and only staff may', async () => {
    exam = await sittingOf(world);
    const picture = await world.picture({ presence: 'SEVERAL_FACES' });
    expect((await sharp(picture).metadata()).exif).toBeDefined();
    await send(picture);
    const [alert] = await alerts();
    const { proctoring } = world.exams.handlers;
    const evidence = await proctoring.getEvidence({ alert: alert!.name }, exam.staff);
    const meta = await sharp(Buffer.from(evidence.image)).metadata();
    expect([meta.format, meta.exif, evidence.contentType]).toEqual(['jpeg', undefined, 'image/jpeg']);
    const blob = (await world.storage.db('blobs').first()) as { sealed: Buffer };
    expect(blob.sealed.includes(Buffer.from(evidence.image).subarray(20, 60))).toBe(false);
    const read = (await world.audited()).filter(({ action }) => action === 'evidence.read');
    expect(read).toEqual([
      expect.objectContaining({
        actor: world.pseudonym(exam.owner.id),
        subject: world.pseudonym(exam.student.id),
      }),
    ]);
    const get = (ctx: typeof exam.staff, name = alert!.name): Promise<string> =>
      reasonOf(proctoring.getEvidence({ alert: name }, ctx));
    expect(await get(exam.sitter)).toBe('ROLE_REQUIRED');
    expect(await get(world.ctx('other', 'INSTRUCTOR'))).toBe('ALERT_NOT_FOUND');
    expect(await get(world.ctx('boss', 'ADMIN', 'UCY'))).toBe('ALERT_NOT_FOUND');
    expect(await get(exam.staff, 'exams/1/alerts/nothing')).toBe('INVALID_FIELDS');
    const another = await examOf(world);
    expect(await get(exam.staff, alert!.name.replace(exam.name, another.name))).toBe('ALERT_NOT_FOUND');
  });

  test("a frame that came before is told, also when it came in somebody else's session", async () => {
    exam = await sittingOf(world);
    const picture = await world.picture();
    await send(picture);
    world.clock.advance(25_000);
    const again = await send(picture);
    expect(again.anomalies).toEqual([CaptureAnomaly.CAPTURE_ANOMALY_SAME_BYTES]);
    expect(again.alerts[0]).toMatchObject({ type: AlertType.ALERT_TYPE_REPLAYED_FRAME });
    const bob = world.person('bob@example.org');
    await enrol(world, exam.name, exam.staff, bob.email);
    const { identification, proctoring, monitor } = world.exams.handlers;
    const image = await world.picture();
    await identification.identifyStudent({ exam: exam.name, image, operatingSystem: '' }, world.ctx(bob.id));
    await proctoring.joinExam({ exam: exam.name }, world.ctx(bob.id));
    const lent = await monitor.submitFrame(
      { exam: exam.name, image: picture, operatingSystem: '' },
      world.ctx(bob.id),
    );
    expect(lent.anomalies).toEqual([CaptureAnomaly.CAPTURE_ANOMALY_SAME_BYTES]);
  });

  test('pixels too alike to an earlier frame are told when they go on', async () => {
    exam = await sittingOf(world);
    const fingerprint = randomBytes(256);
    await shoot({ fingerprint });
    const second = await shoot({ fingerprint });
    expect([second.anomalies, second.alerts]).toEqual([[CaptureAnomaly.CAPTURE_ANOMALY_NEAR_IDENTICAL], []]);
    expect((await shoot({ fingerprint })).alerts[0]?.type).toBe(AlertType.ALERT_TYPE_REPLAYED_FRAME);
  });

  test('a screen is told when it is assessed twice', async () => {
    exam = await sittingOf(world);
    await shoot({ liveness: live('SPOOF_SUSPECTED') });
    const { alerts: raised } = await shoot({ liveness: live('SPOOF_SUSPECTED') });
    expect(raised[0]).toMatchObject({
      type: AlertType.ALERT_TYPE_SPOOF_SUSPECTED,
      score: 0.05,
      threshold: 0.2,
    });
  });

  test('what cannot be judged for a minute is told, with the advice', async () => {
    exam = await sittingOf(world);
    expect((await shoot({ sharp: false })).alerts).toEqual([]);
    expect((await shoot({ sharp: false })).alerts).toEqual([]);
    expect((await shoot({ sharp: false }, 20_000)).alerts).toEqual([]);
    const { alerts: raised, comparison } = await shoot({ sharp: false }, 20_000);
    expect(comparison?.outcome).toBe(Outcome.OUTCOME_INCONCLUSIVE);
    expect(raised).toMatchObject([
      { type: AlertType.ALERT_TYPE_INCONCLUSIVE_TOO_LONG, occurrences: 4, hasEvidence: true },
    ]);
    expect(raised[0]!.reason).toContain('Hold still');
    await shoot();
    expect(await alerts()).toMatchObject([{ endTime: new Date(world.clock.now()) }]);
  });

  test('a frame that cannot be read, or was not taken by the engine, is an error without a stream, and no frame', async () => {
    exam = await sittingOf(world);
    expect(await reasonOf(send(randomBytes(50)))).toBe('IMAGE_UNREADABLE');
    expect((await shoot()).frame).toBe(1);
  });

  test('frames at the same moment, through two nodes, are each committed once and in one order', async () => {
    exam = await sittingOf(world);
    const other = world.rewire({}).handlers.monitor;
    const pictures = await Promise.all(Array.from({ length: 12 }, () => world.picture()));
    const findings = await Promise.all(
      pictures.map((image, i) =>
        (i % 2 ? other : world.exams.handlers.monitor).submitFrame(
          { exam: exam.name, image, operatingSystem: '' },
          exam.sitter,
        ),
      ),
    );
    expect(findings.map(({ frame }) => frame).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 12 }, (_, i) => i + 1),
    );
    const numbers = (await world.storage.db('session_events').orderBy('number').pluck('number')) as number[];
    expect(numbers).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    const sessions = await world.exams.handlers.proctoring.listSessions(
      { exam: exam.name, pageSize: 0, pageToken: '' },
      exam.staff,
    );
    expect(sessions.sessions[0]).toMatchObject({ frameCount: 12, leaveTime: undefined });
  });

  test('a person decides; their name, note and time are kept', async () => {
    exam = await sittingOf(world);
    await shoot({ presence: 'SEVERAL_FACES' });
    const [alert] = await alerts();
    const { proctoring } = world.exams.handlers;
    const review = {
      alert: alert!.name,
      decision: AlertDecision.ALERT_DECISION_DISMISSED,
      note: 'A poster.',
    };
    expect(
      await reasonOf(
        proctoring.reviewAlert({ ...review, decision: AlertDecision.ALERT_DECISION_UNSPECIFIED }, exam.staff),
      ),
    ).toBe('INVALID_FIELDS');
    expect(await reasonOf(proctoring.reviewAlert(review, exam.sitter))).toBe('ROLE_REQUIRED');
    await proctoring.reviewAlert(review, exam.staff);
    expect((await alerts())[0]).toMatchObject({
      decision: AlertDecision.ALERT_DECISION_DISMISSED,
      decisionNote: 'A poster.',
      decidedBy: `users/${exam.owner.id}`,
    });
    expect(await world.told('alert.reviewed')).toBe(1);
  });

  test('alerts come newest first, in pages, and of one student', async () => {
    exam = await sittingOf(world);
    for (let i = 0; i < 3; i++) {
      await shoot({ presence: 'SEVERAL_FACES' });
      await shoot();
    }
    const { proctoring } = world.exams.handlers;
    const page = (pageToken: string, user = ''): ReturnType<typeof proctoring.listAlerts> =>
      proctoring.listAlerts({ exam: exam.name, user, pageSize: 2, pageToken }, exam.staff);
    const first = await page('');
    const second = await page(first.nextPageToken);
    expect([first.alerts.length, second.alerts.length, second.nextPageToken]).toEqual([2, 1, '']);
    const begun = [...first.alerts, ...second.alerts].map(({ beginTime }) => beginTime!.getTime());
    expect(begun).toEqual([...begun].sort((a, b) => b - a));
    expect((await page('', 'users/nobody')).alerts).toEqual([]);
    expect((await page('', `users/${exam.student.id}`)).alerts).toHaveLength(2);
    expect(
      await reasonOf(
        proctoring.listAlerts({ exam: exam.name, user: '', pageSize: 0, pageToken: '' }, exam.sitter),
      ),
    ).toBe('ROLE_REQUIRED');
  });

  test('leaving ends what lasts', async () => {
    exam = await sittingOf(world);
    await shoot({ presence: 'SEVERAL_FACES' });
    world.clock.advance(1_000);
    await world.exams.handlers.proctoring.leaveExam({ exam: exam.name }, exam.sitter);
    expect((await alerts())[0]!.endTime).toEqual(new Date(START + 26_000));
    expect(await reasonOf(shoot())).toBe('NOT_JOINED');
  });
});
