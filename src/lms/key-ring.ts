import type { Storage } from '../storage/index.js';
import { anyConnection } from './connection-store.js';
import { siteKeyPurpose } from './site-key.js';
import type { KeyOf } from './signed-token.js';

/** The secrets of connected sites. Nothing is kept: a revoked key is good for nothing at once, on every node. */
export function siteKeys({ db, containers }: Pick<Storage, 'db' | 'containers'>): KeyOf {
  return async (connectionId) => {
    const connection = await anyConnection(db, connectionId);
    if (!connection?.siteKey) return null;
    const { containerId, siteKey } = connection;
    return {
      connection,
      secret: await containers.open(db, containerId, siteKeyPurpose(connection), siteKey.secret),
    };
  };
}
