/** When a reference may be removed. Knows no database; docs/adr/0007 has the reasons. */
import type { Role } from '../../call/index.js';
import { ENROLMENT_WINDOW_MS } from './enrolment.js';

/** For how long a match on the server proves that the person is there. */
export const MATCH_FRESH_MS = 10 * 60_000;

export type RemovalProof = 'ADMIN' | 'ENROLMENT_WINDOW' | 'FRESH_MATCH' | 'PICTURE' | 'STAFF_ALLOWANCE';

/** The proof that needs neither a picture nor staff's allowance, or null. All times in UTC milliseconds. */
export function standingProof(
  { enrolledAt, matchedAt }: { enrolledAt: number; matchedAt: number | null },
  role: Role,
  now: number,
): RemovalProof | null {
  if (role === 'ADMIN') return 'ADMIN';
  if (now - enrolledAt < ENROLMENT_WINDOW_MS) return 'ENROLMENT_WINDOW';
  if (matchedAt !== null && now - matchedAt < MATCH_FRESH_MS) return 'FRESH_MATCH';
  return null;
}
