import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { capture } from '../../scripts/demo/camera.js';
import { remoteCore, type CallOptions, type Core, type RemoteCore } from '../../src/grpc/index.js';
import { Outcome } from '../../src/grpc/gen/probity/biometrics/v1/finding.js';
import { Modality } from '../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import { Exam, ExamType, VerificationState } from '../../src/grpc/gen/probity/exams/v1/exam_service.js';
import type { MonitorRequest } from '../../src/grpc/gen/probity/exams/v1/monitor_service.js';
import {
  ClientEventType,
  type FrameFinding,
  type MonitorOpened,
  type MonitorResponse,
} from '../../src/grpc/gen/probity/exams/v1/monitor_service.js';
import { AlertDecision, AlertType } from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import { RefreshPolicy } from '../../src/grpc/gen/probity/identity/v1/authentication_service.js';
import { Role } from '../../src/grpc/gen/probity/identity/v1/user_service.js';
import { systemClock } from '../../src/jobs/index.js';
import { startApp, type RunningApp } from '../support/app.js';
import { failureOf, TRANSPORTS } from './harness.js';

const UCY = 'organisations/UCY';
const PASSWORD = 'correct horse battery';
const FRAME_SECONDS = 10;
const portrait = (name: string): Promise<Buffer> =>
  readFile(path.resolve(__dirname, '../fixtures/faces', name));

/** Time passes when a test says so: half a minute of evidence need not take half a minute. */
const clock = {
  ...systemClock,
  ahead: 0,
  now: () => Date.now() + clock.ahead,
  pass: (seconds: number) => (clock.ahead += seconds * 1000),
};

let running: RunningApp;
let remote: RemoteCore;
beforeAll(async () => {
  // Without the scheduled jobs, which would find the time that passes here too quick.
  running = await startApp({ PROBITY_ROLES: 'grpc,http' }, { clock });
  remote = await remoteCore({
    address: `127.0.0.1:${running.grpcPort}`,
    tls: null,
    defaultTimeoutMs: 30_000,
  });
});
afterAll(async () => {
  remote.close();
  await running.stop();
});

describe.each(TRANSPORTS)('an exam, from registration to review, %s', (transport) => {
  let core: Core;
  let student: CallOptions;
  let instructor: CallOptions;
  let exam: string;
  const studentEmail = `student-${transport}@example.org`;
  const instructorEmail = `instructor-${transport}@example.org`;

  const logIn = async (email: string, password: string): Promise<CallOptions> => {
    const refreshPolicy = RefreshPolicy.REFRESH_POLICY_ROTATING;
    const request = { organisation: UCY, email, password, refreshPolicy };
    return { token: (await core.authentication.logIn(request)).accessToken };
  };

  beforeAll(() => {
    core = transport === 'channel' ? remote.core : running.app.core;
  });

  test('people come in', async () => {
    const admin = await logIn(running.admin.email, running.admin.password);
    const names = { givenName: 'A', familyName: 'B', password: PASSWORD };
    await core.users.createUser({ ...names, email: instructorEmail, role: Role.ROLE_INSTRUCTOR }, admin);
    const person = { ...names, organisation: UCY, email: studentEmail, role: Role.ROLE_STUDENT };
    await core.users.registerUser(person);
    expect(await failureOf(core.users.registerUser(person))).toMatchObject({
      reason: 'EMAIL_TAKEN',
      details: { fields: [{ field: 'email', problem: 'already_exists' }] },
    });
    expect(await failureOf(logIn(studentEmail, 'wrong password'))).toMatchObject({
      reason: 'CREDENTIALS_WRONG',
    });
    student = await logIn(studentEmail, PASSWORD);
    instructor = await logIn(instructorEmail, PASSWORD);
    expect(await core.users.getUser({ name: 'users/me' }, student)).toMatchObject({
      email: studentEmail,
      role: Role.ROLE_STUDENT,
    });
  });

  test('a face is enrolled, after consent', async () => {
    const enrolment = { user: 'users/me', images: [await portrait('obama/1.jpg')] };
    expect(await failureOf(core.references.enrolFace(enrolment, student))).toMatchObject({
      reason: 'CONSENT_REQUIRED',
    });
    const { policies } = await core.consents.listPolicies({ languageCode: 'en' });
    const { modality, purpose, version } = policies.find(
      (policy) => policy.modality === Modality.MODALITY_FACE,
    )!;
    await core.consents.grantConsent({ modality, purpose, policyVersion: version }, student);
    const { reference, images } = await core.references.enrolFace(enrolment, student);
    expect(images.map(({ accepted }) => accepted)).toEqual([true]);
    expect(reference).toMatchObject({ complete: true, templateCount: 1 });
  });

  test('an exam begins', async () => {
    const wanted = Exam.fromPartial({
      displayName: 'Algebra',
      type: ExamType.EXAM_TYPE_WRITTEN,
      scheduleTime: new Date(clock.now() + 60_000),
      duration: { seconds: 3600n },
      monitoring: { frameInterval: { seconds: BigInt(FRAME_SECONDS) } },
    });
    expect(await failureOf(core.exams.createExam({ exam: wanted }, student))).toMatchObject({
      reason: 'ROLE_REQUIRED',
    });
    exam = (await core.exams.createExam({ exam: wanted }, instructor)).name;
    expect(await failureOf(core.exams.getExam({ name: exam }, student))).toMatchObject({
      reason: 'EXAM_NOT_FOUND',
    });
    const students = [{ email: studentEmail, givenName: '', familyName: '' }];
    expect(await core.exams.batchEnrolStudents({ exam, students }, instructor)).toEqual({
      enrolledCount: 1,
      createdUserCount: 0,
    });
    await core.exams.startExam({ name: exam }, instructor);
    expect((await core.exams.getExam({ name: exam }, student)).displayName).toBe('Algebra');
  });

  test('the student is identified, and somebody else is not', async () => {
    expect(await failureOf(core.proctoring.joinExam({ exam }, student))).toMatchObject({
      reason: 'NOT_VERIFIED',
    });
    const attempt = async (face: string) =>
      core.identification.identifyStudent(
        { exam, image: await portrait(face), operatingSystem: 'Linux' },
        student,
      );
    const wrong = await attempt('biden/1.jpg');
    expect(wrong.comparison?.outcome).toBe(Outcome.OUTCOME_NO_MATCH);
    expect(wrong.verification?.state).toBe(VerificationState.VERIFICATION_STATE_PENDING);
    const right = await attempt('obama/2.jpg');
    expect(right.comparison?.outcome).toBe(Outcome.OUTCOME_MATCH);
    expect(right.comparison!.score).toBeGreaterThan(right.comparison!.threshold);
    expect(right.verification?.state).toBe(VerificationState.VERIFICATION_STATE_VERIFIED);
    const image = Buffer.from('no picture');
    const rubbish = core.identification.identifyStudent({ exam, image, operatingSystem: '' }, student);
    expect(await failureOf(rubbish)).toMatchObject({ reason: 'IMAGE_UNREADABLE' });
  });

  test('a swap is noticed, though the stream breaks in the middle', async () => {
    await core.proctoring.joinExam({ exam }, student);
    const genuine = await portrait('obama/3.jpg');
    const impostor = await portrait('biden/1.jpg');

    const first = new Stream(core, exam, student, 0);
    expect((await first.opened()).nextFrame).toBe(1);
    first.heartbeat();
    const honest = [
      await first.frame(1, await capture(genuine, 1)),
      await first.frame(2, await capture(genuine, 2)),
    ];
    for (const { comparison, alerts } of honest) {
      expect(comparison?.outcome).toBe(Outcome.OUTCOME_MATCH);
      expect(alerts).toEqual([]);
    }
    await first.break();

    const second = new Stream(core, exam, student, first.lastEvent - 1);
    expect((await second.opened()).nextFrame).toBe(3);
    // What was not known to have arrived comes once more.
    expect(await second.finding(2)).toEqual(honest[1]);

    const evidence: number[] = [];
    let alerts: AlertType[] = [];
    for (let number = 3; alerts.length === 0 && number < 15; number++) {
      const finding = await second.frame(number, await capture(impostor, number));
      expect(finding.comparison?.outcome).toBe(Outcome.OUTCOME_NO_MATCH);
      evidence.push(finding.impostorEvidence);
      alerts = finding.alerts.map(({ type }) => type);
    }
    expect(alerts).toEqual([AlertType.ALERT_TYPE_DIFFERENT_PERSON]);
    // Never from one frame, nor from two.
    expect(evidence.length).toBeGreaterThanOrEqual(3);
    expect(evidence).toEqual([...evidence].sort((a, b) => a - b));
    await second.break();
    const session = await core.proctoring.leaveExam({ exam }, student);
    expect(session.frameCount).toBe(2 + evidence.length);
  });

  test('the instructor sees it, and decides', async () => {
    const page = { exam, user: '', pageSize: 0, pageToken: '' };
    expect(await failureOf(core.proctoring.listAlerts(page, student))).toMatchObject({
      reason: 'ROLE_REQUIRED',
    });
    const { alerts } = await core.proctoring.listAlerts(page, instructor);
    const [alert, ...others] = alerts.filter(({ type }) => type === AlertType.ALERT_TYPE_DIFFERENT_PERSON);
    expect(others).toEqual([]);
    expect(alert).toMatchObject({ hasEvidence: true, decision: AlertDecision.ALERT_DECISION_UNSPECIFIED });
    const { image, contentType } = await core.proctoring.getEvidence({ alert: alert!.name }, instructor);
    expect(contentType).toBe('image/jpeg');
    expect(image.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    const decision = AlertDecision.ALERT_DECISION_CONFIRMED;
    const decided = await core.proctoring.reviewAlert(
      { alert: alert!.name, decision, note: 'Seen.' },
      instructor,
    );
    expect(decided).toMatchObject({ decision, decisionNote: 'Seen.' });
  });
});

/** One Monitor stream, driven step by step. */
class Stream {
  lastEvent = 0;
  #outgoing: MonitorRequest[] = [];
  #wake: () => void = () => undefined;
  #caller = new AbortController();
  #responses: AsyncIterator<MonitorResponse>;

  constructor(core: Core, exam: string, student: CallOptions, resumeAfter: number) {
    this.#send({ $case: 'open', value: { exam, resumeAfter } });
    const responses = core.monitor.monitor(this.#requests(), { ...student, signal: this.#caller.signal });
    this.#responses = responses[Symbol.asyncIterator]();
  }

  async opened(): Promise<MonitorOpened> {
    const { message } = await this.#next();
    if (message?.$case !== 'opened') throw new Error(`not opened: ${message?.$case}`);
    return message.value;
  }

  heartbeat(): void {
    const type = ClientEventType.CLIENT_EVENT_TYPE_HEARTBEAT;
    this.#send({ $case: 'event', value: { type, time: new Date(clock.now()) } });
  }

  /** Sends a frame when it is due, and waits for its finding. */
  frame(number: number, image: Buffer): Promise<FrameFinding> {
    clock.pass(FRAME_SECONDS);
    this.#send({ $case: 'frame', value: { number, image, captureTime: new Date(clock.now()) } });
    return this.finding(number);
  }

  async finding(number: number): Promise<FrameFinding> {
    for (;;) {
      const { message, eventNumber } = await this.#next();
      this.lastEvent = Math.max(this.lastEvent, eventNumber);
      if (message?.$case === 'rejected') throw new Error(`rejected: ${message.value.reason}`);
      if (message?.$case === 'finding' && message.value.frame === number) return message.value;
    }
  }

  /** As a lost connection does. */
  async break(): Promise<void> {
    this.#caller.abort();
    expect(await failureOf(this.#next())).toMatchObject({ reason: 'CANCELLED' });
  }

  async #next(): Promise<MonitorResponse> {
    const response = await this.#responses.next();
    if (response.done) throw new Error('the stream ended');
    return response.value;
  }

  #send(message: MonitorRequest['message']): void {
    this.#outgoing.push({ message });
    this.#wake();
  }

  async *#requests(): AsyncGenerator<MonitorRequest> {
    for (;;) {
      const request = this.#outgoing.shift();
      if (request) yield request;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
