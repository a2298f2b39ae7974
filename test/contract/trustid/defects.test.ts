import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { capture } from '../../../scripts/demo/camera.js';
import type { CallOptions } from '../../../src/grpc/index.js';
import { systemClock } from '../../../src/jobs/index.js';
import { families, send } from '../../http/support/facade.js';
import { joinExam, logIn, PASSWORD, startExam, type Sitting } from '../../resilience/sitting.js';
import { startApp, type RunningApp } from '../../support/app.js';
import { describeWithModels, PORTRAITS } from '../../support/faces.js';

/*
 * What the original TRUSTID server did wrong, by reading its source, and cannot happen here. Over REST, as its
 * clients would find out.
 */

const EMAIL = 'barack@ucy.test';
const MINUTE_MS = 60_000;
/** How often the original's client sends a frame. */
const FRAME_MS = 25_000;

/** How far the clock of the service is ahead: exams take minutes, tests should not. */
let ahead = 0;
const clock = { ...systemClock, now: () => Date.now() + ahead };

describeWithModels('the defects of the original', () => {
  let dataDir: string;
  let running: RunningApp;
  let sitting: Sitting;
  let student: CallOptions;
  let exam_id: number;
  let shots = 0;
  let sent = '';
  beforeAll(async () => {
    ahead = 0;
    dataDir = await mkdtemp(path.join(tmpdir(), 'probity-defects-'));
    running = await startApp({ PROBITY_DATA_DIR: dataDir, PROBITY_REGISTRATION: 'students' }, { clock });
    sitting = await startExam(running.app.core, running.admin);
    student = await joinExam(running.app.core, sitting, EMAIL);
    exam_id = Number(sitting.exam.split('/')[1]);
  });
  afterAll(async () => {
    await running.stop();
    await rm(dataDir, { recursive: true });
  });

  const trustid = (who: CallOptions, at: string, body?: object) =>
    send(`http://127.0.0.1:${running.httpPort}${at}`, body ? 'POST' : 'GET', {
      ...(body && { body }),
      ...(who.token !== undefined && { token: who.token }),
    });
  const shoot = async (portrait: Buffer): Promise<string> => {
    ahead += FRAME_MS;
    sent = (await capture(portrait, ++shots)).toString('base64');
    return sent;
  };
  const monitor = async (image: string): Promise<void> => {
    const { status } = await trustid(student, '/biometrics/monitoring_face/', { image, exam_id });
    expect(status).toBe(200);
  };
  /** What the instructor's list says of the student. */
  const alerts = async (): Promise<string> => {
    const { body } = await trustid(sitting.instructor, '/instructor/list_exam');
    const [exam] = (body as { resource_array: { enrolled_students: { email: string; alerts: string }[] }[] })
      .resource_array;
    return exam!.enrolled_students.find(({ email }) => email === EMAIL)!.alerts;
  };

  test('“every recognised face raises Impersonation detected” (a name is compared with an e-mail): none does', async () => {
    for (let n = 0; n < 3; n++) {
      await monitor(await shoot(PORTRAITS.obama3));
      const said = {
        exam_id,
        face_rec_result: 'Barack Student',
        is_face_detected: true,
        confidence_score: 0.4,
      };
      expect((await trustid(student, '/monitoring/', said)).status).toBe(200);
    }
    expect(await alerts()).toBe('');
  });

  test('“no face raises nothing”: an empty chair does', async () => {
    const blank = { width: 640, height: 480, channels: 3 as const, background: 'grey' };
    const chair = await sharp({ create: { ...blank, noise: { type: 'gaussian', mean: 128, sigma: 20 } } })
      .jpeg()
      .toBuffer();
    await monitor(await shoot(chair));
    await monitor(await shoot(chair));
    expect(await alerts()).toContain('Nobody has been in the picture');
  });

  test('“an unrecognised face raises nothing”: somebody else does, whatever the client reports', async () => {
    const before = await alerts();
    for (let n = 0; n < 20 && (await alerts()) === before; n++) {
      const said = { exam_id, face_rec_result: EMAIL, is_face_detected: true, confidence_score: '0.99' };
      expect((await trustid(student, '/monitoring/', said)).status).toBe(200);
      await monitor(await shoot(PORTRAITS.biden));
    }
    expect(await alerts()).toContain('does not look like the enrolled student');
  });

  test('“anybody writes to any exam”: who is not enrolled finds nothing, and writes nothing', async () => {
    const person = { email: 'eve@ucy.test', name: 'Eve', surname: 'E', password: PASSWORD };
    await trustid({}, '/register_user', { ...person, organization: 'UCY', role: 'STUDENT' });
    const eve = await logIn(running.app.core, person);
    const image = PORTRAITS.obama3.toString('base64');
    const bodies: Record<string, object> = {
      '/biometrics/face_verify': { image },
      '/biometrics/monitoring_face/': { image },
      '/biometrics/monitoring_face_oral/': { image, ip_address: '192.0.2.1', running_processes: '[]' },
      '/monitoring/': { is_face_detected: true },
      '/student/check_verification_status': {},
      '/student/identification': { identification_result: EMAIL },
      '/student/request_manual_approval': { manual_approval_type: 'camera' },
      '/student/submit_feedback': { cheat_mode: 'Communication', feedback: 'x' },
      '/update_exam_condition': { condition: 'Join' },
    };
    // Every operation that a student names an exam to.
    const table = families().find(({ name }) => name === 'trustid')!.operations;
    const named = table.filter(
      ({ body, id }) => body && 'exam_id' in shapeOf(body) && !id.startsWith('instructor'),
    );
    expect(named.map((row) => row.path).sort()).toEqual(Object.keys(bodies).sort());
    for (const [at, body] of Object.entries(bodies)) {
      const answer = await trustid(eve, at, { ...body, exam_id });
      expect([at, answer.status, answer.body]).toMatchObject([at, 404, { resource_name: 'examination' }]);
    }
    const { document } = await running.app.core.subjects.exportSubject({ user: 'users/me' }, eve);
    const held = JSON.parse(document.toString()) as Record<string, Record<string, unknown[]>>;
    expect(Object.values(held['exams']!).flat()).toEqual([]);
  });

  test('“frames are stored as base64 text”: no picture that was sent can be found in the database', () => {
    const stored = readdirSync(dataDir)
      .filter((file) => file.startsWith('probity.db'))
      .map((file) => readFileSync(path.join(dataDir, file)).toString('latin1'))
      .join('');
    expect(stored.includes(EMAIL)).toBe(true);
    // How these JPEGs begin, whatever their quality: longer than chance would write it.
    const begins = 'ffd8ffdb004300';
    const inBase64 = '/9j/2wBDA';
    expect(Buffer.from(sent, 'base64').toString('hex').startsWith(begins)).toBe(true);
    expect(sent.startsWith(inBase64)).toBe(true);
    expect(stored.includes(inBase64)).toBe(false);
    expect(stored.includes(Buffer.from(begins, 'hex').toString('latin1'))).toBe(false);
  });

  test('“access tokens live for 60 days, refresh tokens for 365”: a quarter of an hour, and twelve hours', async () => {
    const login = await trustid({}, '/login', { email: EMAIL, password: PASSWORD, organization: 'UCY' });
    const { access, refresh } = (login.body as { resource_obj: { access: string; refresh: string } })
      .resource_obj;
    const status = async (): Promise<number> =>
      (await trustid({ token: access }, '/student/list_exam')).status;
    const renew = async (): Promise<number> => (await trustid({}, '/refresh_token', { refresh })).status;
    expect([await status(), await renew()]).toEqual([200, 201]);
    ahead += 16 * MINUTE_MS;
    expect([await status(), await renew()]).toEqual([401, 201]);
    ahead += 12 * 60 * MINUTE_MS;
    expect([await status(), await renew()]).toEqual([401, 401]);
  });
});

/** The members of a request's schema. */
function shapeOf(schema: unknown): object {
  return (schema as { shape?: object }).shape ?? {};
}
