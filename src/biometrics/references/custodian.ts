import { StatusError } from '../../call/index.js';
import { SealError, type Db, type Storage } from '../../storage/index.js';
import type { Custodian, KeptReference } from '../custody.js';
import { decodeParcel, encodeParcel } from '../templates/index.js';
import type { References } from './references.js';
import * as store from './store.js';
import type { ReferenceRecord } from './store.js';

/** A blob: magic with its version, and the sealed parcel. */
const MAGIC = Buffer.from('PBW1', 'latin1');
/** Far above any reference of ours, and little enough to be looked at for nothing. */
const MOST_BYTES = 4 * 1024 * 1024;

export function createCustodian({
  storage,
  references,
  clock,
}: {
  storage: Storage;
  references: Pick<References, 'isComplete'>;
  clock: { now(): number };
}): Custodian {
  const { containers } = storage;

  async function held(db: Db, record: ReferenceRecord): Promise<KeptReference> {
    const { id, organisationId, userId, modality, containerId, custody } = record;
    const { packedTemplates, lentUntil, version } = record;
    const templates = await store.countTemplates(db, record);
    return {
      ...{ id, organisationId, userId, modality, containerId, custody },
      complete: references.isComplete(modality, templates),
      ...{ templates, packedTemplates, lentUntil, version },
    };
  }

  return {
    async ofUser(db, userId) {
      const records = (await store.referencesOf(db, userId)).filter(
        ({ expiresAt }) => expiresAt > clock.now(),
      );
      return Promise.all(records.map((record) => held(db, record)));
    },

    async endedLoans(db, now, limit) {
      const records = await store.endedLoans(db, now, limit);
      return Promise.all(records.map((record) => held(db, record)));
    },

    async pack(db, reference) {
      const parcel = encodeParcel({
        ...boundTo(reference),
        sealed: await store.sealedTemplates(db, reference.id),
      });
      return Buffer.concat([
        MAGIC,
        await containers.seal(db, reference.containerId, purpose(reference), parcel),
      ]);
    },

    async unpack(db, reference, blob) {
      const given = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
      if (given.length > MOST_BYTES || !given.subarray(0, MAGIC.length).equals(MAGIC)) throw invalid();
      const bytes = await containers
        .open(db, reference.containerId, purpose(reference), given.subarray(MAGIC.length))
        .catch((error: unknown) => {
          throw error instanceof SealError ? invalid(error) : error;
        });
      const { sealed, ...whose } = decodeParcel(bytes);
      const right = boundTo(reference);
      const same = (Object.keys(right) as (keyof typeof right)[]).every((key) => whose[key] === right[key]);
      // Fewer than the reference has: sent before a picture was added.
      if (!same || sealed.length !== reference.templates) throw invalid();
      return { sealed };
    },

    async move(tx, reference, to, parcel) {
      if (reference.custody === 'PHONE' && to.custody !== 'PHONE') {
        if (!parcel) throw new Error('templates come back from the phone, in a parcel');
        await store.setCustody(tx, reference, to);
        for (const [position, sealed] of parcel.sealed.entries()) {
          await store.insertTemplate(tx, { referenceId: reference.id, position, sealed, at: clock.now() });
        }
        return;
      }
      if (to.custody === 'PHONE' && to.packedTemplates !== reference.templates)
        throw new Error('the phone has fewer templates than would be deleted');
      await store.setCustody(tx, reference, to);
      if (to.custody === 'PHONE') await store.deleteTemplates(tx, reference.id);
    },
  };
}

/** What a blob is bound to, besides its container. */
function boundTo({ organisationId, userId, modality, id }: KeptReference) {
  return { organisationId, userId, modality, referenceId: id };
}

function purpose({ id }: KeptReference): string {
  return `wallet:${id}`;
}

/** One answer for every cause: which it was would help only somebody who guesses. */
function invalid(cause?: unknown): StatusError {
  return new StatusError(
    'TEMPLATE_INVALID',
    'This is not what the wallet was sent for the present enrolment of this person.',
    {},
    { cause },
  );
}
