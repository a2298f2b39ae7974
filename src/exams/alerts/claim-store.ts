import type { Db } from '../../storage/index.js';

/** What a client said of itself. Never read to decide anything. */
export interface Claim {
  examId: string;
  userId: string;
  /** What about: `identification_result`. */
  subject: string;
  value: string;
  /** UTC milliseconds. */
  at: number;
}

export async function insertClaim(tx: Db, { examId, userId, subject, value, at }: Claim): Promise<void> {
  await tx('exam_claims').insert({ exam_id: examId, user_id: userId, subject, value, at });
}
