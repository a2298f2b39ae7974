import sharp from 'sharp';
import { capture } from '../../scripts/demo/camera.js';
import type { CallOptions } from '../../src/grpc/index.js';
import { Exam, ExamType, LivenessPolicy } from '../../src/grpc/gen/probity/exams/v1/exam_service.js';
import { RefreshPolicy } from '../../src/grpc/gen/probity/identity/v1/authentication_service.js';
import { Role } from '../../src/grpc/gen/probity/identity/v1/user_service.js';
import { systemClock } from '../../src/jobs/index.js';
import { send as http, type Answer } from '../http/support/facade.js';
import { acting, SPOTS, type Act } from '../support/acting-face.js';
import { startApp, type RunningApp } from '../support/app.js';
import { describeWithModels, PORTRAITS } from '../support/faces.js';

/*
 * The active challenge with the real models, over REST. A portrait that is warped acts for the student; what stands before
 * the camera otherwise is what the challenge is to stop, and what it cannot.
 */

const PASSWORD = 'correct horse battery';

/** Time passes when a test says so: warping a picture may take longer than a movement. */
const clock = {
  ...systemClock,
  at: Date.now(),
  now: () => clock.at,
  pass: (ms: number) => void (clock.at += ms),
};
/** What is drawn next: the first of what is left, unless a test says otherwise. */
const drawn: number[] = [];

describeWithModels('the active challenge', () => {
  let running: RunningApp;
  let exam: string;
  let token: string;
  let shot = 0;

  beforeAll(async () => {
    running = await startApp(
      {
        PROBITY_ROLES: 'grpc,http',
        PROBITY_REGISTRATION: 'open',
        PROBITY_FACE_REQUIRED_TEMPLATES: '1',
      },
      { clock, draw: () => drawn.shift() ?? 0 },
    );
    const { core } = running.app;
    const login = async (email: string, password: string): Promise<CallOptions> => {
      const refreshPolicy = RefreshPolicy.REFRESH_POLICY_ROTATING;
      const organisation = 'organisations/UCY';
      const request = { organisation, email, password, refreshPolicy };
      return { token: (await core.authentication.logIn(request)).accessToken };
    };
    const admin = await login(running.admin.email, running.admin.password);
    const person = { givenName: 'A', familyName: 'B', password: PASSWORD };
    const teacher = { ...person, email: 'teacher@example.org', role: Role.ROLE_INSTRUCTOR };
    await core.users.createUser(teacher, admin);
    await core.users.createUser({ ...person, email: 'student@example.org', role: Role.ROLE_STUDENT }, admin);
    const instructor = await login('teacher@example.org', PASSWORD);
    const made = await core.exams.createExam(
      {
        exam: Exam.fromPartial({
          displayName: 'Algebra',
          type: ExamType.EXAM_TYPE_WRITTEN,
          scheduleTime: new Date(clock.now() + 3_600_000),
          duration: { seconds: 5400n },
          monitoring: { liveness: LivenessPolicy.LIVENESS_POLICY_CHALLENGE },
        }),
      },
      instructor,
    );
    const students = [{ email: 'student@example.org', givenName: 'A', familyName: 'B' }];
    await core.exams.batchEnrolStudents({ exam: made.name, students }, instructor);
    await core.exams.startExam({ name: made.name }, instructor);
    exam = made.name.split('/')[1]!;
    token = (await login('student@example.org', PASSWORD)).token!;
  });
  afterAll(() => running.stop());

  const url = (path: string): string => `http://127.0.0.1:${running.httpPort}/probity/v1${path}`;
  const get = (path: string): Promise<Answer> => http(url(path), 'GET', { token });
  const post = (path: string, body: unknown = {}, headers = {}): Promise<Answer> =>
    http(url(path), 'POST', { token, body, headers });
  const show = (path: string, picture: Buffer): Promise<Answer> =>
    post(path, picture, { 'content-type': 'image/jpeg', 'accept-language': 'el' });

  const acts = new Map<string, Buffer>();
  const act = async (what: Act, who: keyof typeof SPOTS = 'obama1'): Promise<Buffer> => {
    const key = `${who} ${what}`;
    const acted = acts.get(key) ?? (await acting(PORTRAITS[who], SPOTS[who], what));
    acts.set(key, acted);
    return capture(acted, ++shot);
  };
  const open = async (...draws: number[]): Promise<string> => {
    drawn.push(...draws);
    const { status, body } = await post(`/exams/${exam}/challenges`);
    expect(status).toBe(201);
    return (body as { challenge: string }).challenge;
  };
  interface Frame {
    state: string;
    step: number;
    advice: string[];
    reasons: string[];
    words: string[];
  }
  const frame = async (challenge: string, picture: Buffer): Promise<Frame> => {
    clock.pass(600);
    const { status, body } = await show(`/exams/${exam}/challenges/${challenge}/frames`, picture);
    expect(status).toBe(200);
    return body as Frame;
  };
  const play = async (
    challenge: string,
    movements: readonly Act[],
    who?: keyof typeof SPOTS,
  ): Promise<Frame> => {
    let last: Frame | undefined;
    for (const each of movements) {
      last = await frame(challenge, await act(each, who));
      if (last.state !== 'OPEN') break;
    }
    return last!;
  };
  const identify = (picture: Buffer): Promise<Answer> => show(`/exams/${exam}/identification`, picture);
  const STILL = ['STRAIGHT', 'STRAIGHT', 'STRAIGHT', 'STRAIGHT'] as const;

  test('the student consents and enrols', async () => {
    const { body } = await get(`/exams/${exam}/capture`);
    expect(body).toMatchObject({
      consent: { needed: true },
      reference: { state: 'NONE', wanted: 1 },
      challenge: { required: true, passed: false },
    });
    const { modality, purpose, version } = (body as { consent: { policies: Record<string, string>[] } })
      .consent.policies[0]!;
    expect((await post('/consents', { modality, purpose, policyVersion: version })).status).toBe(201);
    const enrolled = await show('/references/face/pictures', PORTRAITS.obama2);
    expect(enrolled.body).toMatchObject({ accepted: true, complete: true, pictures: 1 });
    const other = await show('/references/face/pictures', PORTRAITS.biden);
    expect(other.body).toMatchObject({ accepted: false, reasons: ['ANOTHER_PERSON'], pictures: 1 });
    const refused = await identify(await act('STRAIGHT'));
    expect([refused.status, refused.body]).toMatchObject([409, { reason: 'CHALLENGE_REQUIRED' }]);
  });

  test('who does what is asked passes, and is identified right after', async () => {
    const challenge = await open();
    const passed = await play(challenge, [
      ...STILL,
      ...(['TURN_LEFT', 'STRAIGHT', 'TURN_RIGHT', 'STRAIGHT', 'BLINK', 'STRAIGHT'] as const),
    ]);
    expect(passed).toMatchObject({ state: 'PASSED', step: 4 });
    expect((await get(`/exams/${exam}/capture`)).body).toMatchObject({ challenge: { passed: true } });
    const identified = await identify(await act('STRAIGHT'));
    expect(identified.body).toMatchObject({ outcome: 'MATCH', verification: { state: 'VERIFIED' } });
    expect((await identify(await act('STRAIGHT'))).status).toBe(409);
  });

  test('in another order, with a smile', async () => {
    const challenge = await open(3, 1, 1);
    const passed = await play(challenge, [
      ...STILL,
      ...(['SMILE', 'STRAIGHT', 'TURN_RIGHT', 'STRAIGHT', 'BLINK', 'STRAIGHT'] as const),
    ]);
    expect(passed).toMatchObject({ state: 'PASSED', step: 4 });
  });

  test('a picture that is held up does nothing, also when it is turned or bent', async () => {
    const challenge = await open();
    expect(await play(challenge, STILL)).toMatchObject({ state: 'OPEN', step: 1 });
    for (const share of [0.87, 0.77, 0.71]) {
      const print = await act('STRAIGHT');
      const { width, height } = await sharp(print).metadata();
      const turned = await sharp(print)
        .resize(Math.round(width * share), height, { fit: 'fill' })
        .extend({ left: 40, right: 40, background: '#888' })
        .jpeg()
        .toBuffer();
      expect(await frame(challenge, turned)).toMatchObject({ step: 1 });
    }
    expect(await play(challenge, [...STILL, ...STILL])).toMatchObject({ state: 'OPEN', step: 1 });
  });

  test('somebody else in the middle of it fails, and it is said in Greek', async () => {
    const challenge = await open();
    expect(await play(challenge, STILL)).toMatchObject({ step: 1 });
    const first = await frame(challenge, await act('STRAIGHT', 'biden'));
    expect(first).toMatchObject({ state: 'OPEN', step: 1, reasons: ['ANOTHER_PERSON'] });
    expect(first.words[0]).toContain('το ίδιο πρόσωπο');
    const last = await play(challenge, ['BLINK', 'STRAIGHT', 'BLINK'], 'biden');
    expect(last).toMatchObject({ state: 'FAILED', step: 1 });
    expect((await identify(await act('STRAIGHT'))).status).toBe(409);
  });

  test('frames of an earlier challenge do not count again', async () => {
    const first = await open();
    await play(first, STILL);
    const turn = await act('TURN_LEFT');
    expect(await frame(first, turn)).toMatchObject({ step: 2 });
    const second = await open();
    await play(second, STILL);
    expect(await frame(second, turn)).toMatchObject({ step: 1, reasons: ['SEEN_BEFORE'] });
    const copy = await sharp(turn).jpeg({ quality: 60 }).toBuffer();
    expect(await frame(second, copy)).toMatchObject({ step: 1, reasons: ['SEEN_BEFORE'] });
  });
});
