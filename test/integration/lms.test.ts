import { Writable } from 'node:stream';
import pino from 'pino';
import { startFakeLms, type FakeLms } from '../../scripts/fake-lms/server.js';
import { TEACHER } from '../../scripts/fake-lms/site.js';
import { startApp, type RunningApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { describeWithModels } from '../support/faces.js';

const PASSWORD = 'a long enough password';

interface Body {
  message: string;
  resource_name: string;
  resource_array: { moodle_course_id: string; moodle_course_name: string; enrolled_students: unknown[] }[];
  resource_obj: { access: string };
}

describeWithModels('from a Moodle into an exam, over REST', () => {
  let fake: FakeLms;
  let running: RunningApp;
  let url: string;
  const logged: string[] = [];
  const sink = new Writable({
    write(line: Buffer, _encoding, done) {
      logged.push(line.toString());
      done();
    },
  });
  beforeAll(async () => {
    fake = await startFakeLms();
    running = await startApp(
      {
        PROBITY_REGISTRATION: 'open',
        PROBITY_OUTBOUND: 'yes',
        PROBITY_OUTBOUND_ALLOW: '127.0.0.1',
      },
      { log: pino({ level: 'debug' }, sink) },
    );
    url = `http://127.0.0.1:${running.httpPort}`;
  });
  afterAll(async () => {
    await running.stop();
    await fake.close();
  });

  const send = async (method: string, path: string, token?: string, body?: unknown) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      body: (text === '' ? {} : JSON.parse(text)) as Body & Record<string, unknown>,
    };
  };
  const logIn = async (email: string, password: string): Promise<string> => {
    const login = await send('POST', '/login', undefined, { email, password, organization: 'UCY' });
    return login.body.resource_obj.access;
  };

  it('an administrator connects, a teacher finds their courses and enrols a course’s students', async () => {
    const admin = await logIn(running.admin.email, running.admin.password);
    await send('POST', '/register_user', undefined, {
      ...{ email: TEACHER, name: 'Tess', surname: 'Example', password: PASSWORD },
      ...{ organization: 'UCY', role: 'INSTRUCTOR' },
    });
    const teacher = await logIn(TEACHER, PASSWORD);
    const courses = () => send('GET', '/instructor/moodle_information', teacher);

    expect(await courses()).toEqual({
      status: 404,
      body: {
        message: 'No learning management system is connected that may be asked. An ADMIN connects one.',
        resource_name: 'moodle',
        resource_str: '',
      },
    });
    const connect = (token: string) =>
      send('POST', '/probity/v1/lms-connections', admin, {
        ...{ kind: 'MOODLE', displayName: 'Moodle', address: fake.url, token },
      });
    const wrong = await connect('wrong-token');
    expect(wrong.status).toBe(201);
    expect(await courses()).toEqual({
      status: 403,
      body: { message: 'Moodle does not know the token, or it has expired.' },
    });
    const id = String(wrong.body['name']).split('/')[1]!;
    expect((await send('DELETE', `/probity/v1/lms-connections/${id}`, admin)).status).toBe(204);
    expect((await connect('fake-token')).status).toBe(201);
    fake.trouble = 'maintenance';
    expect(await courses()).toEqual({ status: 503, body: { message: 'Moodle is under maintenance.' } });
    fake.trouble = 'none';

    const found = await courses();
    expect(found.status).toBe(200);
    expect(found.body.resource_array.map((course) => course.moodle_course_name)).toEqual([
      'Algebra 101',
      'Logic 200',
    ]);
    const [algebra] = found.body.resource_array;
    expect(algebra).toMatchObject({
      moodle_course_id: '2',
      enrolled_students: [
        { name: 'Ada', surname: 'Example', email: 'ada@ucy.test' },
        { name: 'Alan', surname: 'Example', email: 'alan@ucy.test' },
      ],
    });

    await send('POST', '/instructor/add_exam', teacher, {
      ...{ name: 'Algebra', exam_type: 'Written', duration: 60, privacy_policy: '' },
      scheduled_date: '2030-01-31T09:00:00Z',
    });
    const sync = () =>
      send('POST', '/instructor/sync_courses_exams', teacher, {
        details: { exam_id: 1, students: algebra!.enrolled_students },
      });
    expect((await sync()).body.message).toBe('2 students were enrolled, 2 of them new.');
    // Once more changes nothing, and nobody is removed.
    expect((await sync()).body.message).toBe('0 students were enrolled, 0 of them new.');
    const exams = await send('GET', '/instructor/list_exam', teacher);
    expect(exams.body.resource_array[0]!.enrolled_students).toHaveLength(2);
  });

  it('exams follow the Moodle: an administrator says which, asks for a run, and reads what it did', async () => {
    const admin = await logIn(running.admin.email, running.admin.password);
    const { body } = await send('GET', '/probity/v1/lms-connections', admin);
    const [connection] = body['connections'] as { name: string }[];
    const path = `/probity/v1/lms-connections/${connection!.name.split('/')[1]!}`;
    const settings = { schedule: '', watch: 'COURSES', courseIds: ['2'], graceDays: 7 };
    const daily = await send('PUT', `${path}/sync-settings`, admin, { ...settings, schedule: 'daily' });
    expect([daily.status, (daily.body['fields'] as { field: string }[])[0]!.field]).toEqual([
      400,
      'schedule',
    ]);
    expect(await send('PUT', `${path}/sync-settings`, admin, settings)).toEqual({
      status: 200,
      body: { ...settings, nextTime: null },
    });
    const asked = await send('POST', `${path}/syncs`, admin);
    expect([asked.status, asked.body['state']]).toEqual([201, 'RUNNING']);
    await eventually(
      async () => {
        const runs = (await send('GET', `${path}/syncs`, admin)).body['syncs'];
        expect(runs).toMatchObject([
          { name: asked.body['name'], state: 'DONE', mode: 'FULL', coursesDone: 4 },
        ]);
      },
      { withinMs: 60_000 },
    );
    const run = String(asked.body['name']).split('/')[3]!;
    const report = await send('GET', `${path}/syncs/${run}/changes?pageSize=1000`, admin);
    expect(report.body['changes']).toContainEqual({
      ...{ kind: 'EXAM', action: 'ADDED', reason: 'LISTED', courseId: '2', externalId: 'quiz:1', count: 4 },
      ...{ detail: 'Midterm exam', findTime: expect.any(String) as string },
    });
    const activities = (await send('GET', `${path}/activities`, admin)).body['activities'];
    expect(activities).toContainEqual({
      ...{ activityId: 'quiz:1', courseId: '2', displayName: 'Midterm exam', visible: true, watched: true },
      ...{ openTime: '2026-11-18T11:06:40.000Z', closeTime: '2026-11-18T12:06:40.000Z', limitSeconds: 3_600 },
    });
    expect((await send('GET', `${path}/courses`, admin)).body['courses']).toHaveLength(4);
  });

  it('no token of an LMS is in the log, nor what a site says of its user', () => {
    const text = logged.join('');
    expect(text).toContain('instructorMoodleInformationList');
    for (const secret of ['fake-token', 'wrong-token', 'a-private-key-of-the-user'])
      expect(text).not.toContain(secret);
  });
});
