import type { SittingGuard } from '../../biometrics/index.js';
import { hasOpenSession } from './session-store.js';

/** Tells whether somebody is in an exam right now, for those who must not touch their data meanwhile. */
export function createSittingGuard({ clock }: { clock: { now(): number } }): SittingGuard {
  return { isSitting: (db, userId) => hasOpenSession(db, userId, clock.now()) };
}
