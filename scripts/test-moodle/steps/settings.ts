import { Guest } from '../browser.js';
import { expect, reached } from '../protocol.js';
import type { Run } from '../run.js';

/** What the teacher asks for, as the fields of the form. */
export const ASKED = { probity_enabled: '1', probity_frameinterval: '2', probity_grace: '30' };

/** A teacher ticks the box of a quiz. */
export async function settings(run: Run): Promise<void> {
  const { protocol, moodle } = run;
  await protocol.step('the teacher asks for Probity in the quiz’s settings, and finds it kept', async () => {
    const { quiz, teacher } = reached(run.world, 'course');
    const signedIn = { username: teacher.username, password: run.password };
    run.teacher = await Guest.signIn(run.browser, moodle.url, signedIn);
    const { page } = run.teacher;
    const edit = `/course/modedit.php?update=${quiz.cmid}&return=0`;
    await run.teacher.go(edit);
    await page.evaluate(
      `document.querySelectorAll('fieldset.collapsible .collapse').forEach((each) => each.classList.add('show'))`,
    );
    await page.check('[name="probity_enabled"][type="checkbox"]');
    // No portrait turns its head: the active challenge has tests of its own.
    await page.uncheck('[name="probity_challenge"][type="checkbox"]');
    await page.check('[name="probity_monitor"][type="checkbox"]');
    await page.selectOption('[name="probity_frameinterval"]', ASKED.probity_frameinterval);
    await page.selectOption('[name="probity_grace"]', ASKED.probity_grace);
    await page.click('#id_submitbutton');
    await run.teacher.settled();
    await run.teacher.go(edit);
    expect(
      await page.isChecked('[name="probity_enabled"][type="checkbox"]'),
      'the box is not ticked any more',
    );
    expect(!(await page.isChecked('[name="probity_challenge"][type="checkbox"]')), 'the challenge came back');
    for (const name of ['probity_frameinterval', 'probity_grace'] as const) {
      const kept = await page.inputValue(`[name="${name}"]`);
      expect(kept === ASKED[name], `${name} was kept as ${kept}`);
    }
    return undefined;
  });
  await protocol.step('Moodle names the rule among those of the quiz', async () => {
    const { quiz } = reached(run.world, 'course');
    const { activerulenames } = await reached(run.service, 'token').must<{ activerulenames: string[] }>(
      'mod_quiz_get_quiz_access_information',
      { quizid: quiz.id },
    );
    expect(activerulenames.includes('quizaccess_probity'), `only ${activerulenames.join(', ')}`);
    return undefined;
  });
}
