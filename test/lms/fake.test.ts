import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startFakeLms, tokenWithout, type FakeLms } from '../../scripts/fake-lms/server.js';
import { account, enrol } from '../../scripts/fake-lms/site.js';

/*
 * The fake is held against what real Moodles (4.5.6, 5.1.3) answered: it is asked what they were asked, and may answer
 * nothing that they do not.
 */

interface Recorded {
  request: { form: Record<string, string> };
  status: number;
  response: unknown;
}

const recorded = (name: string): Recorded =>
  JSON.parse(readFileSync(path.join(__dirname, '../fixtures/moodle', `${name}.json`), 'utf8')) as Recorded;

/**
 * Where `ours` says something that `real` does not, or of another kind; paths. What is null on one side may be anything
 * on the other; of a list the first of ours is compared with the first of theirs, and one that is empty in both is.
 */
function foreign(ours: unknown, real: unknown, at = '$'): string[] {
  if (ours === null || real === null) return [];
  if (Array.isArray(ours) !== Array.isArray(real) || typeof ours !== typeof real) return [at];
  if (Array.isArray(ours) && Array.isArray(real)) {
    if ((ours.length === 0) !== (real.length === 0)) return [`${at}[]`];
    return ours.length === 0 ? [] : foreign(ours[0], real[0], `${at}[0]`);
  }
  if (typeof ours !== 'object') return [];
  return Object.entries(ours).flatMap(([key, value]) =>
    key in (real as object)
      ? foreign(value, (real as Record<string, unknown>)[key], `${at}.${key}`)
      : [`${at}.${key}`],
  );
}

let fake: FakeLms;
beforeEach(async () => {
  fake = await startFakeLms();
  const { site } = fake;
  // As on the recorded site: users 4 to 6 are students of course 2, the last of them suspended from course 3.
  const [algebra, logic] = site.courses;
  algebra!.enrolments = [
    enrol(3, 'editingteacher'),
    enrol(4, 'student'),
    enrol(5, 'student'),
    enrol(6, 'student'),
  ];
  logic!.id = 3;
  logic!.enrolments = [enrol(4, 'student'), enrol(5, 'student'), enrol(6, 'student', true)];
  site.accounts.push(
    { ...account(126, 'Bulk119', 'bulk119@example.invalid'), suspended: true },
    { ...account(127, 'Bulk120', 'd1d9d27e6184c4c2532fbfc0a53b895e'), deleted: true, idnumber: 'BULK-120' },
  );
  for (const each of site.accounts) if (each.id === 4) each.email = 'student1@example.invalid';
});
afterEach(() => fake.close());

async function ask(form: Record<string, string>): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${fake.url}/webservice/rest/server.php`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  const text = await answer.text();
  return { status: answer.status, body: text.startsWith('<') || text === '' ? text : JSON.parse(text) };
}

const READER = tokenWithout(
  'moodle/course:managegroups',
  'mod/quiz:manageoverrides',
  'quizaccess/probity:sync',
);

it.each([
  'site_info',
  'courses_by_field_all',
  'users_by_field',
  'users_courses',
  'user_suspended',
  'user_deleted',
  'user_deleted_byid',
  'get_users_badkey',
  'enrolled',
  'v51_enrolled',
  'enrolled_page1',
  'enrolled_page4_empty',
  'enrolled_onlysuspended',
  'err_bad_option',
  'quizzes',
  'v51_quizzes',
  'quizzes_mixed',
  'quiz_access',
  'overrides',
  'assigns',
  'assigns_notenrolled',
])('answers a reader alike: %s', async (name) => {
  fake.tokens['reader'] = READER;
  const { request, status, response } = recorded(name);
  const ours = await ask({ ...request.form, wstoken: 'reader' });
  expect(ours.status).toBe(status);
  expect(foreign(ours.body, response)).toEqual([]);
});

it.each(['get_courses', 'groups', 'group_members', 'overrides_after', 'save_overrides'])(
  'answers an administrator alike: %s',
  async (name) => {
    const { request, status, response } = recorded(name);
    const ours = await ask({ ...request.form, wstoken: 'fake-token' });
    expect(ours.status).toBe(status);
    expect(foreign(ours.body, response)).toEqual([]);
  },
);

it('keeps the exceptions that it is given, one a user', async () => {
  const first = recorded('save_overrides').request.form;
  expect((await ask({ ...first, wstoken: 'fake-token' })).body).toEqual(recorded('save_overrides').response);
  const second = recorded('save_overrides_bad');
  const refused = (await ask({ ...second.request.form, wstoken: 'fake-token' })).body;
  expect(refused).toEqual(second.response);
  const all = await ask({ ...recorded('overrides_after').request.form, wstoken: 'fake-token' });
  const times = (body: unknown) =>
    (body as { overrides: Record<string, unknown>[] }).overrides.map(
      ({ id, userid, groupid, timelimit, attempts }) => [id, userid, groupid, timelimit, attempts].join(),
    );
  expect(times(all.body)).toEqual(times(recorded('overrides_after').response));
});

it.each([
  ['err_invalidtoken', 'unknown'],
  ['err_user_suspended', 'fake-token-of-suspended'],
  ['err_not_in_service', 'fake-token-of-small-service'],
  ['err_nonexistent_course', 'reader'],
  ['err_extra_param', 'reader'],
  ['err_bad_param', 'reader'],
  ['err_missing_param', 'reader'],
  ['err_unknown_function', 'reader'],
  ['err_userfield', 'reader'],
  ['err_write_denied', 'reader'],
  ['nocaps_users_by_field', 'fake-token-without-rights'],
  ['nocaps_users_courses', 'fake-token-without-rights'],
  ['nocaps_enrolled', 'fake-token-without-rights'],
  ['nocaps_quizzes', 'fake-token-without-rights'],
  ['nocaps_overrides', 'fake-token-without-rights'],
  ['nocaps_assigns', 'fake-token-without-rights'],
  ['nocaps_groups', 'fake-token-without-rights'],
  ['nocaps_quiz_access', 'fake-token-without-rights'],
])('refuses alike, with status 200: %s', async (name, token) => {
  fake.tokens['reader'] = READER;
  const { request, status, response } = recorded(name);
  // What was asked for there is a function that the fake does not have at all.
  const other: Record<string, string> =
    name === 'err_not_in_service' ? { wsfunction: 'core_course_get_courses' } : {};
  const { status: ours, body } = await ask({ ...request.form, ...other, wstoken: token });
  expect([ours, foreign(body, response)]).toEqual([status, []]);
  const codeOf = (answer: unknown) => (answer as { errorcode?: string }).errorcode;
  expect(codeOf(body)).toBe(codeOf(response));
});

it('shows everybody to whom it does not understand', async () => {
  const { body } = await ask({ ...recorded('get_users_badkey').request.form, wstoken: 'fake-token' });
  const { users, warnings } = body as { users: unknown[]; warnings: unknown[] };
  expect(users).toHaveLength(fake.site.accounts.filter(({ deleted }) => !deleted).length);
  expect(warnings).toHaveLength(1);
});

it('lists suspended enrolments among the others, unless it is asked for active ones', async () => {
  const people = async (option: string) =>
    (
      (
        await ask({
          ...{
            wstoken: 'fake-token',
            wsfunction: 'core_enrol_get_enrolled_users',
            moodlewsrestformat: 'json',
          },
          ...{ courseid: '3', 'options[0][name]': option, 'options[0][value]': '1' },
        })
      ).body as unknown[]
    ).length;
  expect([await people('nonsense'), await people('onlyactive'), await people('onlysuspended')]).toEqual([
    3, 2, 1,
  ]);
});

it('fails as a whole where one course may not be seen; asked by field, it leaves that out', async () => {
  fake.tokens['x'] = tokenWithout('moodle/course:viewhiddencourses');
  const call = async (wsfunction: string) =>
    (await ask({ wstoken: 'x', wsfunction, moodlewsrestformat: 'json' })).body;
  expect(await call('core_course_get_courses')).toMatchObject({ errorcode: 'errorcoursecontextnotvalid' });
  const { courses } = (await call('core_course_get_courses_by_field')) as { courses: { id: number }[] };
  expect(courses.map(({ id }) => id)).toEqual([1, 2, 3, 10]);
});

it('shows the service its own exception as if it were everybody’s', async () => {
  fake.site.courses[0]!.quizzes[0]!.overrides[0]!.userid = 2;
  const { request } = recorded('quizzes');
  const { body } = await ask({ ...request.form, wstoken: 'fake-token' });
  expect((body as { quizzes: { timelimit: number }[] }).quizzes[0]!.timelimit).toBe(5_400);
});

it('under maintenance it is a page, and without REST it is nothing', async () => {
  fake.trouble = 'maintenance';
  const { request, status, response } = recorded('err_maintenance');
  const down = await ask({ ...request.form, wstoken: 'fake-token' });
  expect([down.status, down.body]).toEqual([status, '<!DOCTYPE html>']);
  expect((response as { __raw__: string }).__raw__).toMatch(/^<!DOCTYPE html>/);
  fake.trouble = 'rest off';
  const off = recorded('err_ws_disabled');
  expect((await ask({ ...off.request.form, wstoken: 'fake-token' })).status).toBe(off.status);
});
