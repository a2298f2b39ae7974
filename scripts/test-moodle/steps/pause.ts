import { expect, reached } from '../protocol.js';
import { attemptsOf, type Run } from '../run.js';
import { Visitor, type Page } from '../visitor.js';
import { isRefusal, WebService } from '../web-service.js';
import { answer } from './sitting.js';

/** What is typed before the swap, and what is tried while the attempt is held. */
const KEPT = 'kept';
const TRIED = 'tried while held';
const TYPED = 'typed while held';
const SWAP_WITHIN_MS = 120_000;

/** Somebody else takes the seat: the attempt is held, nothing gets in, nothing is lost, and identification lifts it. */
export async function pause(run: Run): Promise<void> {
  const { protocol, moodle, password } = run;
  let visitor: Visitor | undefined;
  let fields: Record<string, string> | undefined;
  let held = false;

  /** The answers as they were when the swap came. */
  const untouched = async (): Promise<void> => {
    const world = reached(run.world, 'course');
    const [attempt] = await attemptsOf(run, world, world.students.monitored);
    const saved = JSON.stringify(attempt);
    expect(attempt?.state === 'inprogress', `the attempt is not in progress any more: ${saved}`);
    expect(attempt.answers['1'] === KEPT, `the saved answer is not there any more: ${saved}`);
    expect(!saved.includes(TRIED) && !saved.includes(TYPED), `an answer was taken: ${saved}`);
  };

  await protocol.step('before the swap an answer is saved', async () => {
    const world = reached(run.world, 'course');
    const attempt = reached(run.attempt, 'attempt');
    const student = reached(run.student, 'student in a browser');
    await student.go(`/mod/quiz/attempt.php?attempt=${attempt.id}&cmid=${world.quiz.cmid}&page=0`);
    await answer(student, KEPT);
    await student.page.click('#mod_quiz-next-nav');
    await student.settled();
    visitor = await Visitor.signIn(moodle.url, world.students.monitored.username, password);
    const page = await visitor.follow(
      `/mod/quiz/attempt.php?attempt=${attempt.id}&cmid=${world.quiz.cmid}&page=1`,
    );
    fields = formOf(page);
    expect(
      Object.keys(fields).some((name) => name.endsWith('_answer')),
      'there is no answer field on page 2',
    );
    await untouched();
    return undefined;
  });
  await protocol.step('somebody else takes the seat, and the attempt is held', async () => {
    reached(run.attempt, 'attempt');
    const student = reached(run.student, 'student in a browser');
    await student.sits('other');
    const began = Date.now();
    const banner = student.page.locator('#quizaccess_probity_banner[data-admitted="0"]');
    await banner.waitFor({ timeout: SWAP_WITHIN_MS });
    held = true;
    const said = (await banner.locator('[data-region="words"]').innerText()).trim();
    return `${((Date.now() - began) / 1000).toFixed(1)} s after the swap: “${said}”`;
  });
  const reachedHold = (): void => void reached(held || undefined, 'held attempt');

  await protocol.step('attempt.php leads to the form', async () => {
    reachedHold();
    const { id } = reached(run.attempt, 'attempt');
    const page = await reached(visitor, 'visitor').follow(`/mod/quiz/attempt.php?attempt=${id}&page=1`);
    expect(page.text.includes('quizaccess_probity_preflight'), `${page.status} at ${page.address}`);
    return undefined;
  });
  await protocol.step('a direct POST to processattempt.php is refused with what was sent in it', async () => {
    reachedHold();
    const page = await reached(visitor, 'visitor').post('/mod/quiz/processattempt.php', {
      ...filled(reached(fields, 'form'), TRIED),
      next: 'Next page',
    });
    expect(page.status < 500, `it answered ${page.status}`);
    await untouched();
    expect(
      page.text.includes(TRIED),
      `what was sent is not in the answer (${page.status}, ${String(page.location)})`,
    );
    return `${page.status}`;
  });
  await protocol.step('handing in by a direct POST is refused', async () => {
    reachedHold();
    const page = await reached(visitor, 'visitor').post('/mod/quiz/processattempt.php', {
      ...filled(reached(fields, 'form'), TRIED),
      finishattempt: 1,
      timeup: 0,
    });
    expect(page.status < 500, `it answered ${page.status}`);
    await untouched();
    return `${page.status}`;
  });
  await protocol.step('neither script takes answers from the address (GET)', async () => {
    reachedHold();
    const query = new URLSearchParams({ ...filled(reached(fields, 'form'), TRIED), next: 'Next page' });
    for (const script of ['processattempt.php', 'autosave.ajax.php']) {
      await reached(visitor, 'visitor').get(`/mod/quiz/${script}?${query.toString()}`);
    }
    await untouched();
    return undefined;
  });
  await protocol.step('the autosave is refused in JSON', async () => {
    reachedHold();
    const page = await reached(visitor, 'visitor').post(
      '/mod/quiz/autosave.ajax.php',
      filled(reached(fields, 'form'), TRIED),
    );
    const said = JSON.parse(page.text) as { status?: string; error?: string };
    expect(said.status !== 'OK' && Boolean(said.error), page.text.slice(0, 300));
    await untouched();
    return said.error;
  });
  for (const [name, more] of [
    ['mod_quiz_save_attempt', {}],
    ['mod_quiz_process_attempt', {}],
    ['mod_quiz_process_attempt', { finishattempt: 1 }],
  ] as const) {
    const what = `${name}${'finishattempt' in more ? ' with finishattempt' : ''}`;
    await protocol.step(`${what} over web services is refused`, async () => {
      reachedHold();
      const world = reached(run.world, 'course');
      const app = await WebService.signIn(moodle.url, world.students.monitored.username, password);
      const data = Object.entries(filled(reached(fields, 'form'), TRIED)).filter(([field]) =>
        /^q\d/.test(field),
      );
      const answered = await app.call(name, {
        attemptid: reached(run.attempt, 'attempt').id,
        ...(Object.fromEntries(
          data.flatMap(([field, value], index) => [
            [`data[${index}][name]`, field],
            [`data[${index}][value]`, value],
          ]),
        ) as Record<string, string>),
        ...more,
      });
      await untouched();
      expect(isRefusal(answered), `it answered ${JSON.stringify(answered).slice(0, 300)}`);
      return answered.message;
    });
  }
  await protocol.step('the browser’s own autosave is refused, and the answer stays on the page', async () => {
    reachedHold();
    const { page } = reached(run.student, 'student in a browser');
    const refused = page.waitForResponse((response) => response.url().includes('autosave.ajax.php'));
    // As if it had been typed a moment before the hold: since then the form takes no keys.
    await page.evaluate(`(() => {
      const field = document.querySelector('#responseform input[type="text"][name$="_answer"]');
      field.value = ${JSON.stringify(TYPED)};
      M.mod_quiz.autosave.value_changed({ target: Y.one(field), currentTarget: Y.one(field) });
      M.mod_quiz.autosave.save_changes();
    })()`);
    const said = (await (await refused).json()) as { error?: string };
    expect(Boolean(said.error), JSON.stringify(said));
    await untouched();
    const shown = await page.inputValue('#responseform input[type="text"][name$="_answer"]');
    expect(shown === TYPED, `the page shows “${shown}”`);
    return undefined;
  });
  await protocol.step('a page change that comes too late is held with its answers', async () => {
    reachedHold();
    const { page } = reached(run.student, 'student in a browser');
    await Promise.all([
      page.waitForURL(/processattempt\.php/),
      page.evaluate(`(() => {
        const form = document.getElementById('responseform');
        form.inert = false;
        document.getElementById('mod_quiz-next-nav').click();
      })()`),
    ]);
    await page.locator('#quizaccess_probity_held').waitFor({ state: 'attached' });
    await untouched();
    return undefined;
  });
  await protocol.step('the student is back, is identified again, and the held answers arrive', async () => {
    reachedHold();
    const world = reached(run.world, 'course');
    const student = reached(run.student, 'student in a browser');
    await student.sits('student');
    const began = Date.now();
    const window = reached(student.capture, 'capture window');
    await window.getByRole('button', { name: 'It is me', exact: true }).waitFor();
    const way = await student.passCapture();
    await student.page.waitForURL(/\/mod\/quiz\/attempt\.php/);
    const seconds = ((Date.now() - began) / 1000).toFixed(1);
    const [attempt] = await attemptsOf(run, world, world.students.monitored);
    const saved = JSON.stringify(attempt?.answers);
    expect(attempt?.answers['2'] === TYPED && attempt.answers['1'] === KEPT, `saved: ${saved}`);
    return `${way.join(', ')}; after ${seconds} s: ${saved}`;
  });
  await protocol.step('the attempt is handed in, and the capture window ends', async () => {
    const world = reached(run.world, 'course');
    const { id } = reached(run.attempt, 'attempt');
    const student = reached(run.student, 'student in a browser');
    const { page } = student;
    await student.go(`/mod/quiz/summary.php?attempt=${id}&cmid=${world.quiz.cmid}`);
    await page.getByRole('button', { name: 'Submit all and finish' }).click();
    await page.locator('.modal:visible').getByRole('button', { name: 'Submit all and finish' }).click();
    await page.waitForURL(/\/mod\/quiz\/review\.php/);
    const [attempt] = await attemptsOf(run, world, world.students.monitored);
    expect(attempt?.state === 'finished', `the attempt is ${String(attempt?.state)}`);
    await reached(student.capture, 'capture window')
      .getByText('It is over')
      .first()
      .waitFor({ timeout: 20_000 });
    return undefined;
  });
}

/** The fields of the form of an attempt's page, as a browser would send them. */
function formOf({ text }: Page): Record<string, string> {
  const form = /<form[^>]*id="responseform"[\s\S]*?<\/form>/.exec(text)?.[0] ?? '';
  const fields: Record<string, string> = {};
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    const of = (name: string): string | undefined => new RegExp(`\\b${name}="([^"]*)"`).exec(input)?.[1];
    const name = of('name');
    if (name && !['submit', 'checkbox', 'radio'].includes(of('type') ?? 'text'))
      fields[name] = of('value') ?? '';
  }
  return fields;
}

function filled(fields: Record<string, string>, text: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, name.endsWith('_answer') ? text : value]),
  );
}
