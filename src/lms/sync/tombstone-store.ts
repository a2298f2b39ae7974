import type { Db } from '../../storage/index.js';
import { batchesOf } from '../batches.js';

/** Digests in one statement: well below what SQLite takes. */
const CHUNK = 500;

interface TombstoneRow {
  connection_id: string;
  digest: string;
  /** Of the latest erasure. UTC milliseconds. */
  at: number;
}

/** Accounts of an LMS whose people were erased here, as keyed digests: a sync is not to bring them back. */
export async function putTombstone(tx: Db, connectionId: string, digest: string, at: number): Promise<void> {
  await tx<TombstoneRow>('lms_tombstones')
    .insert({ connection_id: connectionId, digest, at })
    .onConflict(['connection_id', 'digest'])
    .merge(['at']);
}

/** Those of the digests that are there, with when. Inside a transaction one that is being written is waited for. */
export async function tombstonesOf(
  db: Db,
  connectionId: string,
  digests: readonly string[],
): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const some of batchesOf(digests, CHUNK)) {
    const query = db<TombstoneRow>('lms_tombstones')
      .where('connection_id', connectionId)
      .whereIn('digest', some)
      .select('digest', 'at');
    const rows = await (db.isTransaction ? query.forShare() : query);
    for (const { digest, at } of rows) found.set(digest, at);
  }
  return found;
}
