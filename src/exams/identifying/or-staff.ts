import { StatusError } from '../../call/index.js';

export const STAFF_CAN = 'The staff of the exam can approve you by hand: ask for it.';

/** A refusal by the throttle says that there is another way. */
export async function orStaff<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof StatusError) || error.reason !== 'TOO_MANY_ATTEMPTS') throw error;
    throw new StatusError(error.reason, `${error.message} ${STAFF_CAN}`, error.details);
  }
}
