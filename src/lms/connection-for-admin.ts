import { requireRole, type Context } from '../call/index.js';
import type { Db } from '../storage/index.js';
import type { Connection } from './connection.js';
import { connectionNotFound } from './connection-not-found.js';
import { connectionById } from './connection-store.js';

/**
 * A connection of the caller's organisation, and who asks.
 * @throws StatusError ROLE_REQUIRED, CONNECTION_NOT_FOUND
 */
export async function connectionForAdmin(
  db: Db,
  ctx: Context,
  id: string,
): Promise<{ connection: Connection; actor: string }> {
  const { organisationId, userId: actor } = requireRole(ctx, 'ADMIN');
  const connection = await connectionById(db, organisationId, id);
  if (connection) return { connection, actor };
  throw connectionNotFound(id);
}
