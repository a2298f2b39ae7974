/** One mechanism for everything that is proven in steps, in attempts and within a time. */
export {
  attempt,
  openCheck,
  stateAt,
  type Attempt as CheckAttempt,
  type AttemptOutcome,
  type Check,
  type CheckPolicy,
  type CheckState,
} from './check.js';
export {
  attemptsUntil,
  checksOf,
  deleteChecksBefore,
  deleteChecksOf,
  insertCheck,
  latestCheck,
  saveAttempt,
} from './check-store.js';
export { countRefusal } from './refusals.js';
export { createThrottle, type Attempt, type Throttle } from './throttle.js';
export { type ThrottlePolicy } from './throttle-policy.js';
