import { z } from 'zod';
import type { Lms } from '../capabilities.js';
import { COURSE_FUNCTIONS, moodleCourses } from './courses.js';
import type { WebService } from './web-service.js';

export { moodleWebService, type MoodleAccess, type WebService } from './web-service.js';

/** The answer has a key to the user's private files as well: only what is listed is read, and nothing is logged. */
const siteInfo = z.object({
  sitename: z.string(),
  release: z.string(),
  functions: z.array(z.object({ name: z.string() })),
});

/** Moodle 4.5 and later. */
export function moodle(call: WebService, site: string): Lms {
  return {
    async report(signal) {
      const info = await call('core_webservice_get_site_info', {}, siteInfo, signal);
      const allowed = new Set(info.functions.map(({ name }) => name));
      return {
        siteName: info.sitename,
        version: info.release,
        missing: { COURSES: COURSE_FUNCTIONS.filter((name) => !allowed.has(name)) },
      };
    },
    courses: moodleCourses(call, site),
  };
}
