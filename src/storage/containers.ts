import { randomBytes, randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Db } from './db.js';
import type { Kms } from './kms.js';
import { KEY_BYTES, openSealed, seal, SealError } from './sealed.js';

const CACHED_KEYS = 1_000;
const CACHED_FOR_MS = 60_000;

export interface NewContainer {
  organisationId: string;
  /** What it holds, for people who read the table: `subject`, `session`. */
  kind: string;
  /** Whom the contents belong to: a user, a session. */
  ownerId: string;
}

export interface Container extends NewContainer {
  id: string;
  createdAt: number;
}

/**
 * A container is what is erased as one: everything sealed in it shares a data key, and without the key nothing of
 * it can be read again, wherever copies lie.
 */
export interface Containers {
  /** Makes a container with a fresh data key and returns its id. */
  create(db: Db, container: NewContainer): Promise<string>;
  /** The live containers of an owner, oldest first. */
  ofOwner(db: Db, organisationId: string, ownerId: string): Promise<Container[]>;
  /**
   * Seals bytes in a container for a purpose that names their place (`template:<id>`), so that they open nowhere
   * else.
   * @throws SealError `destroyed`, `no_container`
   */
  seal(db: Db, containerId: string, purpose: string, plaintext: Uint8Array): Promise<Buffer>;
  /** What `seal` was given. @throws SealError, any problem */
  open(db: Db, containerId: string, purpose: string, sealed: Uint8Array): Promise<Buffer>;
  /**
   * Erases: overwrites the data key, then deletes the container's blobs. False when it was gone already. What
   * else was sealed in it may be deleted at leisure.
   */
  destroy(db: Db, containerId: string): Promise<boolean>;
  /** Deletes what says that an owner had containers, the destroyed ones only; returns how many. */
  forget(db: Db, organisationId: string, ownerId: string): Promise<number>;
}

interface ContainerRow {
  id: string;
  organisation_id: string;
  kind: string;
  owner_id: string;
  wrapped_key: Buffer | null;
  kms_key_id: string;
  created_at: number;
  destroyed_at: number | null;
}

/** The containers of one store. `kms` is asked at each call because the key ring opens after migration. */
export function createContainers(kms: () => Kms, now: () => number): Containers {
  // The row is read every time, so that a key destroyed by another node is not used here again: the cache only
  // saves the KMS, and ends soon for the sake of memory dumps.
  const keys = new LRUCache<string, Buffer>({ max: CACHED_KEYS, ttl: CACHED_FOR_MS });

  async function dataKey(db: Db, containerId: string): Promise<Buffer> {
    const row = await db<ContainerRow>('containers').where({ id: containerId }).first('wrapped_key');
    if (!row) throw new SealError('no_container', 'There is no such container.');
    if (!row.wrapped_key) {
      keys.delete(containerId);
      throw new SealError('destroyed', 'The contents of this container were erased.');
    }
    const cached = keys.get(containerId);
    if (cached) return cached;
    const key = await kms().unwrap(row.wrapped_key, containerId);
    keys.set(containerId, key);
    return key;
  }

  return {
    async create(db, { organisationId, kind, ownerId }) {
      const id = randomUUID();
      const key = randomBytes(KEY_BYTES);
      await db('containers').insert({
        id,
        organisation_id: organisationId,
        kind,
        owner_id: ownerId,
        wrapped_key: await kms().wrap(key, id),
        kms_key_id: kms().id,
        created_at: now(),
        destroyed_at: null,
      });
      return id;
    },

    async ofOwner(db, organisationId, ownerId) {
      const rows = await db<ContainerRow>('containers')
        .where({ organisation_id: organisationId, owner_id: ownerId, destroyed_at: null })
        .orderBy([{ column: 'created_at' }, { column: 'id' }])
        .select('id', 'kind', 'created_at');
      return rows.map((row) => ({
        id: row.id,
        organisationId,
        kind: row.kind,
        ownerId,
        createdAt: row.created_at,
      }));
    },

    async seal(db, containerId, purpose, plaintext) {
      return seal(await dataKey(db, containerId), bound(containerId, purpose), plaintext);
    },

    async open(db, containerId, purpose, sealed) {
      return openSealed(await dataKey(db, containerId), bound(containerId, purpose), sealed);
    },

    async destroy(db, containerId) {
      keys.delete(containerId);
      const destroyed = await db('containers')
        .where({ id: containerId })
        .whereNotNull('wrapped_key')
        .update({ wrapped_key: null, destroyed_at: now() });
      await db('blobs').where({ container_id: containerId }).delete();
      return destroyed > 0;
    },

    async forget(db, organisationId, ownerId) {
      return db('containers')
        .where({ organisation_id: organisationId, owner_id: ownerId })
        .whereNotNull('destroyed_at')
        .delete();
    },
  };
}

/** Container ids hold no slash, so no two pairs give the same text. */
function bound(containerId: string, purpose: string): string {
  return `${containerId}/${purpose}`;
}
