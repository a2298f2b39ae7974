import { insertIgnore, type Db } from '../storage/index.js';

/** Uses a token up, until it has expired; false where it was used before. */
export async function useToken(
  tx: Db,
  { connectionId, jti, expiresAt }: { connectionId: string; jti: string; expiresAt: number },
): Promise<boolean> {
  return insertIgnore(tx, 'lms_tokens', { connection_id: connectionId, jti, expires_at: expiresAt });
}

/** Forgets at most `limit` tokens that are refused for their age by `now`; how many. */
export async function forgetTokens(db: Db, now: number, limit: number): Promise<number> {
  const keys: { connection_id: string; jti: string }[] = await db('lms_tokens')
    .where('expires_at', '<=', now)
    .limit(limit)
    .select('connection_id', 'jti');
  if (keys.length === 0) return 0;
  return db('lms_tokens')
    .whereIn(
      ['connection_id', 'jti'],
      keys.map((key) => [key.connection_id, key.jti]),
    )
    .delete();
}
