import {
  assuranceReaches,
  withPhone,
  type Assurance,
  type ConsentGuard,
  type FaceParts,
  type UserReference,
  type RecogniserEntry,
  type ReferenceRegistry,
  type Subject,
} from '../../biometrics/index.js';
import { StatusError } from '../../call/index.js';
import type { Db } from '../../storage/index.js';

/** What an exam asks of a picture. Eyes are not asked for: nothing is decided by them. */
export const PARTS: FaceParts = { embedding: true, pose: true, eyes: false, quality: true, liveness: true };

/**
 * The reference that a student's picture may be compared with.
 * @throws StatusError CONSENT_REQUIRED, REFERENCE_MISSING (none, not complete, or with the phone), MODEL_MISMATCH,
 *   ASSURANCE_TOO_LOW
 */
export async function referenceFor(
  db: Db,
  subject: Subject,
  minimumAssurance: Assurance,
  {
    consent,
    references,
    recogniser,
  }: {
    consent: ConsentGuard;
    references: Pick<ReferenceRegistry, 'reference'>;
    recogniser: RecogniserEntry;
  },
): Promise<UserReference> {
  await consent.require(db, subject, 'FACE', 'EXAM_IDENTITY');
  const reference = await references.reference(db, subject.userId, 'FACE');
  if (!reference?.complete) {
    throw new StatusError('REFERENCE_MISSING', 'There is no complete face reference to compare with.');
  }
  if (reference.withPhone) throw withPhone('FACE');
  if (reference.modelId !== recogniser.id) {
    throw new StatusError('MODEL_MISMATCH', 'The face reference was made by another model; enrol again.', {
      metadata: { template: reference.modelId, model: recogniser.id },
    });
  }
  if (!assuranceReaches(reference.assurance, minimumAssurance)) {
    throw new StatusError('ASSURANCE_TOO_LOW', 'This exam asks for a reference of higher assurance.', {
      metadata: { assurance: reference.assurance, minimum: minimumAssurance },
    });
  }
  return reference;
}
