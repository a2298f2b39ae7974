import { insertIgnore, type Db } from '../storage/index.js';
import type { LmsKind } from './capabilities.js';
import type { Connection } from './connection.js';

interface ConnectionRow {
  id: string;
  organisation_id: string;
  kind: string;
  display_name: string;
  address: string;
  container_id: string;
  /** Empty where there is none. */
  token: Buffer;
  site_key: Buffer | null;
  site_key_at: number | null;
  created_at: number;
}

/** False when the organisation has connected that address already. */
export async function insertConnection(tx: Db, connection: Connection): Promise<boolean> {
  return insertIgnore(tx, 'lms_connections', {
    id: connection.id,
    organisation_id: connection.organisationId,
    kind: connection.kind,
    display_name: connection.displayName,
    address: connection.address,
    container_id: connection.containerId,
    token: connection.token ?? Buffer.alloc(0),
    created_at: connection.createdAt,
  });
}

/** Of an organisation, by name. */
export async function connectionsOf(db: Db, organisationId: string): Promise<Connection[]> {
  const rows = await db<ConnectionRow>('lms_connections')
    .where('organisation_id', organisationId)
    .orderBy(['display_name', 'id']);
  return rows.map(read);
}

export async function connectionById(
  db: Db,
  organisationId: string,
  id: string,
): Promise<Connection | undefined> {
  const row = await db<ConnectionRow>('lms_connections')
    .where({ organisation_id: organisationId, id })
    .first();
  return row && read(row);
}

/** Whatever the organisation: for what a site signs, which says by its key id whose it is. */
export async function anyConnection(db: Db, id: string): Promise<Connection | undefined> {
  const row = await db<ConnectionRow>('lms_connections').where({ id }).first();
  return row && read(row);
}

/** @param siteKey null takes it away */
export async function setSiteKey(tx: Db, id: string, siteKey: Connection['siteKey']): Promise<void> {
  await tx('lms_connections')
    .where({ id })
    .update({ site_key: siteKey?.secret ?? null, site_key_at: siteKey?.createdAt ?? null });
}

/** What hangs on a connection, in the order in which it may be deleted. The exams stay. */
const BY_CONNECTION = ['lms_pushes', 'lms_tokens', 'lms_exams', 'lms_accounts'] as const;

export async function deleteConnection(tx: Db, id: string): Promise<void> {
  for (const table of BY_CONNECTION) await tx(table).where('connection_id', id).delete();
  await tx('lms_connections').where({ id }).delete();
}

function read(row: ConnectionRow): Connection {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    kind: row.kind as LmsKind,
    displayName: row.display_name,
    address: row.address,
    containerId: row.container_id,
    token: row.token.length === 0 ? null : row.token,
    siteKey: row.site_key && { secret: row.site_key, createdAt: row.site_key_at ?? 0 },
    createdAt: row.created_at,
  };
}
