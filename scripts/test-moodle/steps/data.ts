import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { COMPONENT } from '../moodle.js';
import { expect, reached } from '../protocol.js';
import type { MoodlePerson, Run } from '../run.js';

interface Changes {
  time: number;
  more: boolean;
  courses: { id: number; timechanged: number }[];
}

/** Seconds by which the feed's time lies back: `change_page::OVERLAP`. */
const OVERLAP_S = 60;

interface Kept {
  quiz: number;
  settings: Record<string, string> | null;
}

/** The settings travel with a backup, and what changes is told in the change feed. */
export async function data(run: Run): Promise<void> {
  const { protocol, moodle } = run;
  await protocol.step('backup and restore of the course keep the quiz’s settings', async () => {
    const { course, quiz } = reached(run.world, 'course');
    const directory = await mkdtemp(path.join(tmpdir(), 'probity-backup-'));
    try {
      await moodle.cli('backup', `--courseid=${course}`, `--destination=${directory}`);
      const [file] = await readdir(directory);
      expect(file !== undefined, 'there is no backup file');
      await moodle.cli('restore_backup', `--file=${path.join(directory, file)}`, '--categoryid=1');
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
    const kept = await moodle.ask<Kept[]>('kept', { name: quiz.name });
    const [original, restored] = kept.map(({ settings }) => JSON.stringify(settings));
    expect(kept.length === 2, `${kept.length} quizzes of that name`);
    expect(original !== 'null' && original === restored, `${String(original)} became ${String(restored)}`);
    return restored;
  });
  await protocol.step('the change feed names a course when an enrolment changes, and only then', async () => {
    const { course, students } = reached(run.world, 'course');
    const service = reached(run.service, 'token');
    const feed = (since: number): Promise<Changes> =>
      service.must<Changes>(`${COMPONENT}_get_changes`, { since, aftercourse: 0, limit: 500 });
    const before = await feed(0);
    expect(
      before.courses.some(({ id }) => id === course),
      'the new course is not in the feed',
    );
    // The feed has seconds, and its time lies a minute back: from the second after this reading on nothing has happened.
    const since = before.time + OVERLAP_S + 1;
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    const quiet = await feed(since);
    expect(
      !quiet.courses.some(({ id }) => id === course),
      'the course is in the feed though nothing changed',
    );
    await moodle.ask('unenrol', { course, user: students.stranger.id });
    const after = await feed(since);
    expect(
      after.courses.some(({ id }) => id === course),
      'the course is not in the feed',
    );
    return `${before.courses.length} course(s), then ${quiet.courses.length}, then ${after.courses.length}`;
  });
}

/** Moodle's own privacy machinery: what is exported, and that it is gone afterwards, here and at Probity. */
export async function privacy(run: Run): Promise<void> {
  const { protocol, moodle } = run;
  interface Privacy {
    compliant: boolean;
    contexts: number[];
    files: string[];
    texts: Record<string, string>;
  }
  const of = (user: number, erase = false): Promise<Privacy> =>
    moodle.ask<Privacy>('privacy', { user, component: COMPONENT, delete: erase });
  const known = async ({ email }: MoodlePerson): Promise<boolean> => {
    const { body } = await reached(run.admin, 'Probity').get<{ users: { email: string }[] }>(
      '/probity/v1/users?pageSize=1000',
    );
    return body.users.some((user) => user.email === email);
  };
  const isErased = async (person: MoodlePerson, when: () => Promise<unknown>): Promise<void> => {
    expect(await known(person), 'Probity did not know the student before');
    await when();
    // Probity is asked by a task, so that one that does not answer delays nobody: as cron would.
    await moodle.cli('adhoc_task', `--classname=\\${COMPONENT}\\task\\erase_person`);
    expect(!(await known(person)), 'Probity still knows the student');
  };

  await protocol.step('the privacy API exports what is held of a student', async () => {
    const { monitored } = reached(run.world, 'course').students;
    const exported = await of(monitored.id);
    expect(exported.compliant, 'Moodle does not find the plugin compliant');
    expect(exported.contexts.length > 0, 'no context holds data of the student');
    const ours = Object.entries(exported.texts).filter(([, text]) =>
      /IDENTIFIED|MONITORED|admitted/i.test(text),
    );
    expect(ours.length > 0, `nothing of ours in ${exported.files.join(', ')}`);
    const [probity] = Object.entries(exported.texts).filter(([name]) => name.endsWith('/probity.json'));
    expect(probity !== undefined, `nothing of Probity in ${exported.files.join(', ')}`);
    const [name, text] = probity;
    expect(text.includes(monitored.email), `${name} does not know ${monitored.email}: ${text.slice(0, 400)}`);
    return [...ours.map(([file]) => file), name].join(', ');
  });
  await protocol.step('the privacy API deletes it, at Probity too', async () => {
    const { monitored } = reached(run.world, 'course').students;
    await isErased(monitored, () => of(monitored.id, true));
    const { contexts } = await of(monitored.id);
    expect(contexts.length === 0, `contexts ${contexts.join(', ')} still hold data`);
    return undefined;
  });
  await protocol.step('a user who is deleted in Moodle is erased at Probity', async () => {
    const { camera } = reached(run.world, 'course').students;
    await isErased(camera, () => moodle.ask('delete_user', { user: camera.id }));
    return undefined;
  });
}

/** The plugin goes, and nothing is broken. */
export async function uninstall(run: Run): Promise<void> {
  const { protocol, moodle } = run;
  await protocol.step(
    'after uninstalling, nothing of the plugin is left and the quiz can be sat',
    async () => {
      const world = reached(run.world, 'course');
      await moodle.cli('uninstall_plugins', `--plugins=${COMPONENT}`, '--run');
      await moodle.remove();
      const left = await moodle.ask<string[]>('uninstalled', { component: COMPONENT });
      expect(left.length === 0, left.join(', '));
      const student = reached(run.student, 'student in a browser');
      await student.go(`/mod/quiz/view.php?id=${world.quiz.cmid}`);
      await student.page.getByRole('button', { name: /^(Re-attempt|Attempt) quiz/ }).click();
      await student.page.waitForURL(/\/mod\/quiz\/attempt\.php/);
      return undefined;
    },
  );
}
