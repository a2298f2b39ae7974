import { StatusError } from '../../call/index.js';
import type { Db } from '../../storage/index.js';
import type { SittingGuard } from '../ports.js';

/** @throws StatusError REFERENCE_IN_USE while the user sits an exam: nobody changes under a watch that relies on them */
export async function refuseWhileSitting(sitting: SittingGuard, db: Db, userId: string): Promise<void> {
  if (await sitting.isSitting(db, userId)) {
    throw new StatusError('REFERENCE_IN_USE', 'The reference cannot be changed during an exam.');
  }
}
