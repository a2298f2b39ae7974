import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { makeSite, TEACHER } from '../../scripts/fake-lms/site.js';
import { startFakeLms, type FakeLms, type Trouble } from '../../scripts/fake-lms/server.js';
import type { LmsError } from '../../src/lms/capabilities.js';
import { moodle, moodleWebService } from '../../src/lms/moodle/index.js';
import { createOutbound, type Outbound, type OutboundOptions } from '../../src/outbound/index.js';

const signal = new AbortController().signal;
const SITE = 'The Moodle';
const NOBODY =
  'REFUSED: The Moodle shows nobody with your e-mail: ' +
  'either you are not there, or the token lacks the right to see e-mails.';

interface Recorded {
  request: { form: Record<string, string> };
  status: number;
  response: unknown;
}

/** What a real Moodle 4.5.6 was asked and answered. */
const recorded = (name: string): Recorded =>
  JSON.parse(readFileSync(path.join(__dirname, '../fixtures/moodle', `${name}.json`), 'utf8')) as Recorded;
const bodyOf = ({ response }: Recorded): string => {
  const raw = (response as { __raw__?: string }).__raw__;
  return raw ?? JSON.stringify(response);
};

let fake: FakeLms;
let outbound: Outbound;
beforeEach(async () => {
  fake = await startFakeLms();
  outbound = createOutbound({ enabled: true, allow: ['127.0.0.1'], retryDelayMs: 1 });
});
afterEach(async () => {
  await outbound.close();
  await fake.close();
});

const connect = (token = 'fake-token', options: Partial<OutboundOptions> = {}) => {
  const client = createOutbound({ enabled: true, allow: ['127.0.0.1'], retryDelayMs: 1, ...options });
  return moodle(moodleWebService(client, { displayName: SITE, address: fake.url, token }), SITE);
};
const failureOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'OK',
    (error: unknown) => `${(error as LmsError).failure}: ${(error as LmsError).message}`,
  );

describe('the courses of a teacher', () => {
  it('are those they teach, with who is enrolled now, by e-mail', async () => {
    expect(await connect().courses.taughtBy(TEACHER.toUpperCase(), signal)).toEqual([
      {
        id: '2',
        name: 'Algebra 101',
        // Without the teachers, the suspended enrolment and the deleted account.
        students: [
          { email: 'ada@ucy.test', givenName: 'Ada', familyName: 'Example' },
          { email: 'alan@ucy.test', givenName: 'Alan', familyName: 'Example' },
        ],
      },
      { id: '9', name: 'Logic 200', students: expect.arrayContaining([]) as unknown },
    ]);
  });

  it('of a student are none; whoever is not shown may only be hidden', async () => {
    expect(await connect().courses.taughtBy('ada@ucy.test', signal)).toEqual([]);
    expect(await failureOf(connect().courses.taughtBy('nobody@ucy.test', signal))).toBe(NOBODY);
    fake.site.accounts.find(({ email }) => email === TEACHER)!.suspended = true;
    expect(await failureOf(connect().courses.taughtBy(TEACHER, signal))).toBe(NOBODY);
  });

  it.each([499, 500, 1203])('are read page by page to the end: %i students', async (manyStudents) => {
    fake.site = makeSite({ manyStudents });
    const courses = await connect().courses.taughtBy(TEACHER, signal);
    const logic = courses.find(({ id }) => id === '9')!;
    expect(new Set(logic.students.map(({ email }) => email)).size).toBe(manyStudents);
    const pages = Math.floor((manyStudents + 1) / 500) + 1;
    const asked = fake.called.filter((name) => name === 'core_enrol_get_enrolled_users');
    // One each for Algebra and History.
    expect(asked).toHaveLength(pages + 2);
  });

  it('of a site that ignores paging are an error, not an endless loop', async () => {
    fake.site = makeSite({ manyStudents: 1203 });
    fake.trouble = 'no paging';
    expect(await failureOf(connect().courses.taughtBy(TEACHER, signal))).toBe(
      'UNAVAILABLE: The Moodle does not come to the end of the people in a course.',
    );
  });

  it('are not asked for further once the caller has gone', async () => {
    const gone = AbortSignal.abort(new Error('the caller hung up'));
    await expect(connect().courses.taughtBy(TEACHER, gone)).rejects.toThrow('the caller hung up');
    expect(fake.called).toEqual([]);
  });
});

describe('what a token may do', () => {
  const report = (token?: string) => connect(token).report(signal);

  it('is told by capability', async () => {
    expect(await report()).toEqual({
      siteName: 'Moodle of nowhere',
      version: '4.5.6 (Build: 20250811)',
      missing: { COURSES: [] },
    });
    expect((await report('fake-token-of-small-service')).missing.COURSES).toEqual([
      'core_user_get_users_by_field',
      'core_enrol_get_users_courses',
      'core_enrol_get_enrolled_users',
    ]);
  });

  it.each([
    ['unknown', 'REFUSED: The Moodle does not know the token, or it has expired.'],
    ['fake-token-of-suspended', 'REFUSED: The Moodle has suspended the user of the token.'],
    [
      'fake-token-of-small-service',
      'REFUSED: The Moodle does not let the token call core_user_get_users_by_field: ' +
        'its service, its address or its time excludes it.',
    ],
    // Moodle says nothing at all where a right is missing.
    ['fake-token-without-rights', NOBODY],
    ['fake-token-without-emails', NOBODY],
  ])('is told in words: %s', async (token, told) => {
    expect(await failureOf(connect(token).courses.taughtBy(TEACHER, signal))).toBe(told);
  });

  it('a course whose e-mails are hidden is not a course without students', async () => {
    for (const account of fake.site.accounts) if (account.id !== 3) account.email = 'hidden';
    expect(await failureOf(connect().courses.taughtBy(TEACHER, signal))).toBe(
      'REFUSED: The Moodle does not let the user of the token see e-mails of “Algebra 101”.',
    );
  });
});

describe('a site in trouble', () => {
  it.each<[Trouble, string]>([
    ['maintenance', 'UNAVAILABLE: The Moodle is under maintenance.'],
    ['rest off', 'REFUSED: The Moodle has its web services, or REST, switched off.'],
    ['broken', 'UNAVAILABLE: The Moodle answers something that is no JSON.'],
  ])('%s', async (trouble, told) => {
    fake.trouble = trouble;
    expect(await failureOf(connect().report(signal))).toBe(told);
  });

  it('moved elsewhere: nobody follows with the token', async () => {
    fake.trouble = 'redirect';
    expect(await failureOf(connect().report(signal))).toMatch(
      /^REFUSED: The Moodle is not called\. .*redirect/,
    );
    expect(fake.called).toHaveLength(1);
  });

  it('gone', async () => {
    await fake.close();
    expect(await failureOf(connect().report(signal))).toMatch(/^UNAVAILABLE: The Moodle gives no answer\./);
    fake = await startFakeLms();
  });

  it('that may not be called', async () => {
    expect(await failureOf(connect('fake-token', { enabled: false }).report(signal))).toMatch(
      /^REFUSED: The Moodle is not called\. .*PROBITY_OUTBOUND is off/,
    );
    expect(await failureOf(connect('fake-token', { allow: [] }).report(signal))).toMatch(
      /^REFUSED: The Moodle is not called\. .*PROBITY_OUTBOUND_ALLOW/,
    );
    expect(fake.called).toEqual([]);
  });

  it('of which the address is another page', async () => {
    const client = moodleWebService(outbound, {
      ...{ displayName: SITE, address: `${fake.url}/elsewhere`, token: 'fake-token' },
    });
    expect(await failureOf(moodle(client, SITE).report(signal))).toBe(
      'REFUSED: The Moodle has no Moodle web service at its address.',
    );
  });
});

it('a token travels in the body of a request and nowhere else', async () => {
  await connect().courses.taughtBy(TEACHER, signal);
  expect(fake.seen.length).toBeGreaterThan(3);
  expect(fake.seen.join()).not.toContain('fake-token');
});

describe('as recorded of a real Moodle', () => {
  /** The product, on a site that answers what was recorded, whatever it is asked. */
  const replaying = (name: string) => {
    const record = recorded(name);
    const answer = { status: record.status, headers: {}, body: Buffer.from(bodyOf(record)) };
    const request = { request: () => Promise.resolve(answer) };
    return moodleWebService(request, { displayName: SITE, address: 'https://moodle.test', token: 'x' });
  };

  it.each([
    ['err_invalidtoken', 'REFUSED: The Moodle does not know the token, or it has expired.'],
    ['err_user_suspended', 'REFUSED: The Moodle has suspended the user of the token.'],
    [
      'err_not_in_service',
      'REFUSED: The Moodle does not let the token call f: its service, its address or its time excludes it.',
    ],
    ['err_nonexistent_course', 'REFUSED: The Moodle refuses f: invalidrecord.'],
    [
      'nocaps_enrolled',
      'REFUSED: The Moodle does not let the user of the token see a course that f asks for.',
    ],
    ['err_ws_disabled', 'REFUSED: The Moodle has its web services, or REST, switched off.'],
    ['err_maintenance', 'UNAVAILABLE: The Moodle is under maintenance.'],
  ])('%s', async (name, told) => {
    expect(await failureOf(replaying(name)('f', {}, z.unknown(), signal))).toBe(told);
  });

  it('its site is read', async () => {
    const report = await moodle(replaying('site_info'), SITE).report(signal);
    expect(report).toEqual({
      siteName: 'Research Moodle',
      version: '4.5.6 (Build: 20250811)',
      missing: { COURSES: [] },
    });
  });

  it('its people are read', async () => {
    const answers: Record<string, string> = {
      core_user_get_users_by_field: 'users_by_field',
      core_enrol_get_users_courses: 'users_courses',
      core_enrol_get_enrolled_users: 'enrolled_page1',
    };
    const call: ReturnType<typeof moodleWebService> = (name, parameters, answer, given) =>
      replaying(answers[name]!)(name, parameters, answer, given);
    // In what was recorded, this account is a student: nothing is taught.
    expect(await moodle(call, SITE).courses.taughtBy('student1@example.invalid', signal)).toEqual([]);
  });

  it.each([
    ['site_info', 'fake-token'],
    ['users_by_field', 'fake-token'],
    ['users_courses', 'fake-token'],
    ['enrolled_page1', 'fake-token'],
    ['nocaps_users_by_field', 'fake-token-without-rights'],
    ['nocaps_users_courses', 'fake-token-without-rights'],
    ['nocaps_enrolled', 'fake-token-without-rights'],
    ['err_invalidtoken', 'unknown'],
    ['err_nonexistent_course', 'fake-token'],
    ['err_user_suspended', 'fake-token-of-suspended'],
  ])('the fake answers it alike: %s', async (name, token) => {
    const { request, status, response } = recorded(name);
    const form: Record<string, string> = { ...request.form, wstoken: token };
    if (form['field']) form['values[0]'] = 'ada@ucy.test';
    if (form['courseid'] === '3') form['courseid'] = '2';
    const answer = await fetch(`${fake.url}/webservice/rest/server.php`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    expect(answer.status).toBe(status);
    const body: unknown = await answer.json();
    const isList = Array.isArray(response);
    expect(Array.isArray(body)).toBe(isList);
    const real = (isList ? (response as unknown[])[0] : response) as Record<string, unknown> | undefined;
    const ours = (isList ? (body as unknown[])[0] : body) as Record<string, unknown> | undefined;
    // Nothing that a real Moodle does not say, and each of its members of the same kind.
    expect(ours === undefined).toBe(real === undefined);
    for (const [key, value] of Object.entries(ours ?? {}))
      expect([key, typeof value]).toEqual([key, typeof real![key]]);
    if (ours && 'errorcode' in ours) expect(ours['errorcode']).toBe(real!['errorcode']);
  });
});
