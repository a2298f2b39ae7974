import { randomUUID } from 'node:crypto';
import { StatusError } from '../../call/index.js';
import type { Audit } from '../../events/index.js';
import { emit } from '../../events/index.js';
import type { Db, Storage } from '../../storage/index.js';
import type { FaceTemplate } from '../face/index.js';
import type { Assurance, Modality, OnReferenceChanged, Subject } from '../ports.js';
import type { ReferenceRegistry, UserReference } from '../registry.js';
import type { TemplateVault } from '../templates/index.js';
import { findAllowance } from './allowance-store.js';
import type { RemovalProof } from './removal.js';
import * as store from './store.js';
import type { ReferenceRecord } from './store.js';
import { withPhone } from './with-phone.js';

const DAY_MS = 86_400_000;

export interface ReferencesDependencies {
  storage: Storage;
  audit: Audit;
  vault: TemplateVault;
  referenceChanged: OnReferenceChanged;
  clock: { now(): number };
  options: { requiredTemplates: Record<Modality, number>; referenceRetentionDays: number };
}

/** Why a reference goes, for the trail. */
export type RemovalCause = RemovalProof | 'CONSENT_WITHDRAWN' | 'EXPIRED';

/** References with their templates. What changes one is done in the caller's transaction. */
export interface References extends ReferenceRegistry {
  /** The reference and the row it came from; null when there is none, or it has expired. */
  open(
    db: Db,
    userId: string,
    modality: Modality,
  ): Promise<{ record: ReferenceRecord; reference: UserReference } | null>;
  /** Makes a reference, in the place of one that expired or may go. @throws StatusError VERSION_CONFLICT */
  create(tx: Db, subject: Subject, made: NewReference): Promise<void>;
  /** Adds templates. @throws StatusError VERSION_CONFLICT */
  add(tx: Db, record: ReferenceRecord, templates: readonly FaceTemplate[]): Promise<void>;
  /** @throws StatusError VERSION_CONFLICT */
  remove(tx: Db, record: ReferenceRecord, why: { actor: string | null; cause: RemovalCause }): Promise<void>;
  /** References of other users of the organisation, the latest enrolled first: what somebody is told from. */
  newestOf(
    db: Db,
    except: Subject,
    of: { modality: Modality; modelId: string },
    limit: number,
  ): Promise<HeldReference[]>;
  /** As told to its owner. */
  isComplete(modality: Modality, templates: number): boolean;
}

/** Somebody's reference among others. */
export interface HeldReference {
  subject: Subject;
  referenceId: string;
  /** Counts up with every change. */
  version: number;
  open(): Promise<FaceTemplate[]>;
}

export interface NewReference {
  modality: Modality;
  modelId: string;
  assurance: Assurance;
  templates: readonly FaceTemplate[];
  /** What it replaces. */
  old: ReferenceRecord | null;
  actor: string;
  /** How the replacement was proven, for the trail. */
  proof: Record<string, unknown>;
}

export function createReferences({
  storage,
  audit,
  vault,
  referenceChanged,
  clock,
  options,
}: ReferencesDependencies): References {
  const { containers } = storage;
  const required = (modality: Modality): number => options.requiredTemplates[modality];
  const isComplete = (modality: Modality, templates: number): boolean => templates >= required(modality);
  const live = (record: ReferenceRecord | null): record is ReferenceRecord =>
    record !== null && record.expiresAt > clock.now();

  async function open(db: Db, userId: string, modality: Modality) {
    const record = await store.findReference(db, userId, modality);
    if (!live(record)) return null;
    const sealed = await store.sealedTemplates(db, record.id);
    const templateCount = record.custody === 'PHONE' ? (record.packedTemplates ?? 0) : sealed.length;
    const reference: UserReference = {
      referenceId: record.id,
      modelId: record.modelId,
      templateCount,
      withPhone: record.custody === 'PHONE',
      open: () => openTemplates(db, record, sealed),
      assurance: record.assurance,
      complete: isComplete(modality, templateCount),
      enrolledAt: record.enrolledAt,
      expiresAt: record.expiresAt,
    };
    return { record, reference };
  }

  async function openTemplates(
    db: Db,
    record: ReferenceRecord,
    sealed: readonly Buffer[],
  ): Promise<FaceTemplate[]> {
    if (record.custody === 'PHONE') throw withPhone(record.modality);
    const templates: FaceTemplate[] = [];
    for (const each of sealed) {
      const { modelId, subject, vector } = await vault.open(db, record.containerId, each);
      // The seal vouches for both; a row that points elsewhere was not written by us.
      if (subject !== record.userId || modelId !== record.modelId)
        throw new Error('a template is not of its reference');
      templates.push({ modelId, vector });
    }
    return templates;
  }

  async function insertTemplates(
    tx: Db,
    record: ReferenceRecord,
    templates: readonly FaceTemplate[],
    from: number,
  ): Promise<void> {
    for (const [index, { modelId, vector }] of templates.entries()) {
      const template = { modality: record.modality, modelId, subject: record.userId, vector };
      const sealed = await vault.seal(tx, record.containerId, template);
      await store.insertTemplate(tx, {
        referenceId: record.id,
        position: from + index,
        sealed,
        at: clock.now(),
      });
    }
  }

  async function destroy(tx: Db, record: ReferenceRecord): Promise<void> {
    await store.deleteReference(tx, record);
    await containers.destroy(tx, record.containerId);
  }

  async function tell(
    tx: Db,
    { id, organisationId, userId, modality }: ReferenceRecord,
    what: 'enrolled' | 'extended' | 'replaced' | 'removed',
    actor: string | null,
    details: Record<string, unknown>,
  ): Promise<void> {
    const at = clock.now();
    await emit(tx, {
      organisationId,
      topic: `reference.${what}`,
      key: userId,
      payload: { user: userId, modality },
      at,
    });
    await audit.record(tx, {
      organisationId,
      actor,
      subject: userId,
      action: `reference.${what}`,
      target: `references/${id}`,
      details: { modality, ...details },
    });
  }

  async function remove(
    tx: Db,
    record: ReferenceRecord,
    { actor, cause }: { actor: string | null; cause: RemovalCause },
  ): Promise<void> {
    await destroy(tx, record);
    await tell(tx, record, 'removed', actor, { cause });
    if (cause !== 'EXPIRED') await referenceChanged(tx, record.userId, 'REMOVED');
  }

  return {
    open,
    remove,
    required,
    isComplete,

    async create(tx, { userId, organisationId }, made) {
      const { modality, modelId, assurance, templates, old, actor, proof } = made;
      if (old) await destroy(tx, old);
      const now = clock.now();
      // A container of its own: replacing or removing a reference destroys its key, and no copy opens again.
      const containerId = await containers.create(tx, { organisationId, kind: 'reference', ownerId: userId });
      const record: ReferenceRecord = {
        id: randomUUID(),
        organisationId,
        userId,
        modality,
        containerId,
        modelId,
        assurance,
        enrolledAt: now,
        expiresAt: now + options.referenceRetentionDays * DAY_MS,
        matchedAt: null,
        custody: 'SERVER',
        packedTemplates: null,
        lentUntil: null,
        version: 1,
      };
      await store.insertReference(tx, record);
      await insertTemplates(tx, record, templates, 0);
      const replaced = live(old);
      const facts = { modelId, assurance, templates: templates.length, ...proof };
      await tell(tx, record, replaced ? 'replaced' : 'enrolled', actor, facts);
      if (replaced) await referenceChanged(tx, userId, 'REPLACED');
    },

    async add(tx, record, templates) {
      await store.advanceReference(tx, record);
      const held = await store.countTemplates(tx, record);
      await insertTemplates(tx, record, templates, held);
      await tell(tx, record, 'extended', record.userId, { templates: held + templates.length });
    },

    async newestOf(db, except, of, limit) {
      const records = await store.newestReferences(db, except, of, clock.now(), limit);
      return records.map((record) => ({
        subject: { userId: record.userId, organisationId: record.organisationId },
        referenceId: record.id,
        version: record.version,
        open: async () => openTemplates(db, record, await store.sealedTemplates(db, record.id)),
      }));
    },

    reference: async (db, userId, modality) => (await open(db, userId, modality))?.reference ?? null,

    async replaceableUntil(db, userId, modality) {
      return (await findAllowance(db, userId, modality, clock.now()))?.expiresAt ?? null;
    },

    async enrolled(db, userId) {
      const records = (await store.referencesOf(db, userId)).filter(live);
      return Promise.all(
        records.map(async (record) => ({
          modality: record.modality,
          enrolledAt: record.enrolledAt,
          complete: isComplete(record.modality, await store.countTemplates(db, record)),
        })),
      );
    },

    async recordMatch(db, { userId, referenceId }, at) {
      if (await store.setMatchedAt(db, userId, referenceId, at)) return;
      throw new StatusError('REFERENCE_MISSING', 'The reference was changed meanwhile; try again.');
    },

    async forget(tx, { userId }, modality: Modality) {
      const record = await store.findReference(tx, userId, modality);
      if (!record) return 0;
      await remove(tx, record, { actor: userId, cause: 'CONSENT_WITHDRAWN' });
      return 1;
    },
  };
}
