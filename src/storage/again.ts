import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import { StatusError } from '../call/index.js';
import { isUniqueViolation } from './faults.js';

const ATTEMPTS = 8;
const FIRST_DELAY_MS = 2;
const LONGEST_DELAY_MS = 200;

/**
 * Reads, decides and writes again when somebody else changed the rows in between. The work must read everything
 * it decides by, and have no effect outside its transaction.
 * @param isFinal whether a conflict is an answer rather than an accident
 */
export async function again<T>(
  work: () => Promise<T>,
  isFinal: (error: StatusError) => boolean = () => false,
): Promise<T> {
  const policy = retry(
    handleWhen(
      (error) =>
        (error instanceof StatusError && error.reason === 'VERSION_CONFLICT' && !isFinal(error)) ||
        isUniqueViolation(error),
    ),
    {
      maxAttempts: ATTEMPTS,
      backoff: new ExponentialBackoff({ initialDelay: FIRST_DELAY_MS, maxDelay: LONGEST_DELAY_MS }),
    },
  );
  return policy.execute(() => work());
}
