import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import { StatusError } from '../call/index.js';
import { isUniqueViolation } from '../storage/index.js';
import { TakenOver } from './taken-over.js';

const ATTEMPTS = 8;
const FIRST_DELAY_MS = 2;

const policy = retry(
  handleWhen(
    (error) =>
      (error instanceof StatusError &&
        error.reason === 'VERSION_CONFLICT' &&
        !(error instanceof TakenOver)) ||
      isUniqueViolation(error),
  ),
  { maxAttempts: ATTEMPTS, backoff: new ExponentialBackoff({ initialDelay: FIRST_DELAY_MS, maxDelay: 200 }) },
);

/**
 * Reads, decides and writes again when somebody else changed the rows in between. The work must read everything
 * it decides by, and have no effect outside its transaction.
 */
export async function again<T>(work: () => Promise<T>): Promise<T> {
  return policy.execute(() => work());
}
