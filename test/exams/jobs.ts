import pino from 'pino';
import type { JobContext } from '../../src/jobs/index.js';

/** What a job is given when a test runs it itself. */
export function jobContext(): JobContext {
  return {
    signal: new AbortController().signal,
    ticket: 1,
    log: pino({ level: 'silent' }),
    fence: () => Promise.resolve(),
  };
}
