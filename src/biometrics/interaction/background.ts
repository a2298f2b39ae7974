import { LRUCache } from 'lru-cache';
import { StatusError } from '../../call/index.js';
import type { Db } from '../../storage/index.js';
import type { ConsentGuard, Subject } from '../ports.js';
import type { HeldReference, References } from '../references/index.js';
import { decodeRhythm, encodeRhythm } from './codec.js';
import { MODEL_ID } from './policy.js';
import { backgroundShare, mergeRhythms } from './rhythm.js';

/** Users that a user is told from: twice what a covariance needs at least, and what a fit in 30 ms can bear. */
const MOST_USERS = 40;
/** Opened shares are kept this long, for the next sample of the same exam; as data keys are. */
const KEPT_MS = 60_000;
const MOST_KEPT = 1_000;

/** The other users of an organisation, as what their references say of how people type. */
export interface Background {
  /** One encoded rhythm of each, without the subject's own. */
  of(db: Db, subject: Subject): Promise<Float32Array[]>;
}

/**
 * Nothing of it is stored: it is made of the references that are there at the moment, so that whoever is erased, takes
 * their consent back or expires is out of it with the next call (docs/adr/0012).
 */
export function createBackground({
  references,
  consent,
}: {
  references: Pick<References, 'newestOf'>;
  consent: ConsentGuard;
}): Background {
  // By reference and version: what was changed or deleted is not asked for again.
  const shares = new LRUCache<string, { share: Float32Array | null }>({ max: MOST_KEPT, ttl: KEPT_MS });

  async function shareOf(db: Db, held: HeldReference): Promise<Float32Array | null> {
    const key = `${held.referenceId}/${held.version}`;
    const known = shares.get(key);
    if (known) return known.share;
    const share = (await isConsented(db, held.subject)) ? await open(held) : null;
    shares.set(key, { share });
    return share;
  }

  /** A consent may also lapse because its policy was changed; the reference then stays, and is not used. */
  async function isConsented(db: Db, subject: Subject): Promise<boolean> {
    try {
      await consent.require(db, subject, 'INTERACTION', 'EXAM_IDENTITY');
      return true;
    } catch (error) {
      if (error instanceof StatusError && error.reason === 'CONSENT_REQUIRED') return false;
      throw error;
    }
  }

  return {
    async of(db, subject) {
      const held = await references.newestOf(
        db,
        subject,
        { modality: 'INTERACTION', modelId: MODEL_ID },
        MOST_USERS,
      );
      const found: (Float32Array | null)[] = [];
      for (const each of held) found.push(await shareOf(db, each));
      return found.filter((share) => share !== null);
    },
  };
}

async function open(held: HeldReference): Promise<Float32Array> {
  const templates = await held.open();
  return encodeRhythm(backgroundShare(mergeRhythms(templates.map(({ vector }) => decodeRhythm(vector)))));
}
