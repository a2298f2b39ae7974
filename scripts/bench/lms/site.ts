import { startFakeLms } from '../../fake-lms/server.js';
import { makeUniversity } from '../../fake-lms/site.js';
import { answer } from '../child.js';

/** A fake Moodle of a university, in a process of its own. */

export interface University {
  courses: number;
  students: number;
  /** Courses that each student is in. */
  coursesEach: number;
}

const questions = {
  async start(university: University): Promise<{ url: string }> {
    const { url, site } = await startFakeLms({ site: makeUniversity(university) });
    running = site;
    return { url };
  },
  /** Whether the plugin's functions are there. */
  setPlugin(installed: boolean): void {
    if (running) running.plugin = installed;
  },
};
let running: ReturnType<typeof makeUniversity> | null = null;

export type SiteQuestions = typeof questions;

answer(questions, () => Promise.resolve());
