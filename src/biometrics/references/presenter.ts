import { formatName } from '../../call/index.js';
import {
  Assurance as AssuranceMessage,
  Modality as ModalityMessage,
  type Reference as ReferenceMessage,
} from '../../grpc/gen/probity/biometrics/v1/reference_service.js';
import type { Db } from '../../storage/index.js';
import type { Assurance, Modality } from '../ports.js';
import type { References } from './references.js';
import { countTemplates, referencesOf, type ReferenceRecord } from './store.js';

export const MODALITIES: Record<Modality, ModalityMessage> = {
  FACE: ModalityMessage.MODALITY_FACE,
  VOICE: ModalityMessage.MODALITY_VOICE,
  HANDWRITING: ModalityMessage.MODALITY_HANDWRITING,
  INTERACTION: ModalityMessage.MODALITY_INTERACTION,
};

const ASSURANCES: Record<Assurance, AssuranceMessage> = {
  SELF_ASSERTED: AssuranceMessage.ASSURANCE_SELF_ASSERTED,
  SINGLE_SIGN_ON: AssuranceMessage.ASSURANCE_SINGLE_SIGN_ON,
  STAFF_APPROVED: AssuranceMessage.ASSURANCE_STAFF_APPROVED,
  DOCUMENT: AssuranceMessage.ASSURANCE_DOCUMENT,
};

/** A user's references as messages, those that have expired left out. */
export async function presentReferences(
  db: Db,
  references: Pick<References, 'isComplete' | 'replaceableUntil'>,
  userId: string,
  now: number,
): Promise<ReferenceMessage[]> {
  const records = (await referencesOf(db, userId)).filter(({ expiresAt }) => expiresAt > now);
  return Promise.all(records.map((record) => present(db, references, record)));
}

async function present(
  db: Db,
  references: Pick<References, 'isComplete' | 'replaceableUntil'>,
  record: ReferenceRecord,
): Promise<ReferenceMessage> {
  const { userId, modality } = record;
  const templates = await countTemplates(db, record);
  const replaceableUntil = await references.replaceableUntil(db, userId, modality);
  return {
    name: formatName('users/{user}/references/{modality}', {
      user: userId,
      modality: modality.toLowerCase(),
    }),
    modality: MODALITIES[modality],
    model: record.modelId,
    templateCount: templates,
    complete: references.isComplete(modality, templates),
    assurance: ASSURANCES[record.assurance],
    enrolTime: new Date(record.enrolledAt),
    expireTime: new Date(record.expiresAt),
    replacementExpireTime: replaceableUntil === null ? undefined : new Date(replaceableUntil),
  };
}
