import { z } from 'zod';
import { batchesOf } from '../batches.js';
import type { Integration } from '../capabilities.js';
import { numberOf } from './exams.js';
import type { WebService } from './web-service.js';

export const GET_CHANGES = 'quizaccess_probity_get_changes';
export const SET_STATES = 'quizaccess_probity_set_states';
/** Courses of a page, the most that the plugin gives. */
const PAGE = 500;
/** States of one request. */
const STATES = 100;

export const changesAnswer = z.object({
  time: z.int(),
  more: z.boolean(),
  courses: z.array(z.object({ id: z.int() })),
});
export const statesAnswer = z.object({ accepted: z.int() });

/** What Probity's plugin offers as functions of the web service (moodle-plugin/db/services.php). */
export function moodleIntegration(call: WebService): Integration {
  return {
    async changes(since, after, signal) {
      const parameters = { since, aftercourse: after || 0, limit: PAGE };
      const { time, more, courses } = await call(GET_CHANGES, parameters, changesAnswer, signal);
      return { time, more: more && courses.length > 0, courseIds: courses.map(({ id }) => String(id)) };
    },

    async setAdmission(states, signal) {
      let accepted = 0;
      for (const batch of batchesOf(states, STATES)) {
        const parameters = {
          states: batch.map(({ activityId, personId, admitted, state, reason, revision }) => ({
            ...{ quizid: numberOf(activityId), userid: personId, admitted: admitted ? 1 : 0 },
            ...{ state, reason, revision: String(revision) },
          })),
        };
        accepted += (await call(SET_STATES, parameters, statesAnswer, signal)).accepted;
      }
      return accepted;
    },
  };
}
