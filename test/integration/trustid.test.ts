import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import type { z } from 'zod';
import { systemClock } from '../../src/jobs/index.js';
import { startApp, type RunningApp } from '../support/app.js';
import { databases } from '../support/databases.js';
import { describeWithModels } from '../support/faces.js';
import { families, send, type Answer } from '../http/support/facade.js';

/*
 * The whole service as a client of TRUSTID sees it: real faces, real models, both databases, one story. Pictures of
 * one person are of different occasions; none is compared with itself.
 */

const picture = (name: string): string =>
  readFileSync(path.join(__dirname, '../fixtures/faces', name)).toString('base64');

/** Another capture of the same scene: people move and light changes, or else a frame is a replay. */
async function capture(name: string, n: number): Promise<string> {
  const still = sharp(Buffer.from(picture(name), 'base64'));
  const { width, height } = await still.metadata();
  const left = Math.round(width * 0.02 * (n % 5));
  const top = Math.round(height * 0.02 * (n % 3));
  const moved = still
    .extract({ left, top, width: Math.round(width * 0.9), height: Math.round(height * 0.9) })
    .modulate({ brightness: 0.9 + 0.03 * (n % 7) });
  return (await moved.jpeg().toBuffer()).toString('base64');
}

const PASSWORD = 'a long enough password';
const tables = new Map(families().map((family) => [family.name, family]));

/** How far the clock of the service is ahead, in milliseconds: exams take minutes, tests should not. */
let ahead = 0;
const clock = { ...systemClock, now: () => Date.now() + ahead };

describeWithModels('TRUSTID, whole', () => {
  describe.each(databases)('on $name', ({ place }) => {
    let running: RunningApp;
    let admin: string;
    const tokens: Record<string, string> = {};
    let exam: number;

    beforeAll(async () => {
      ahead = 0;
      const { databaseUrl } = await place();
      running = await startApp(
        { PROBITY_DATABASE_URL: databaseUrl, PROBITY_REGISTRATION: 'open' },
        { clock },
      );
    });
    afterAll(() => running.stop());

    const url = (at: string): string => `http://127.0.0.1:${running.httpPort}${at}`;

    /** One request; the answer must be one that the row documents, and have no member that it does not list. */
    const trustid = async (who: string | null, at: string, body?: object): Promise<Answer> => {
      const method = body ? 'POST' : 'GET';
      const answer = await send(url(at), method, {
        ...(body && { body }),
        ...(who && { token: tokens[who]! }),
      });
      const family = tables.get('trustid')!;
      const row = family.operations.find(
        (operation) => operation.path === at && operation.method === method,
      )!;
      const schema =
        answer.status === row.status ? row.answer! : family.documentedError(row, answer.status).schema;
      expect((schema as z.ZodObject).parse(answer.body)).toEqual(answer.body);
      return answer;
    };
    const probity = (token: string | undefined, method: string, at: string, body?: object): Promise<Answer> =>
      send(url(`/probity/v1${at}`), method, { ...(body && { body }), ...(token && { token }) });

    const registration = (email: string, role = 'STUDENT', organization = 'UCY') => ({
      email,
      name: 'Given',
      surname: 'Family',
      organization,
      password: PASSWORD,
      role,
    });
    const signIn = async (who: string, email: string, organization = 'UCY'): Promise<void> => {
      const { status, body } = await trustid(null, '/login', { email, password: PASSWORD, organization });
      expect(status).toBe(201);
      tokens[who] = (body as { resource_obj: { access: string } }).resource_obj.access;
    };
    const consent = async (who: string): Promise<void> => {
      const { body } = await probity(undefined, 'GET', '/consent-policies');
      const { version } = (body as { policies: { modality: string; version: string }[] }).policies.find(
        (policy) => policy.modality === 'FACE',
      )!;
      const given = await probity(tokens[who], 'POST', '/consents', {
        modality: 'FACE',
        purpose: 'EXAM_IDENTITY',
        policyVersion: version,
      });
      expect(given.status).toBe(201);
    };
    const details = (resource: Answer): unknown =>
      (resource.body as { error_details?: unknown }).error_details;

    it('people register and sign in', async () => {
      expect(
        (await trustid(null, '/register_user', registration('teacher@ucy.test', 'INSTRUCTOR'))).status,
      ).toBe(200);
      expect((await trustid(null, '/register_user', registration('barack@ucy.test'))).status).toBe(200);
      expect(
        (await trustid(null, '/register_user', registration('eve@uc.test', 'INSTRUCTOR', 'UC'))).status,
      ).toBe(200);
      const twice = await trustid(null, '/register_user', registration('Barack@UCY.test'));
      expect([twice.status, twice.body]).toMatchObject([400, { already_exists_fields: ['email'] }]);
      await signIn('teacher', 'teacher@ucy.test');
      await signIn('barack', 'barack@ucy.test');
      await signIn('eve', 'eve@uc.test', 'UC');
      const login = { organisation: 'UCY', email: running.admin.email, password: running.admin.password };
      admin = ((await probity(undefined, 'POST', '/login', login)).body as { accessToken: string })
        .accessToken;
      expect(admin).toEqual(expect.any(String));
    });

    it('refuses wrong passwords, forged and foreign tokens alike', async () => {
      const wrong = { email: 'barack@ucy.test', password: 'wrong password', organization: 'UCY' };
      expect((await trustid(null, '/login', wrong)).status).toBe(401);
      expect((await trustid(null, '/login', { ...wrong, email: 'nobody@ucy.test' })).status).toBe(401);
      const [header, payload] = tokens['barack']!.split('.');
      tokens['forged'] = `${header!}.${payload!}.${'A'.repeat(86)}`;
      tokens['none'] = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload!}.`;
      for (const who of ['forged', 'none']) expect((await trustid(who, '/biometrics/list')).status).toBe(401);
    });

    it('a refresh token answers access tokens, and stays', async () => {
      const login = await trustid(null, '/login', {
        email: 'barack@ucy.test',
        password: PASSWORD,
        organization: 'UCY',
      });
      const { refresh, access } = (login.body as { resource_obj: { refresh: string; access: string } })
        .resource_obj;
      for (const body of [{ refresh }, { refresh, access }]) {
        const { status, body: answered } = await trustid(null, '/refresh_token', body);
        expect(status).toBe(201);
        tokens['refreshed'] = (answered as { resource_str: string }).resource_str;
        expect((await trustid('refreshed', '/biometrics/list')).status).toBe(200);
      }
      expect((await trustid(null, '/refresh_token', { refresh, access: tokens['teacher'] })).status).toBe(
        401,
      );
      expect((await trustid(null, '/refresh_token', { refresh: 'x' })).status).toBe(401);
    });

    it('no biometric without consent; the 403 says where to give it', async () => {
      const refused = await trustid('barack', '/biometrics/face_register', { image: picture('obama/1.jpg') });
      expect(refused.status).toBe(403);
      expect((refused.body as { message: string }).message).toContain('/probity/v1/consents');
      await consent('barack');
    });

    it('enrols a face, and tells what is registered', async () => {
      const landscape = Buffer.from('GIF89a no picture').toString('base64');
      const unreadable = await trustid('barack', '/biometrics/face_register', { image: landscape });
      expect([unreadable.status, unreadable.body]).toMatchObject([400, { bad_formatted_fields: ['image'] }]);

      const enrolled = await trustid('barack', '/biometrics/face_register', {
        image: picture('obama/1.jpg'),
      });
      expect([enrolled.status, enrolled.body]).toMatchObject([200, { resource_bool: true }]);
      const list = await trustid('barack', '/biometrics/list');
      expect(list.body).toMatchObject({
        resource_array: ['Face'],
        resource_dict: { Face: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string },
      });
      const status = await trustid('barack', '/biometrics/server_status');
      expect(status.body).toMatchObject({ resource_dict: { Face: true, Voice: false, Handwriting: false } });
    });

    it('another person’s picture is no further picture of the same student', async () => {
      const second = await trustid('barack', '/biometrics/face_register', { image: picture('biden/1.jpg') });
      expect([second.status, second.body]).toMatchObject([400, { bad_formatted_fields: ['image'] }]);
    });

    it('an instructor makes an exam and enrols students', async () => {
      const added = await trustid('teacher', '/instructor/add_exam', {
        duration: 60,
        exam_type: 'Written',
        name: 'Constitutional Law',
        privacy_policy: 'Evidence is kept for 30 days.',
        scheduled_date: new Date(clock.now() + 3_600_000).toISOString(),
      });
      expect(added.status).toBe(200);
      const { body } = await trustid('teacher', '/instructor/list_exam');
      const [listed] = (body as { resource_array: { exam_id: string }[] }).resource_array;
      expect(listed).toMatchObject({ name: 'Constitutional Law', status: 'Upcoming', enrolled_students: [] });
      exam = Number(listed!.exam_id);

      const updated = await trustid('teacher', '/instructor/update_exam_details', {
        exam_id: exam,
        duration: 90,
        exam_type: 'Oral',
        privacy_policy: 'Evidence is kept for 30 days.',
        scheduled_date: new Date(clock.now()).toISOString(),
      });
      expect(updated.status).toBe(200);
      const synced = await trustid('teacher', '/instructor/sync_courses_exams', {
        details: {
          exam_id: String(exam),
          students: [{ email: 'barack@ucy.test' }, { email: 'new@ucy.test' }],
        },
      });
      expect(synced.status).toBe(200);
      const students = await trustid('barack', '/student/list_exam');
      expect(students.body).toMatchObject({
        resource_array: [{ exam_id: String(exam), name: 'Constitutional Law' }],
      });
    });

    it('what the core alone can tell comes under this family’s names', async () => {
      const refused = await trustid('teacher', '/instructor/add_exam', {
        duration: 60,
        exam_type: 'Written',
        name: 'a\u0000b',
        privacy_policy: '',
        scheduled_date: '1960-01-01T00:00:00Z',
      });
      expect(refused.status).toBe(400);
      expect(Object.keys(details(refused) as object).sort()).toEqual(['name', 'scheduled_date']);
    });

    it('another organisation finds nothing: 404', async () => {
      for (const [at, body] of [
        ['/update_exam_condition', { exam_id: exam, condition: 'Start' }],
        ['/instructor/manual_approve_student', { exam_id: exam, email: 'barack@ucy.test' }],
        [
          '/instructor/sync_courses_exams',
          { details: { exam_id: exam, students: [{ email: 'x@uc.test' }] } },
        ],
      ] as const) {
        const { status, body: answered } = await trustid('eve', at, body);
        expect([at, status, answered]).toMatchObject([at, 404, { resource_name: 'examination' }]);
      }
      expect((await trustid('eve', '/instructor/list_exam')).body).toMatchObject({ resource_array: [] });
    });

    it('a client’s own verdict is a claim, and verifies nobody', async () => {
      const claimed = await trustid('barack', '/student/identification', {
        exam_id: exam,
        identification_result: 'Barack, certainly',
      });
      expect([claimed.status, claimed.body]).toMatchObject([200, { message: 'Pending' }]);
      const poll = await trustid('barack', '/student/check_verification_status', { exam_id: exam });
      expect(poll.body).toMatchObject({ message: 'Pending', resource_bool: false });
    });

    it('no match does not verify, a match does', async () => {
      const impostor = await trustid('barack', '/biometrics/face_verify', {
        image: picture('biden/1.jpg'),
        exam_id: exam,
      });
      expect([impostor.status, impostor.body]).toMatchObject([200, { resource_bool: false }]);
      const student = await trustid('barack', '/biometrics/face_verify', {
        image: `data:image/jpeg;base64,${picture('obama/2.jpg')}`,
        exam_id: exam,
      });
      expect([student.status, student.body]).toMatchObject([200, { resource_bool: true }]);
      const poll = await trustid('barack', '/student/check_verification_status', { exam_id: String(exam) });
      expect(poll.body).toMatchObject({ message: 'Verified', resource_bool: true });
    });

    it('joining waits for the start, and starting is the owner’s', async () => {
      const early = await trustid('barack', '/update_exam_condition', { exam_id: exam, condition: 'Join' });
      expect([early.status, Object.keys(details(early) as object)]).toEqual([400, ['exam_id']]);
      const student = await trustid('barack', '/update_exam_condition', {
        exam_id: exam,
        condition: 'Start',
      });
      expect(student.status).toBe(403);
      for (let i = 0; i < 2; i++) {
        const start = await trustid('teacher', '/update_exam_condition', {
          exam_id: exam,
          condition: 'Start',
        });
        expect(start.status).toBe(200);
      }
      for (let i = 0; i < 2; i++) {
        const join = await trustid('barack', '/update_exam_condition', { exam_id: exam, condition: 'Join' });
        expect(join.status).toBe(200);
      }
    });

    it('nothing is replaced or removed in the middle of it', async () => {
      const unregistered = await trustid('barack', '/biometrics/unregister', { biometric_type: 'Face' });
      expect(unregistered.status).toBe(403);
    });

    it('watches: the student raises no alert, a swap does, and a person decides', async () => {
      const frame = async (name: string, n: number): Promise<string> => {
        const { status, body } = await trustid('barack', '/biometrics/monitoring_face/', {
          image: await capture(name, n),
          exam_id: exam,
        });
        expect(status).toBe(200);
        ahead += 10_000;
        return (body as { message: string }).message;
      };
      const alertsOf = async (): Promise<string> => {
        const { body } = await trustid('teacher', '/instructor/list_exam');
        const students = (
          body as { resource_array: { enrolled_students: { email: string; alerts: string }[] }[] }
        ).resource_array[0]!.enrolled_students;
        return students.find(({ email }) => email === 'barack@ucy.test')!.alerts;
      };
      expect(await frame('obama/3.jpg', 0)).toContain('matches');
      expect(await alertsOf()).toBe('');

      interface Alerts {
        alerts: { name: string; type: string; score: number; threshold: number; decision: string | null }[];
      }
      const swap = async () =>
        ((await probity(tokens['teacher'], 'GET', `/exams/${exam}/alerts`)).body as Alerts).alerts.find(
          ({ type }) => type === 'DIFFERENT_PERSON',
        );
      for (let n = 1; n < 20 && !(await swap()); n++) {
        expect(await frame('biden/1.jpg', n)).toContain('does not match');
      }
      const alert = (await swap())!;
      expect(alert.score).toBeGreaterThanOrEqual(alert.threshold);
      expect(await alertsOf()).not.toBe('');

      const evidence = await fetch(url(`/probity/v1/${alert.name}/evidence`), {
        headers: { authorization: `Bearer ${tokens['teacher']!}` },
      });
      expect([evidence.status, evidence.headers.get('content-type')]).toEqual([
        200,
        expect.stringMatching(/^image\//),
      ]);
      expect((await evidence.arrayBuffer()).byteLength).toBeGreaterThan(1000);
      expect((await probity(tokens['eve'], 'GET', `/${alert.name}/evidence`)).status).toBe(404);

      const review = await probity(tokens['teacher'], 'POST', `/${alert.name}/review`, {
        decision: 'CONFIRMED',
        note: 'Somebody else.',
      });
      expect(review.body).toMatchObject({ decision: 'CONFIRMED', decisionNote: 'Somebody else.' });
    });

    it('there is a way without biometrics: ask, be approved, poll', async () => {
      const user = { givenName: 'New', familyName: 'Student', role: 'STUDENT', password: PASSWORD };
      expect((await probity(admin, 'POST', '/users', { ...user, email: 'late@ucy.test' })).status).toBe(201);
      await trustid('teacher', '/instructor/sync_courses_exams', {
        details: { exam_id: exam, students: [{ email: 'late@ucy.test' }] },
      });
      await signIn('late', 'late@ucy.test');
      const asked = await trustid('late', '/student/request_manual_approval', {
        exam_id: exam,
        manual_approval_type: 'No camera',
      });
      expect(asked.status).toBe(200);
      const requested = await trustid('late', '/student/check_verification_status', { exam_id: exam });
      expect(requested.body).toMatchObject({ message: 'Requested Manual Approval', resource_bool: false });
      const stranger = await trustid('teacher', '/instructor/manual_approve_student', {
        exam_id: exam,
        email: 'stranger@ucy.test',
      });
      expect([stranger.status, stranger.body]).toMatchObject([404, { resource_name: 'user' }]);
      const approved = await trustid('teacher', '/instructor/manual_approve_student', {
        exam_id: exam,
        email: 'late@ucy.test',
      });
      expect(approved.status).toBe(200);
      const poll = await trustid('late', '/student/check_verification_status', { exam_id: exam });
      expect(poll.body).toMatchObject({ message: 'Verified', resource_bool: true });
    });

    it('leaving is idempotent, and after it no frame is taken', async () => {
      for (let i = 0; i < 2; i++) {
        const left = await trustid('barack', '/update_exam_condition', { exam_id: exam, condition: 'Leave' });
        expect(left.status).toBe(200);
      }
      const frame = await trustid('barack', '/biometrics/monitoring_face/', {
        image: picture('obama/3.jpg'),
        exam_id: exam,
      });
      expect([frame.status, Object.keys(details(frame) as object)]).toEqual([400, ['exam_id']]);
    });

    it('a student takes their data along, and is erased', async () => {
      const exported = await probity(tokens['barack'], 'GET', '/users/me/export');
      expect(exported.status).toBe(200);
      expect(exported.text).toContain('barack@ucy.test');
      const erased = await probity(tokens['barack'], 'DELETE', '/users/me');
      expect([erased.status, erased.body]).toMatchObject([200, { eraseTime: expect.any(String) as string }]);
      expect((await trustid('barack', '/biometrics/list')).status).toBe(401);
      const gone = { email: 'barack@ucy.test', password: PASSWORD, organization: 'UCY' };
      expect((await trustid(null, '/login', gone)).status).toBe(401);
    });

    it('an access token ends after a quarter of an hour', async () => {
      expect((await trustid('teacher', '/instructor/list_exam')).status).toBe(200);
      ahead += 16 * 60_000;
      expect((await trustid('teacher', '/instructor/list_exam')).status).toBe(401);
    });

    it('the audit trail and the models are in order', async () => {
      const login = { organisation: 'UCY', email: running.admin.email, password: running.admin.password };
      const { body } = await probity(undefined, 'POST', '/login', login);
      const { accessToken } = body as { accessToken: string };
      expect((await probity(accessToken, 'GET', '/audit/verification')).body).toMatchObject({ intact: true });
      const { body: models } = await probity(accessToken, 'GET', '/models');
      expect((models as { models: { warm: boolean }[] }).models.every(({ warm }) => warm)).toBe(true);
      expect((await send(url('/readyz'), 'GET')).status).toBe(200);
    });
  });
});
