import { expect, reached } from '../protocol.js';
import type { Run } from '../run.js';

const NOTE = 'The twin was in the picture.';

/** The teacher's report in Moodle: what was noticed, and a decision that Probity knows. */
export async function report(run: Run): Promise<void> {
  const { protocol } = run;
  /** Opens the report, of one student or of all. */
  const opened = async (user?: number): Promise<string> => {
    const { quiz } = reached(run.world, 'course');
    const teacher = reached(run.teacher, 'teacher in a browser');
    const of = user === undefined ? '' : `&userid=${user}`;
    await teacher.go(`/mod/quiz/accessrule/probity/report.php?cmid=${quiz.cmid}${of}`);
    return teacher.page.locator('#region-main').innerText();
  };

  await protocol.step('the report lists the students of the quiz and how things stand', async () => {
    const { students } = reached(run.world, 'course');
    const said = await opened();
    for (const { name } of Object.values(students)) expect(said.includes(name), `${name} is not in: ${said}`);
    const row = reached(run.teacher, 'teacher in a browser').page.getByRole('row', {
      name: students.monitored.name,
    });
    return (await row.innerText()).replace(/\s+/g, ' ');
  });
  await protocol.step(
    'the list is searched by e-mail address, and shows who has alerts to decide',
    async () => {
      const { quiz, students } = reached(run.world, 'course');
      await opened();
      const { page } = reached(run.teacher, 'teacher in a browser');
      const rows = page.locator('#region-main table tbody tr');
      await page.getByRole('textbox', { name: 'Search students' }).fill(students.exempt.email.toUpperCase());
      await page.keyboard.press('Enter');
      await page.waitForURL(/[?&]search=/);
      const found = await rows.allInnerTexts();
      expect(found.length === 1 && found.join().includes(students.exempt.email), `found: ${found.join()}`);
      await opened();
      // Moodle takes a choice by keyboard when the list is left.
      const show = page.getByLabel('Show', { exact: true });
      await show.focus();
      await show.selectOption('undecided');
      await show.press('Tab');
      await page.waitForURL(/[?&]show=undecided/);
      const shown = await rows.allInnerTexts();
      expect(shown.length === 1 && shown.join().includes(students.monitored.name), `shown: ${shown.join()}`);
      await page.goto(`${page.url().replace(/[?].*/, '')}?cmid=${quiz.cmid}&search=nobody-at-all`);
      await page.getByText('No such student.').waitFor();
      return shown.join().replace(/\s+/g, ' ');
    },
  );
  await protocol.step('the student’s page has the swap, with score, threshold and reason', async () => {
    const { students } = reached(run.world, 'course');
    const said = await opened(students.monitored.id);
    expect(/threshold/.test(said), said.slice(0, 600));
    const alerts = reached(run.teacher, 'teacher in a browser').page.locator('#region-main li.card');
    return (await alerts.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ')).join('\n');
  });
  await protocol.step('the teacher decides on it, and Probity knows', async () => {
    const { students } = reached(run.world, 'course');
    await opened(students.monitored.id);
    const { page } = reached(run.teacher, 'teacher in a browser');
    const form = page
      .locator('li.card', { hasText: /threshold/ })
      .locator('form')
      .first();
    await form.locator('[name="note"]').fill(NOTE);
    await form.locator('[name="confirm"]').click();
    await page.locator('#region-main').getByText(NOTE).first().waitFor();
    const exam = reached(run.student?.exam, 'exam at Probity');
    const { body } = await reached(run.admin, 'Probity').get<{ alerts: Record<string, unknown>[] }>(
      `/probity/v1/exams/${exam}/alerts?pageSize=100`,
    );
    const decided = body.alerts.filter((alert) => JSON.stringify(alert).includes(NOTE));
    expect(decided.length === 1, `Probity has ${decided.length} alerts with this note`);
    return `${String(decided[0]?.['type'])}: ${String(decided[0]?.['decision'])}`;
  });
}
