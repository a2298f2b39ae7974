import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { makeSite, TEACHER } from '../../scripts/fake-lms/site.js';
import type { Capability as FakeRight } from '../../scripts/fake-lms/call.js';
import { startFakeLms, tokenWithout, type FakeLms, type Trouble } from '../../scripts/fake-lms/server.js';
import type { Capability, LmsError } from '../../src/lms/capabilities.js';
import { moodle, moodleWebService, type WebService } from '../../src/lms/moodle/index.js';
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
  const report = async (token?: string) => (await connect(token).report(signal)).capabilities;
  const of = (reports: Awaited<ReturnType<typeof report>>, capability: Capability) =>
    reports.find((each) => each.capability === capability)!;

  it('is told by capability, each of which was tried', async () => {
    fake.site.plugin = true;
    const reports = await report();
    expect(reports.map(({ capability, usable }) => [capability, usable])).toEqual([
      ['COURSES', true],
      ['PEOPLE', true],
      ['GROUPS', true],
      ['EXAMS', true],
      ['OVERRIDES', true],
      ['CHANGES', true],
      // Trying would change something.
      ['ADMISSION', null],
    ]);
    expect(
      reports.flatMap(({ missingFunctions, missingRights }) => [...missingFunctions, ...missingRights]),
    ).toEqual([]);
    expect(fake.called.filter((name) => /save|set_/.test(name))).toEqual([]);
  });

  it('without the plugin there is no change feed', async () => {
    expect(of(await report(), 'CHANGES')).toMatchObject({
      usable: false,
      missingFunctions: ['quizaccess_probity_get_changes'],
    });
  });

  it('functions that the service lacks are named', async () => {
    expect(of(await report('fake-token-of-small-service'), 'PEOPLE')).toEqual({
      ...{ capability: 'PEOPLE', usable: false, missingRights: [] },
      missingFunctions: ['core_enrol_get_enrolled_users', 'core_user_get_users_by_field'],
      explanation: 'The service of the token lacks functions.',
    });
  });

  it.each<[FakeRight, Capability, string[]]>([
    ['moodle/course:view', 'PEOPLE', ['moodle/course:view']],
    ['moodle/course:enrolreview', 'PEOPLE', ['moodle/course:enrolreview']],
    ['moodle/user:viewdetails', 'PEOPLE', ['moodle/course:view', 'moodle/user:viewdetails']],
    ['moodle/site:viewuseridentity', 'PEOPLE', ['moodle/site:viewuseridentity']],
    ['mod/quiz:view', 'EXAMS', ['moodle/course:view', 'mod/quiz:view', 'mod/assign:view']],
    ['mod/assign:view', 'EXAMS', ['moodle/course:view', 'mod/quiz:view', 'mod/assign:view']],
    ['quizaccess/probity:sync', 'CHANGES', ['quizaccess/probity:sync']],
  ])('without %s, %s names what may be missing', async (right, capability, rights) => {
    fake.site.plugin = true;
    fake.tokens['x'] = tokenWithout(right);
    expect(of(await report('x'), capability)).toMatchObject({ usable: false, missingRights: rights });
  });

  it('without the right to see exceptions, that one is named', async () => {
    fake.tokens['x'] = tokenWithout('mod/quiz:viewoverrides', 'mod/quiz:manageoverrides');
    expect(of(await report('x'), 'OVERRIDES')).toMatchObject({
      usable: false,
      missingRights: ['mod/quiz:viewoverrides'],
    });
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

describe('what the plugin is told', () => {
  const state = (revision: bigint, admitted = true) => ({
    ...{ activityId: 'quiz:1', personId: '4', admitted, state: 'IDENTIFIED', reason: 'NONE', revision },
  });

  it('are states, of which an older one changes nothing', async () => {
    fake.site.plugin = true;
    const { integration } = connect();
    expect(await integration.setAdmission([state(2n)], signal)).toBe(1);
    expect(await integration.setAdmission([state(1n, false), state(2n, false)], signal)).toBe(0);
    expect(fake.site.states.get('1/4')).toEqual({
      ...{ admitted: true, state: 'IDENTIFIED', reason: 'NONE', revision: 2n },
    });
    expect(await integration.setAdmission([], signal)).toBe(0);
  });

  it('go in requests of a hundred', async () => {
    fake.site.plugin = true;
    const states = Array.from({ length: 250 }, (_, n) => ({ ...state(1n), personId: String(n + 1) }));
    expect(await connect().integration.setAdmission(states, signal)).toBe(250);
    expect(fake.called).toHaveLength(3);
  });
});

describe('what a sync reads', () => {
  it('courses, without the front page, hidden ones too', async () => {
    const { found, refused } = await connect().courses.list(null, signal);
    expect(found.map(({ id, visible }) => [id, visible])).toEqual([
      ['2', true],
      ['9', true],
      ['10', true],
      ['11', false],
    ]);
    expect(refused).toEqual([]);
    expect((await connect().courses.list(['9', '404'], signal)).found.map(({ name }) => name)).toEqual([
      'Logic 200',
    ]);
  });

  it('people with active enrolments, their roles and groups; who is suspended in the site is asked', async () => {
    fake.site.courses[0]!.enrolments.push({ userId: 2, role: 'manager', suspended: false });
    fake.site.courses[0]!.groups[0]!.userIds.push(2);
    const { members, groups, unusable, others } = await connect().people.ofCourse('2', signal);
    expect(members.map(({ id, role, groups: theirs }) => [id, role, theirs])).toEqual([
      ['3', 'TEACHER', []],
      ['4', 'STUDENT', ['1']],
      ['5', 'STUDENT', ['2']],
      ['8', 'TEACHER', []],
    ]);
    expect(groups).toEqual([
      { id: '1', name: 'Group A' },
      { id: '2', name: 'Group B' },
    ]);
    expect([unusable, others]).toEqual([[], [{ id: '2', groups: ['1'] }]]);
    fake.site.accounts.find(({ id }) => id === 5)!.suspended = true;
    expect(await connect().people.suspended(['4', '5', '7'], signal)).toEqual(new Set(['5']));
  });

  it('who is listed without an e-mail is named; accounts that are not shown are a refusal', async () => {
    const blind = connect('fake-token-without-emails');
    expect(await blind.people.ofCourse('2', signal)).toMatchObject({
      members: [],
      unusable: ['3', '4', '5', '7', '8'],
    });
    expect(await failureOf(blind.people.suspended(['4'], signal))).toBe(
      'REFUSED: The Moodle does not let the user of the token see accounts.',
    );
  });

  it('quizzes and assignments with their times; courses that do not show them', async () => {
    const { found, refused } = await connect().exams.ofCourses(['2', '404'], signal);
    expect(refused).toEqual(['404']);
    expect(found.map(({ id, times }) => [id, times.limitMs, times.closesAt])).toEqual([
      ['assign:1', 0, 1_795_518_400_000],
      ['quiz:1', 3_600_000, 1_795_003_600_000],
      ['quiz:2', 0, 0],
    ]);
    fake.tokens['x'] = tokenWithout('mod/quiz:view');
    expect((await connect('x').exams.ofCourses(['2'], signal)).refused).toEqual(['2']);
  });

  it('on which quizzes the plugin is', async () => {
    const { exams } = connect();
    const { found } = await exams.ofCourses(['2'], signal);
    const watched = async () => Promise.all(found.map((each) => exams.watched(each, signal)));
    expect(await watched()).toEqual([false, false, false]);
    fake.site.plugin = true;
    expect(await watched()).toEqual([false, true, false]);
  });

  it('each student’s own times; none where the service has an exception itself', async () => {
    const { exams } = connect();
    const { found } = await exams.ofCourses(['2'], signal);
    const midterm = found.find(({ id }) => id === 'quiz:1')!;
    const timesOf = await exams.times(midterm, { id: '2', groups: [] }, signal);
    expect(timesOf({ id: '5', groups: ['2'] }).limitMs).toBe(5_400_000);
    expect(timesOf({ id: '4', groups: ['1'] }).closesAt).toBe(1_795_007_200_000);
    expect(await failureOf(exams.times(midterm, { id: '2', groups: ['1'] }, signal))).toBe(
      'REFUSED: The Moodle does not tell the times of “Midterm exam”: the user of the token is in an exception of it, ' +
        'so that the site tells those times as everybody’s.',
    );
  });

  it('what changed, page by page', async () => {
    fake.site.plugin = true;
    fake.site.courses[1]!.changed = 1_795_000_500;
    const changes = await connect().integration.changes(1_795_000_001, '', signal);
    expect(changes).toEqual({ time: expect.any(Number) as number, more: false, courseIds: ['9'] });
    expect((await connect().integration.changes(0, '9', signal)).courseIds).toEqual(['10', '11']);
  });

  it('nothing is believed of a site that no longer shows whom it has shown', async () => {
    expect(await connect().probe([], signal)).toEqual({ serviceUserId: '2', tellsChanges: false });
    expect(await failureOf(connect('fake-token-without-rights').probe(['4'], signal))).toMatch(
      /^REFUSED: .*accounts/,
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
    const call: WebService = (name, parameters, answer, given) =>
      replaying(name === 'core_webservice_get_site_info' ? 'site_info' : 'err_not_in_service')(
        ...([name, parameters, answer, given] as const),
      );
    const report = await moodle(call, SITE).report(signal);
    expect(report).toMatchObject({ siteName: 'Research Moodle', version: '4.5.6 (Build: 20250811)' });
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
});
