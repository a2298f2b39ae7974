import type { Job } from '../jobs/index.js';
import type { ExamsParts } from './exams.js';
import type { Notifier } from './notifier.js';
import { settleExams } from './watching/completion.js';
import { sweepInterruptions } from './watching/interruptions.js';

const LEASE_MS = 30_000;

/** Starts and completes exams whose time has come. Nobody waits for it: their state is computed whenever it is read. */
export function completionJob(dependencies: ExamsParts, notifier: Notifier): Job {
  return {
    name: 'exam-completion',
    cron: '*/5 * * * * *',
    leaseMs: LEASE_MS,
    run: ({ signal }) => settleExams(dependencies, notifier, signal),
  };
}

/** Looks for sessions that fell silent, and for those that came back. */
export function interruptionJob(dependencies: ExamsParts, notifier: Notifier): Job {
  return {
    name: 'session-interruptions',
    cron: '*/2 * * * * *',
    leaseMs: LEASE_MS,
    async run({ signal, log }) {
      const changed = await sweepInterruptions(dependencies, notifier, signal);
      if (changed > 0) log.info({ changed }, 'sessions fell silent or came back');
    },
  };
}

/** Looks at the admissions that time may have changed: what proves somebody ends, and signs of life fail to come. */
export function admissionJob({ admissions }: Pick<ExamsParts, 'admissions'>): Job {
  return {
    name: 'exam-admissions',
    cron: '*/2 * * * * *',
    leaseMs: LEASE_MS,
    async run({ signal, log }) {
      const changed = await admissions.sweep(signal);
      if (changed > 0) log.info({ changed }, 'admissions changed with time');
    },
  };
}
