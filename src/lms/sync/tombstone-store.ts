import { insertIgnore, type Db } from '../../storage/index.js';

/** Accounts of an LMS whose people were erased here, as keyed digests: a sync is not to bring them back. */
export async function insertTombstone(
  tx: Db,
  connectionId: string,
  digest: string,
  at: number,
): Promise<void> {
  await insertIgnore(tx, 'lms_tombstones', { connection_id: connectionId, digest, at });
}

export async function tombstonesOf(db: Db, connectionId: string): Promise<Set<string>> {
  const digests = (await db('lms_tombstones')
    .where('connection_id', connectionId)
    .pluck('digest')) as string[];
  return new Set(digests);
}
