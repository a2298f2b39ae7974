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
  token: Buffer;
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
    token: connection.token,
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

export async function deleteConnection(tx: Db, id: string): Promise<void> {
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
    token: row.token,
    createdAt: row.created_at,
  };
}
