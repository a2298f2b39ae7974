import { Guest } from '../browser.js';
import { expect, reached } from '../protocol.js';
import { attemptsOf, type Run } from '../run.js';
import { Visitor } from '../visitor.js';
import { isRefusal, WebService } from '../web-service.js';

/** Everything that a form of ours, or a forged one, could send to say that all is well. */
const CLAIMS = {
  _qf__mod_quiz_form_preflight_check_form: 1,
  submitbutton: 'Start attempt',
  probity: 1,
  probity_admitted: 1,
  probity_verified: 1,
  probitystate: 'IDENTIFIED',
};

/** Nobody starts who has not been identified, whichever door they take. */
export async function gate(run: Run): Promise<void> {
  const { protocol, moodle, password } = run;

  await protocol.step('a student meets the form before the attempt', async () => {
    const { quiz, students } = reached(run.world, 'course');
    const signedIn = { username: students.monitored.username, password };
    run.student = await Guest.signIn(run.browser, moodle.url, signedIn, run.camera);
    const { page } = run.student;
    await run.student.go(`/mod/quiz/view.php?id=${quiz.cmid}`);
    await page.getByRole('button', { name: /^Attempt quiz/ }).click();
    const form = page.locator('#quizaccess_probity_preflight:visible');
    await form.waitFor();
    return (await form.locator('[data-region="words"]').innerText()).trim();
  });
  await protocol.step('submitting that form starts nothing', async () => {
    const world = reached(run.world, 'course');
    const { page } = reached(run.student, 'student in a browser');
    await page.click('#mod_quiz_preflight_form [name="submitbutton"]');
    await page.locator('#quizaccess_probity_preflight:visible').waitFor();
    const started = await attemptsOf(run, world, world.students.monitored);
    expect(started.length === 0, 'an attempt was started');
    expect(page.url().includes('startattempt.php'), `the form is not shown again, but ${page.url()}`);
    return undefined;
  });
  await protocol.step('a direct POST to startattempt.php is refused', async () => {
    const world = reached(run.world, 'course');
    const { username } = world.students.stranger;
    const visitor = await Visitor.signIn(moodle.url, username, password);
    const { status, location } = await visitor.post('/mod/quiz/startattempt.php', {
      cmid: world.quiz.cmid,
      sesskey: await visitor.sesskey(),
      ...CLAIMS,
    });
    const started = await attemptsOf(run, world, world.students.stranger);
    expect(started.length === 0, 'an attempt was started');
    expect(status === 200 && location === null, `${status} to ${String(location)} instead of the form`);
    return undefined;
  });
  await protocol.step('mod_quiz_start_attempt over web services is refused', async () => {
    const world = reached(run.world, 'course');
    const app = await WebService.signIn(moodle.url, world.students.stranger.username, password);
    const claims = Object.entries(CLAIMS).flatMap(([name, value], index) => [
      [`preflightdata[${index}][name]`, name],
      [`preflightdata[${index}][value]`, value],
    ]);
    const answer = await app.call('mod_quiz_start_attempt', {
      quizid: world.quiz.id,
      ...(Object.fromEntries(claims) as Record<string, string | number>),
    });
    const started = await attemptsOf(run, world, world.students.stranger);
    expect(started.length === 0, 'an attempt was started');
    expect(isRefusal(answer), `it answered ${JSON.stringify(answer).slice(0, 300)}`);
    return answer.message;
  });
}
