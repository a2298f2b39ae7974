import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { z } from 'zod';
import { Client, sign, type Answer } from '../../examples/proctorexam/client.js';
import type { CallOptions } from '../../src/grpc/index.js';
import { RefreshPolicy } from '../../src/grpc/gen/probity/identity/v1/authentication_service.js';
import { Role } from '../../src/grpc/gen/probity/identity/v1/user_service.js';
import { systemClock } from '../../src/jobs/index.js';
import { families, send } from '../http/support/facade.js';
import { startApp, type RunningApp } from '../support/app.js';
import { databases } from '../support/databases.js';
import { describeWithModels } from '../support/faces.js';

/*
 * The whole service as an integration written for ProctorExam sees it: real signatures, both databases, and a second
 * façade in front of the same core, which it knows by gRPC alone.
 */

const PASSWORD = 'a long enough password';
const HOUR = 3_600_000;
const table = families().find(({ name }) => name === 'proctorexam')!;

/** How far the clock of the service is ahead, in milliseconds. */
let ahead = 0;
const clock = { ...systemClock, now: () => Date.now() + ahead };

type Method = Parameters<Client['send']>[0];
type Student = { id: number; status: string; email: string } & Record<string, unknown>;

describeWithModels('ProctorExam, whole', () => {
  describe.each(databases)('on $name', ({ place }) => {
    let running: RunningApp;
    let facade: RunningApp;
    let admin: CallOptions;
    let teacher: CallOptions;
    let client: Client;
    let key: { token: string; secret: string; apiKey: { name: string } };
    let exam: number;

    const url = (of: RunningApp = running): string => `http://127.0.0.1:${of.httpPort}`;
    const logIn = async (email: string, password: string, organisation = 'UCY'): Promise<CallOptions> => {
      const refreshPolicy = RefreshPolicy.REFRESH_POLICY_ROTATING;
      const request = { organisation: `organisations/${organisation}`, email, password, refreshPolicy };
      return { token: (await running.app.core.authentication.logIn(request)).accessToken };
    };
    const teach = async (who: CallOptions, email: string): Promise<string> => {
      const names = { givenName: 'A', familyName: 'B', password: PASSWORD };
      const request = { ...names, email, role: Role.ROLE_INSTRUCTOR };
      return (await running.app.core.users.createUser(request, who)).name;
    };
    /** A key as an administrator makes it, over REST. */
    const keyFor = async (who: CallOptions, user: string): Promise<typeof key> => {
      const { status, body } = await send(`${url()}/probity/v1/api-keys`, 'POST', {
        ...{ token: who.token!, body: { user, displayName: 'LMS' } },
      });
      expect(status).toBe(201);
      return body as typeof key;
    };
    const clientOf = ({ token, secret }: typeof key, of: RunningApp = running): Client =>
      new Client({ url: url(of), token, secret, now: clock.now });

    /** One request; the answer must be one that the row documents, and have no member that it does not list. */
    const call = async (
      method: Method,
      at: string,
      ids: Record<string, number> = {},
      parameters: Record<string, string | number | boolean> = {},
      by: Client = client,
    ): Promise<Answer> => {
      const answer = await by.send(method, at, ids, parameters);
      const row = table.operations.find((each) => each.path === at && each.method === method)!;
      const good = answer.status === row.status;
      if (!good) expect(row.errors).toContain(answer.status);
      const schema = good ? row.answer : table.documentedError(row, answer.status).schema;
      if (schema) expect((schema as z.ZodObject).parse(answer.body)).toEqual(answer.body);
      return answer;
    };
    const students = (answer: Answer): Student[] => (answer.body as { students: Student[] }).students;
    const student = (answer: Answer): Student => (answer.body as { student: Student }).student;
    const add = async (
      email: string,
      more: Record<string, string | number | boolean> = {},
    ): Promise<Student> => {
      const answer = await call(
        'POST',
        '/exams/:exam_id/student_sessions',
        { exam_id: exam },
        {
          ...{ name: `Student ${email[0]!}`, email, ...more },
        },
      );
      expect(answer.status).toBe(201);
      return student(answer);
    };
    const statusOf = async (id: number): Promise<string> =>
      student(await call('GET', '/student_sessions/:id', { id })).status;

    beforeAll(async () => {
      ahead = 0;
      const { databaseUrl } = await place();
      running = await startApp({ PROBITY_DATABASE_URL: databaseUrl }, { clock });
      admin = await logIn(running.admin.email, running.admin.password);
      const user = await teach(admin, 'teacher@ucy.test');
      teacher = await logIn('teacher@ucy.test', PASSWORD);
      key = await keyFor(admin, user);
      client = clientOf(key);
      facade = await startFacade();
    });
    afterAll(async () => {
      await facade.stop();
      await running.stop();
    });

    /** A process that has the role `http` alone. It knows of no first administrators. */
    async function startFacade(): Promise<RunningApp> {
      const dataDir = await mkdtemp(path.join(tmpdir(), 'probity-facade-'));
      await writeFile(path.join(dataDir, 'initial-admins.json'), '[]');
      const started = await startApp(
        {
          ...{ PROBITY_ROLES: 'http', PROBITY_DATA_DIR: dataDir },
          PROBITY_CORE_ADDRESS: `127.0.0.1:${running.grpcPort}`,
        },
        { clock },
      );
      return {
        ...started,
        async stop() {
          await started.stop();
          await rm(dataDir, { recursive: true });
        },
      };
    }

    it('an exam is made, shown, changed and listed', async () => {
      const start_time = new Date(clock.now() + 24 * HOUR).toISOString();
      const made = await call(
        'POST',
        '/exams',
        {},
        {
          ...{ name: 'Algebra', type: 'record_review', duration_minutes: 60, start_time, mobile_cam: true },
        },
      );
      expect(made.status).toBe(201);
      const { exam: shown } = made.body as { exam: { id: number; status: string } };
      exam = shown.id;
      expect(shown).toMatchObject({ name: 'Algebra', duration_minutes: 60, start_time, status: 'open' });
      expect((await call('GET', '/exams/:id', { id: exam })).body).toEqual(made.body);
      for (const [method, name] of [
        ['PATCH', 'Linear Algebra'],
        ['PUT', 'Linear Algebra II'],
      ] as const) {
        const changed = await call(method, '/exams/:id', { id: exam }, { name, duration_minutes: 90 });
        expect([changed.status, changed.body]).toMatchObject([200, { exam: { name, duration_minutes: 90 } }]);
      }
      const listed = await call(
        'GET',
        '/exams',
        {},
        { status: 'open', filter: '{"name":"Linear Algebra II"}' },
      );
      expect(listed.body).toMatchObject({ exams: [{ id: exam }] });
      expect((await call('GET', '/exams', {}, { status: 'closed' })).body).toEqual({ exams: [] });
    });

    it('students are added, shown and listed page by page', async () => {
      const ann = await add('ann@ucy.test', { external_id: 'lms-1', individual_info: 'Room 7' });
      expect(ann).toMatchObject({
        status: 'registered',
        exam_id: exam,
        external_id: 'lms-1',
        archived: false,
      });
      for (const name of ['bob', 'carol', 'dan']) await add(`${name}@ucy.test`);
      const twice = await call(
        'POST',
        '/exams/:exam_id/student_sessions',
        { exam_id: exam },
        {
          ...{ name: 'Ann', email: 'ANN@ucy.test' },
        },
      );
      expect([twice.status, twice.body]).toEqual([422, { email: ['has already been taken'] }]);

      const page = await call(
        'GET',
        '/exams/:exam_id/student_sessions',
        { exam_id: exam },
        {
          ...{ page: 2, limit: 3, sort: '[{"email":"desc"}]' },
        },
      );
      expect(students(page).map(({ email }) => email)).toEqual(['ann@ucy.test']);
      const headers = ['item-count', 'page-count', 'page', 'limit'].map((name) =>
        page.headers.get(`x-pagination-${name}`),
      );
      expect(headers).toEqual(['4', '2', '2', '3']);
      const found = await call('GET', '/student_sessions', {}, { filter: '{"external_id":{"eq":"lms-1"}}' });
      expect(students(found)).toEqual([student(await call('GET', '/student_sessions/:id', { id: ann.id }))]);
    });

    it('a student is changed, by PATCH and by PUT, and nobody’s e-mail is taken', async () => {
      const [ann, bob] = students(await call('GET', '/student_sessions', {}, { sort: '[{"email":"asc"}]' }));
      const sent = { name: 'Ann É. Student', skip_requirements: true, is_individual_info_html: 1 };
      for (const method of ['PATCH', 'PUT'] as const) {
        const changed = await call(method, '/student_sessions/:id', { id: ann!.id }, sent);
        expect([changed.status, student(changed)]).toMatchObject([
          200,
          { name: 'Ann É. Student', skip_requirements: true, is_individual_info_html: true },
        ]);
      }
      const taken = await call('PATCH', '/student_sessions/:id', { id: bob!.id }, { email: 'ann@ucy.test' });
      expect([taken.status, taken.body]).toEqual([422, { email: ['has already been taken'] }]);
      const moved = await call('PATCH', '/student_sessions/:id', { id: bob!.id }, { email: 'bert@ucy.test' });
      expect(student(moved)).toMatchObject({ id: bob!.id, email: 'bert@ucy.test' });
      const nobody = await call('PATCH', '/student_sessions/:id', { id: 999 }, { name: 'x' });
      expect([nobody.status, nobody.body]).toEqual([
        404,
        { error: "Couldn't find Student Session with 'id'=999" },
      ]);
    });

    it('a student is in the exam when it opens for them, and stays on record', async () => {
      const { core } = running.app;
      const opens = clock.now() + HOUR;
      const late = await add('late@ucy.test', { open_time: Math.floor(opens / 1000) });
      const id = late.id;
      // The account has no password: an administrator gives it one.
      const { users } = await core.users.listUsers({ pageSize: 0, pageToken: '' }, admin);
      const { name } = users.find(({ email }) => email === 'late@ucy.test')!;
      await core.users.setPassword({ name, currentPassword: '', newPassword: PASSWORD }, admin);
      const sitter = await logIn('late@ucy.test', PASSWORD);
      await core.exams.startExam({ name: `exams/${exam}` }, teacher);
      await core.identification.approveStudent({ exam: `exams/${exam}`, email: 'late@ucy.test' }, teacher);
      expect(await statusOf(id)).toBe('in_setup');
      const join = () => core.proctoring.joinExam({ exam: `exams/${exam}` }, sitter);
      await expect(join()).rejects.toMatchObject({ reason: 'EXAM_STATE' });
      const now = await call('PATCH', '/student_sessions/:id', { id }, { open_time: clock.now() - 1000 });
      expect(now.status).toBe(200);
      await join();
      expect(await statusOf(id)).toBe('exam_started');
      const started = await call('GET', '/student_sessions', {}, { filter: '{"status":"exam_started"}' });
      expect(students(started).map((each) => each.id)).toEqual([id]);
      const deleted = await call('DELETE', '/student_sessions/:id', { id });
      expect([deleted.status, deleted.body]).toEqual([
        422,
        { base: ['The student has joined the exam, or has an attempt in the course site.'] },
      ]);
      await core.proctoring.leaveExam({ exam: `exams/${exam}` }, sitter);
      expect(await statusOf(id)).toBe('exam_finished');
      expect((await call('PATCH', '/exams/:id', { id: exam }, { name: 'x' })).status).toBe(422);
      expect((await call('DELETE', '/exams/:id', { id: exam })).status).toBe(422);
    });

    it('a student who did not come, and an exam that never began, are deleted', async () => {
      const dan = students(
        await call('GET', '/student_sessions', {}, { filter: '{"email":"dan@ucy.test"}' }),
      );
      const id = dan[0]!.id;
      expect(await call('DELETE', '/student_sessions/:id', { id })).toMatchObject({
        status: 204,
        body: undefined,
      });
      expect((await call('GET', '/student_sessions/:id', { id })).status).toBe(404);
      const made = await call(
        'POST',
        '/exams',
        {},
        {
          ...{ name: 'None', type: 'demo', duration_minutes: 5, start_time: Math.floor(clock.now() / 1000) },
        },
      );
      const other = (made.body as { exam: { id: number } }).exam.id;
      expect((await call('DELETE', '/exams/:id', { id: other })).status).toBe(204);
      const gone = await call('GET', '/exams/:id', { id: other });
      expect([gone.status, gone.body]).toEqual([404, { error: `Couldn't find Exam with 'id'=${other}` }]);
    });

    it('what another organisation or another teacher has is not there', async () => {
      const foreign = running.admins.find(({ organisation }) => organisation === 'UC')!;
      const elsewhere = await logIn(foreign.email, foreign.password, 'UC');
      const strangers = [
        clientOf(await keyFor(admin, await teach(admin, 'other@ucy.test'))),
        clientOf(await keyFor(elsewhere, 'users/me')),
      ];
      for (const stranger of strangers) {
        for (const [method, at] of [
          ['GET', '/student_sessions/:id'],
          ['PATCH', '/student_sessions/:id'],
          ['DELETE', '/student_sessions/:id'],
          ['GET', '/exams/:id'],
          ['DELETE', '/exams/:id'],
        ] as const) {
          expect([at, (await call(method, at, { id: 1 }, {}, stranger)).status]).toEqual([at, 404]);
        }
        expect(students(await call('GET', '/student_sessions', {}, {}, stranger))).toEqual([]);
      }
      // An administrator's key sees the organisation.
      const all = clientOf(await keyFor(admin, 'users/me'));
      expect(students(await call('GET', '/student_sessions', {}, {}, all)).length).toBeGreaterThan(3);
    });

    it('a signature is good once, on whichever façade, for what was signed, for five minutes', async () => {
      const request = (change: object = {}, at = clock.now(), nonce = 424_242): object => {
        const parameters = { nonce, timestamp: at, name: 'Ann' };
        return { ...parameters, signature: sign(key.secret, { ...parameters, id: 1 }), ...change };
      };
      const patch = async (body: object, of = running): Promise<number> => {
        const headers = { authorization: `Token token=${key.token}` };
        const answer = await send(`${url(of)}/api/v3/student_sessions/1`, 'PATCH', { body, headers });
        if (answer.status === 403) {
          expect(answer.body).toEqual({ error: 'You are not authorized to access this page.' });
        }
        return answer.status;
      };
      expect(await patch(request({ name: 'Eve' }))).toBe(403);
      expect(await patch(request({}, clock.now() - 6 * 60_000))).toBe(403);
      expect(await patch(request({}, clock.now() + 6 * 60_000))).toBe(403);
      expect(await patch(request())).toBe(200);
      expect(await patch(request())).toBe(403);
      expect(await patch(request(), facade)).toBe(403);
      expect(await patch(request({}, clock.now(), 424_243), facade)).toBe(200);
      expect(await patch(request({}, clock.now(), 424_243))).toBe(403);
      expect(await patch(request({ name: 'Ann?nonce=1' }))).toBe(422);
      ahead += 24 * HOUR;
      expect(await patch(request())).toBe(200);
    });

    it('the façade of another process serves the same', async () => {
      const there = clientOf(key, facade);
      const answer = await call('GET', '/student_sessions/:id', { id: 1 }, {}, there);
      expect(answer.body).toEqual((await call('GET', '/student_sessions/:id', { id: 1 })).body);
      const odd = await call('PATCH', '/student_sessions/:id', { id: 1 }, { email: 'nobody' }, there);
      expect([odd.status, Object.keys(odd.body as object)]).toEqual([422, ['email']]);
    });

    it('a key that is revoked opens nothing any more', async () => {
      // The administrator's own token has ended by this clock.
      const again = await logIn(running.admin.email, running.admin.password);
      const at = key.apiKey.name.replace('apiKeys/', '/probity/v1/api-keys/');
      const { status, body } = await send(`${url()}${at}`, 'DELETE', { token: again.token! });
      expect([status, body]).toMatchObject([200, { revokeTime: expect.any(String) as string }]);
      const list = await send(`${url()}/probity/v1/api-keys`, 'GET', { token: again.token! });
      expect(JSON.stringify(list.body)).not.toContain(key.secret);
      const refused = await call('GET', '/exams');
      expect([refused.status, refused.body]).toEqual([401, { error: 'HTTP Token: Access denied.' }]);
    });
  });
});
