import { Guest } from '../browser.js';
import { COMPONENT } from '../moodle.js';
import { expect, reached } from '../protocol.js';
import { attemptsOf, type MoodlePerson, type Run } from '../run.js';
import { WebService } from '../web-service.js';

const NO_CAMERA = /No camera was found|The browser does not allow the camera/;
const NOTE = 'My camera is broken.';

/** The teacher finds the request of a student in the report, and approves. Answers what the page says then. */
async function approve(run: Run, { id }: MoodlePerson): Promise<string> {
  const { quiz } = reached(run.world, 'course');
  const teacher = reached(run.teacher, 'teacher in a browser');
  await teacher.go(`/mod/quiz/accessrule/probity/report.php?cmid=${quiz.cmid}&userid=${id}`);
  const said = await teacher.page.locator('#region-main').innerText();
  expect(said.includes(NOTE), `the note is not there: ${said.slice(0, 400)}`);
  const form = teacher.page.locator('form:has([name="approve"])');
  await form.locator('[name="note"]').fill('Shown the student card.');
  await form.locator('[name="approve"]').click();
  await teacher.settled();
  return (await teacher.page.locator('.alert').first().innerText()).trim();
}

/** The ways without biometrics: approval by a teacher, and exemption by capability. */
export async function ways(run: Run): Promise<void> {
  const { protocol, moodle, password, browser } = run;
  let student: Guest | undefined;

  await protocol.step('a student without a camera is told so, and asks for approval', async () => {
    const world = reached(run.world, 'course');
    const { camera } = world.students;
    student = await Guest.signIn(browser, moodle.url, { username: camera.username, password });
    const { page } = student;
    await student.go(`/mod/quiz/view.php?id=${world.quiz.cmid}`);
    await page.getByRole('button', { name: /^Attempt quiz/ }).click();
    const window = await student.openCapture();
    const on = window.getByRole('button', { name: 'Turn on the camera', exact: true });
    const problem = window.getByText(NO_CAMERA).first();
    await on.or(problem).first().waitFor();
    if (await on.isVisible()) await on.click();
    await problem.waitFor();
    const form = page.locator('#quizaccess_probity_preflight');
    await form.locator('summary').click();
    await form.locator('textarea').fill(NOTE);
    await form.locator('[data-action="probity-approval"]').click();
    await form.getByText('You have asked for manual approval.').first().waitFor();
    const started = await attemptsOf(run, world, camera);
    expect(started.length === 0, 'asking alone started an attempt');
    return problem.innerText();
  });
  await protocol.step('the teacher sees the request with its note, and approves', () =>
    approve(run, reached(run.world, 'course').students.camera),
  );
  await protocol.step('the approved student starts without a camera', async () => {
    const world = reached(run.world, 'course');
    const { page } = reached(student, 'student without a camera');
    await page.waitForURL(/\/mod\/quiz\/attempt\.php/);
    await page.fill('#responseform input[type="text"][name$="_answer"]', 'approved');
    await page.click('#mod_quiz-next-nav');
    await page.waitForURL(/page=1/);
    const [attempt] = await attemptsOf(run, world, world.students.camera);
    expect(attempt?.answers['1'] === 'approved', JSON.stringify(attempt));
    return undefined;
  });
  await protocol.step('an attempt that is deleted under way ends at Probity', async () => {
    const world = reached(run.world, 'course');
    const { camera } = world.students;
    const [attempt] = await attemptsOf(run, world, camera);
    const admin = reached(run.admin, 'Probity');
    const { users } = (
      await admin.get<{ users: { name: string; email: string }[] }>('/probity/v1/users?pageSize=1000')
    ).body;
    const of = users.find(({ email }) => email === camera.email)?.name ?? '';
    const told = async (): Promise<string[]> => {
      const { body } = await admin.get<{ entries: { action: string }[] }>(`/probity/v1/audit?user=${of}`);
      return body.entries.map(({ action }) => action).filter((action) => action.startsWith('attempt.'));
    };
    expect((await told()).join() === 'attempt.began', `before: ${(await told()).join()}`);
    await moodle.ask('delete_attempt', { attempt: reached(attempt, 'attempt').id });
    // Where Probity did not take it at once it is told by a task: as cron would.
    if (!(await told()).includes('attempt.ended')) {
      await moodle.cli('adhoc_task', `--classname=\\${COMPONENT}\\task\\notify_attempt`);
    }
    const after = (await told()).join();
    expect(after === 'attempt.began,attempt.ended', `after: ${after}`);
    return undefined;
  });
  await student?.close();
  await protocol.step(
    'a student who never opened the camera window asks, and is approved at Probity',
    async () => {
      const { quiz, students } = reached(run.world, 'course');
      const app = await WebService.signIn(moodle.url, students.stranger.username, password);
      await app.must(`${COMPONENT}_request_approval`, { cmid: quiz.cmid, note: NOTE });
      const said = await approve(run, students.stranger);
      expect(!said.includes('Saved here'), said);
      const state = await app.must<{ state: string; reachable: boolean }>(`${COMPONENT}_get_state`, {
        cmid: quiz.cmid,
      });
      expect(state.state === 'APPROVED' && state.reachable, JSON.stringify(state));
      return said;
    },
  );

  await protocol.step('a student with the capability to do without starts at once', async () => {
    const world = reached(run.world, 'course');
    const { exempt } = world.students;
    const has = await moodle.ask<boolean>('capability', {
      prefix: run.prefix,
      user: exempt.id,
      cmid: world.quiz.cmid,
      capability: 'quizaccess/probity:exempt',
    });
    expect(has, 'the capability was not given');
    const guest = await Guest.signIn(browser, moodle.url, { username: exempt.username, password });
    try {
      await guest.go(`/mod/quiz/view.php?id=${world.quiz.cmid}`);
      await guest.page.getByRole('button', { name: /^Attempt quiz/ }).click();
      await guest.page.waitForURL(/\/mod\/quiz\/attempt\.php/);
      expect(
        (await guest.page.locator('#quizaccess_probity_banner').count()) === 0,
        'the attempt has a banner',
      );
    } finally {
      await guest.close();
    }
    return undefined;
  });
}
