import { z } from 'zod';
import { line, oneOf, paging, UUID } from '../call/index.js';
import { activityId, email, externalId } from './launch-claims.js';

/** Several lines of a person's text. */
const note = z.string().max(2000, 'must have at most 2000 characters');
const actor = z.object({ id: externalId, email, displayName: line(1, 200) }, 'is required');
const student = { activity: activityId, student: externalId };

export const gateRequest = z.object(student);
export const listGatesRequest = z.object({ activity: activityId, ...paging({ standard: 100, most: 200 }) });
export const listAlertsRequest = z.object({
  activity: activityId,
  student: z.union([z.literal('').transform(() => null), externalId]),
  ...paging({ standard: 100, most: 500 }),
});
export const decideRequest = z.object({ ...student, approve: z.boolean(), note, actor });
export const askRequest = z.object({ ...student, note });
export const reviewRequest = z.object({
  activity: activityId,
  alert: z.string().regex(UUID, 'must be the id of an alert'),
  decision: oneOf('ALERT_DECISION_DISMISSED', 'ALERT_DECISION_CONFIRMED').transform(
    (value) => value.slice('ALERT_DECISION_'.length) as 'DISMISSED' | 'CONFIRMED',
  ),
  note,
  actor,
});
export const attemptRequest = z.object({
  ...student,
  attempt: externalId,
  event: oneOf('ATTEMPT_EVENT_STARTED', 'ATTEMPT_EVENT_SUBMITTED', 'ATTEMPT_EVENT_ABANDONED').transform(
    (value) => value.slice('ATTEMPT_EVENT_'.length) as 'STARTED' | 'SUBMITTED' | 'ABANDONED',
  ),
  eventTime: z.date().optional(),
});
export const personRequest = z.object({ person: externalId });
