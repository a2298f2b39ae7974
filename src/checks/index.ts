/** One mechanism for everything that is proven in steps, in attempts and within a time. */
export { createThrottle, type Attempt, type Throttle } from './throttle.js';
export { type ThrottlePolicy } from './throttle-policy.js';
