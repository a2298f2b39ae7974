import { z } from 'zod';
import type { Holds, Integration } from '../capabilities.js';
import { batchesOf } from './courses.js';
import { numberOf, overridesOf } from './exams.js';
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

const savedOverrides = z.object({ ids: z.array(z.int()) });

export function moodleHolds(call: WebService): Holds {
  return {
    async extend(activityId, personId, current, byMs, signal) {
      const stored = await overridesOf(call, activityId, signal);
      // A second exception for the same student is refused: theirs, if there is one, is changed.
      const own = stored.find(({ userid }) => String(userid) === personId);
      // What is not sent is taken back.
      const kept = own && {
        ...{ timeopen: own.timeopen, timeclose: own.timeclose, timelimit: own.timelimit },
        ...{ attempts: own.attempts, password: own.password },
      };
      const longer = {
        ...(current.closesAt > 0 && { timeclose: Math.round((current.closesAt + byMs) / 1000) }),
        ...(current.limitMs > 0 && { timelimit: Math.round((current.limitMs + byMs) / 1000) }),
      };
      if (Object.keys(longer).length === 0) return;
      const override = Object.fromEntries(
        Object.entries({ id: own?.id, userid: personId, ...kept, ...longer }).filter(
          ([, value]) => value !== null && value !== undefined,
        ),
      ) as Record<string, string | number>;
      const parameters = { data: { quizid: numberOf(activityId), overrides: [override] } };
      await call('mod_quiz_save_overrides', parameters, savedOverrides, signal, { once: true });
    },
  };
}
