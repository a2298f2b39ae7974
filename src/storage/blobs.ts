import { randomUUID } from 'node:crypto';
import type { Containers } from './containers.js';
import type { Db } from './db.js';

export interface NewBlob {
  containerId: string;
  /** A media type: `image/jpeg`. */
  contentType: string;
  bytes: Uint8Array;
  /** UTC milliseconds after which it is deleted; null where its owner deletes it. */
  expiresAt: number | null;
}

export interface Blob {
  id: string;
  containerId: string;
  contentType: string;
  bytes: Buffer;
  createdAt: number;
  expiresAt: number | null;
}

/** Pictures and recordings, sealed in their container. */
export interface Blobs {
  /** Stores and returns the blob's id. @throws SealError when the container is gone */
  put(db: Db, blob: NewBlob): Promise<string>;
  /** Undefined when it is not there, or has expired. @throws SealError when it cannot be opened */
  get(db: Db, id: string): Promise<Blob | undefined>;
  delete(db: Db, id: string): Promise<boolean>;
  /** Deletes at most `limit` blobs that expired by `now`; returns how many. Call again while it returns `limit`. */
  deleteExpired(db: Db, now: number, limit: number): Promise<number>;
}

interface BlobRow {
  id: string;
  container_id: string;
  content_type: string;
  sealed: Buffer;
  size: number;
  created_at: number;
  expires_at: number | null;
}

/** The blobs of one store. */
export function createBlobs(containers: Containers, now: () => number): Blobs {
  return {
    async put(db, { containerId, contentType, bytes, expiresAt }) {
      const id = randomUUID();
      const sealed = await containers.seal(db, containerId, purposeOf(id), bytes);
      const row: BlobRow = {
        id,
        container_id: containerId,
        content_type: contentType,
        sealed,
        size: bytes.length,
        created_at: now(),
        expires_at: expiresAt,
      };
      await db<BlobRow>('blobs').insert(row);
      return id;
    },

    async get(db, id) {
      const row = await db<BlobRow>('blobs').where({ id }).first();
      if (!row || (row.expires_at !== null && row.expires_at <= now())) return undefined;
      return {
        id,
        containerId: row.container_id,
        contentType: row.content_type,
        bytes: await containers.open(db, row.container_id, purposeOf(id), row.sealed),
        createdAt: row.created_at,
        expiresAt: row.expires_at,
      };
    },

    async delete(db, id) {
      return (await db('blobs').where({ id }).delete()) > 0;
    },

    async deleteExpired(db, at, limit) {
      const ids = (await db('blobs').where('expires_at', '<=', at).limit(limit).pluck('id')) as string[];
      return ids.length === 0 ? 0 : db('blobs').whereIn('id', ids).delete();
    },
  };
}

function purposeOf(id: string): string {
  return `blob:${id}`;
}
