import { z } from 'zod';
import type { Lms } from '../capabilities.js';
import { moodleCourses } from './courses.js';
import { moodleExams } from './exams.js';
import { thingName } from '../names.js';
import { GET_CHANGES, moodleIntegration } from './integration.js';
import { moodlePeople } from './people.js';
import { tryAll } from './report.js';
import type { WebService } from './web-service.js';

export { moodleWebService, type MoodleAccess, type WebService } from './web-service.js';

/** The answer has a key to the user's private files as well: only what is listed is read, and nothing is logged. */
const siteInfo = z.object({
  sitename: thingName,
  release: z.string(),
  userid: z.int(),
  functions: z.array(z.object({ name: z.string() })),
});

/** Moodle 4.5 and later. */
export function moodle(call: WebService, site: string): Lms {
  const capabilities = {
    courses: moodleCourses(call, site),
    people: moodlePeople(call, site),
    exams: moodleExams(call, site),
    integration: moodleIntegration(call),
  };

  async function info(signal: AbortSignal) {
    const answer = await call('core_webservice_get_site_info', {}, siteInfo, signal);
    return { ...answer, functions: new Set(answer.functions.map(({ name }) => name)) };
  }

  return {
    ...capabilities,

    async report(signal) {
      const { sitename, release, userid, functions } = await info(signal);
      return {
        siteName: sitename,
        version: release,
        capabilities: await tryAll(capabilities, functions, String(userid), signal),
      };
    },

    async probe(known, signal) {
      const { userid, functions } = await info(signal);
      // Deleted accounts are shown by their ids as well: that none is means that none may be seen.
      const shown = known.length > 0 ? known : [String(userid)];
      await capabilities.people.suspended(shown, signal);
      return { serviceUserId: String(userid), tellsChanges: functions.has(GET_CHANGES) };
    },
  };
}
