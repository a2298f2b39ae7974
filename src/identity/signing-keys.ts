import { randomUUID, type KeyObject } from 'node:crypto';
import { exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { LRUCache } from 'lru-cache';
import { UUID } from '../call/index.js';
import { isUniqueViolation, type Db, type Storage } from '../storage/index.js';
import * as store from './key-store.js';
import { ACCESS_TOKEN_MS } from './login.js';

/** A key signs for one period. Periods are counted from 1970, so that all nodes agree on them. */
export const KEY_PERIOD_MS = 30 * 86_400_000;
/** Difference between the clocks of two nodes that tokens survive. */
export const CLOCK_TOLERANCE_MS = 5_000;
/** A key deleted from the database, because it leaked, verifies nowhere after this. */
const CACHED_FOR_MS = 60_000;
const CACHED = 16;

/** The Ed25519 keys of the access tokens, shared by all nodes through the database. */
export interface SigningKeys {
  /** The key of the present period, made when there is none. */
  signing(): Promise<{ kid: string; key: KeyObject }>;
  /** The key that verifies tokens with this `kid`; null when it is not ours or its tokens are dead. */
  verifying(kid: string): Promise<KeyObject | null>;
  /** The public keys that verify living tokens, newest first. */
  publicKeys(): Promise<JWK[]>;
  /** Destroys keys whose tokens are dead; how many. */
  expire(): Promise<number>;
}

export function createSigningKeys({
  storage,
  clock,
}: {
  storage: Pick<Storage, 'db' | 'containers' | 'transaction'>;
  clock: { now(): number };
}): SigningKeys {
  const { db, containers, transaction } = storage;
  const verifying = new LRUCache<string, { key: KeyObject; until: number }>({
    max: CACHED,
    ttl: CACHED_FOR_MS,
    perf: clock,
    ttlResolution: 0,
  });
  let signing: { period: number; readAt: number; kid: string; key: KeyObject } | undefined;

  async function make(period: number): Promise<void> {
    const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    const id = randomUUID();
    const publicJwk = { ...(await exportJWK(pair.publicKey)), kid: id, alg: 'EdDSA', use: 'sig' };
    const secret = Buffer.from(JSON.stringify(await exportJWK(pair.privateKey)));
    const verifiesUntil = (period + 1) * KEY_PERIOD_MS + ACCESS_TOKEN_MS + CLOCK_TOLERANCE_MS;
    try {
      await transaction(async (tx) => {
        const containerId = await containers.create(tx, {
          organisationId: 'installation',
          kind: 'signing-key',
          ownerId: id,
        });
        const sealedPrivate = await containers.seal(tx, containerId, purpose(id), secret);
        await store.insertKey(tx, { id, period, containerId, publicJwk, sealedPrivate, verifiesUntil });
      });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error; // Another node made it first, and its key is as good.
    } finally {
      secret.fill(0);
    }
  }

  async function ofPeriod(period: number): Promise<store.StoredKey> {
    const known = await store.keyOfPeriod(db, period);
    if (known) return known;
    await make(period);
    const made = await store.keyOfPeriod(db, period);
    if (!made) throw new Error('The signing key vanished while it was being made.');
    return made;
  }

  return {
    async signing() {
      const now = clock.now();
      const period = Math.floor(now / KEY_PERIOD_MS);
      if (signing?.period === period && now - signing.readAt < CACHED_FOR_MS) return signing;
      const stored = await ofPeriod(period);
      const secret = await containers.open(db, stored.containerId, purpose(stored.id), stored.sealedPrivate);
      const key = await imported(JSON.parse(secret.toString('utf8')) as JWK);
      secret.fill(0);
      signing = { period, readAt: now, kid: stored.id, key };
      return signing;
    },

    async verifying(kid) {
      if (!UUID.test(kid)) return null;
      const cached = verifying.get(kid);
      if (cached) return cached.until > clock.now() ? cached.key : null;
      const stored = await store.keyById(db, kid);
      if (!stored || stored.verifiesUntil <= clock.now()) return null;
      const key = await imported(stored.publicJwk);
      verifying.set(kid, { key, until: stored.verifiesUntil });
      return key;
    },

    async publicKeys() {
      return (await store.livingKeys(db, clock.now())).map((key) => key.publicJwk);
    },

    async expire() {
      const dead = await store.deadKeys(db, clock.now());
      for (const { id, containerId } of dead) {
        await transaction(async (tx: Db) => {
          await containers.destroy(tx, containerId);
          await store.deleteKey(tx, id);
        });
      }
      return dead.length;
    },
  };
}

function purpose(kid: string): string {
  return `signing-key:${kid}`;
}

/** jose gives raw bytes for symmetric keys only, which ours are not. */
async function imported(jwk: JWK): Promise<KeyObject> {
  return (await importJWK(jwk, 'EdDSA')) as KeyObject;
}
