/** Work on a schedule: any number of nodes, each job on one of them at a time, decided by the database. */
export {
  createScheduler,
  type JobRun,
  type Scheduler,
  type SchedulerOptions,
  type WakeResult,
} from './scheduler.js';
export { type Job, type JobContext } from './job.js';
export { LeaseLost } from './leases.js';
export { systemClock, type Clock } from './clock.js';
export { isSchedule, nextRun } from './schedule.js';
export { underLease, type Lease } from './under-lease.js';
