import { startApp, type RunningApp } from '../support/app.js';
import { describeWithModels } from '../support/faces.js';
import { send, type Answer } from '../http/support/facade.js';
import { connectSite, sign, STUDENT, TEACHER, type MoodleSite } from '../support/moodle-site.js';

const TEACHER_WHO_DECIDES = { sub: '3', email: TEACHER.email, name: 'Tess Tutor' };
const QUIZ = 'site/activities/quiz%3A12';

/** A Moodle with our plugin and a running service, over REST and nothing else. */
describeWithModels('a quiz in Moodle', () => {
  let running: RunningApp;
  let site: MoodleSite;
  beforeAll(async () => {
    running = await startApp({ PROBITY_PUBLIC_URL: 'https://probity.test' });
    site = await connectSite(running);
  });
  afterAll(() => running.stop());

  const ask = (method: string, path: string, token?: string, body?: unknown): Promise<Answer> =>
    send(`http://127.0.0.1:${running.httpPort}/probity/v1/${path}`, method, {
      ...(token !== undefined && { token }),
      ...(body !== undefined && { body }),
    });
  const reasonOf = ({ status, body }: Answer): [number, string] => [
    status,
    (body as { reason: string }).reason,
  ];

  test('its plugin finds the service, and itself', async () => {
    const { status, body } = await site.call('GET', 'site');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{
        organisation: 'UCY',
        connection: `lmsConnections/${site.connection}`,
        address: 'https://moodle.test',
      },
      ...{ publicUrl: 'https://probity.test', plugin: { minimumVersion: '0.1.0' } },
    });
  });

  test('a site is no person and a person no site; a token is good for one call', async () => {
    const student = await site.launch({ sub: '90', email: 'zoe@moodle.test' });
    expect(reasonOf(await ask('GET', 'site', student.accessToken))).toEqual([401, 'CREDENTIALS_MISSING']);
    for (const path of [
      'users/me',
      'exams/1/alerts',
      'consents',
      'lms-connections',
      'models',
      'users/me/export',
    ]) {
      expect(reasonOf(await site.call('GET', path))).toEqual([401, 'CREDENTIALS_MISSING']);
    }
    expect(reasonOf(await site.call('DELETE', 'users/me'))).toEqual([401, 'CREDENTIALS_MISSING']);
    const token = await sign('site', site, {});
    expect((await ask('GET', 'site', token)).status).toBe(200);
    expect(reasonOf(await ask('GET', 'site', token))).toEqual([401, 'TOKEN_INVALID']);
    const launch = await site.launchToken();
    expect((await ask('POST', 'launches', undefined, { token: launch })).status).toBe(201);
    expect(reasonOf(await ask('POST', 'launches', undefined, { token: launch }))).toEqual([
      401,
      'LAUNCH_USED',
    ]);
    expect(reasonOf(await ask('POST', 'launches', undefined, { token }))).toEqual([401, 'LAUNCH_INVALID']);
  });

  test('a student asks for approval, their teacher gives it, and the attempt begins and ends', async () => {
    const student = await site.launch();
    const students = `${QUIZ}/students`;
    expect((await site.call('GET', `${students}/5`)).body).toMatchObject({
      ...{ sub: '5', admitted: false, state: 'NOT_IDENTIFIED', reason: 'NOT_YET', revision: '0' },
    });
    const request = await site.call('POST', `${students}/5/approval-request`, { note: 'No camera.' });
    expect(request.body).toMatchObject({ admitted: false, approvalRequested: true });
    const approval = { approve: true, note: 'Seen.', actor: TEACHER_WHO_DECIDES };
    expect((await site.call('POST', `${students}/5/approval`, approval)).body).toMatchObject({
      ...{ admitted: true, state: 'APPROVED', reason: 'NONE', approvalRequested: false },
      revision: expect.stringMatching(/^\d{13}$/) as string,
    });
    const attempt = { activity: 'quiz:12', sub: '5', attempt: '77', time: new Date().toISOString() };
    expect((await site.call('POST', 'site/attempts', { ...attempt, event: 'STARTED' })).status).toBe(204);
    const joined = await running.app.core.proctoring.joinExam(
      { exam: `exams/${student.exam}` },
      { token: student.accessToken },
    );
    expect(joined.leaveTime).toBeUndefined();
    expect(reasonOf(await site.call('DELETE', 'site/people/5'))).toEqual([409, 'REFERENCE_IN_USE']);
    expect((await site.call('POST', 'site/attempts', { ...attempt, event: 'SUBMITTED' })).status).toBe(204);
    expect((await site.call('GET', students)).body).toMatchObject({
      students: expect.arrayContaining([
        expect.objectContaining({ sub: '5', displayName: 'Ada Byron', state: 'APPROVED', monitored: false }),
      ]) as unknown,
      nextPageToken: '',
    });
  });

  test('a student who never came is made known by the site itself, and approved then', async () => {
    const student = `${QUIZ}/students/7`;
    const approval = { approve: true, note: 'Seen.', actor: TEACHER_WHO_DECIDES };
    expect(reasonOf(await site.call('POST', `${student}/approval`, approval))).toEqual([
      ...[404, 'USER_NOT_FOUND'],
    ]);
    const token = await site.launchToken({ sub: '7', email: 'blaise@moodle.test' });
    expect((await site.call('POST', 'launches', { token })).status).toBe(201);
    expect((await site.call('POST', `${student}/approval`, approval)).body).toMatchObject({
      ...{ sub: '7', admitted: true, state: 'APPROVED' },
    });
  });

  test('the teacher sees the exam and its students, another teacher sees neither', async () => {
    const teacher = await site.launch(TEACHER);
    expect(teacher).toMatchObject({
      role: 'TEACHER',
      user: { role: 'INSTRUCTOR' },
      opener: 'https://moodle.test',
    });
    const elsewhere = { ...STUDENT.activity, id: 'quiz:99' };
    const other = await site.launch({
      ...TEACHER,
      sub: '4',
      email: 'other@moodle.test',
      activity: elsewhere,
    });
    const alerts = (token: string) => ask('GET', `exams/${teacher.exam}/alerts`, token);
    expect((await alerts(teacher.accessToken)).body).toEqual({ alerts: [], nextPageToken: '' });
    expect(reasonOf(await alerts(other.accessToken))).toEqual([404, 'EXAM_NOT_FOUND']);
    expect((await site.call('GET', `${QUIZ}/alerts?sub=5`)).body).toEqual({ alerts: [], nextPageToken: '' });
    const decision = { decision: 'DISMISSED', actor: TEACHER_WHO_DECIDES };
    const nothing = '11111111-1111-4111-8111-111111111111';
    expect(reasonOf(await site.call('POST', `${QUIZ}/alerts/${nothing}/review`, decision))).toEqual([
      ...[404, 'ALERT_NOT_FOUND'],
    ]);
  });

  test('what is wrong with a request is told by the names it was written with', async () => {
    const { status, body } = await site.call('POST', `${QUIZ}/students/x!/approval`, {
      ...{ approve: true, actor: { sub: '', email: 'nobody', name: '' } },
    });
    expect(status).toBe(400);
    expect((body as { fields: { field: string }[] }).fields.map(({ field }) => field).sort()).toEqual([
      ...['actor.email', 'actor.name', 'actor.sub', 'sub'],
    ]);
    const stranger = { activity: 'quiz:12', sub: '404', attempt: '1', event: 'STARTED' };
    expect(reasonOf(await site.call('POST', 'site/attempts', stranger))).toEqual([404, 'USER_NOT_FOUND']);
    expect(reasonOf(await site.call('POST', 'site/attempts', { ...stranger, event: 'PAUSED' }))[0]).toBe(400);
  });

  test('Moodle’s privacy: everything of somebody is exported, and erased', async () => {
    const person = { sub: '6', email: 'alan@moodle.test', givenName: 'Alan', familyName: 'Turing' };
    await site.launch(person);
    await site.call('POST', `${QUIZ}/students/6/approval-request`, { note: 'No camera at home.' });
    const document = JSON.stringify((await site.call('GET', 'site/people/6/export')).body);
    for (const held of ['alan@moodle.test', 'No camera at home.', 'https://moodle.test', 'lms.launched']) {
      expect(document).toContain(held);
    }
    const erased = await site.call('DELETE', 'site/people/6');
    expect(erased.body).toMatchObject({
      erased: { users: 1, lms_accounts: 1, enrolments: 1, verifications: 1 },
    });
    expect(reasonOf(await site.call('DELETE', 'site/people/6'))).toEqual([404, 'USER_NOT_FOUND']);
    expect((await site.call('GET', `${QUIZ}/students/6`)).body).toMatchObject({ state: 'NOT_IDENTIFIED' });
    // Who comes again is somebody new.
    expect((await site.launch(person)).user.email).toBe('alan@moodle.test');
  });
});
