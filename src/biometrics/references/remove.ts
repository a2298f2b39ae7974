import { StatusError, type Context, type Principal } from '../../call/index.js';
import { compare } from '../face/index.js';
import { inWords } from '../presenter.js';
import type { Modality, Subject } from '../ports.js';
import { consumeAllowance, findAllowance } from './allowance-store.js';
import { standingProof, type RemovalProof } from './removal.js';
import { ALL_PARTS, type ReferenceServiceDependencies } from './service-dependencies.js';
import { findReference, type ReferenceRecord } from './store.js';
import { refuseWhileSitting } from './sitting.js';
import { asAttempt, throttleKey } from './throttle.js';
import { withPhone } from './with-phone.js';

/**
 * Removes a reference, given one of the proofs of `RemovalProof`. Needs no consent: taking things back never does.
 */
export function createRemove({
  storage,
  analyser,
  recogniser,
  references,
  sitting,
  throttle,
  clock,
}: Omit<ReferenceServiceDependencies, 'enrol' | 'verify'>) {
  /** Whether the picture matches; null where there is no picture or nothing that it could be compared with. */
  async function byPicture(
    ctx: Context,
    record: ReferenceRecord,
    image: Uint8Array,
  ): Promise<string[] | null> {
    if (image.length === 0 || record.modality !== 'FACE' || record.modelId !== recogniser.id) return null;
    if (record.custody === 'PHONE') return [withPhone('FACE').message];
    return asAttempt(throttle, throttleKey(record.userId, 'FACE'), async () => {
      const analysis = await analyser.analyse(image, ALL_PARTS, ctx);
      const opened = await references.open(storage.db, record.userId, 'FACE');
      if (!opened) return { verdict: 'NO_VERDICT' as const, result: null };
      const finding = compare(analysis, await opened.reference.open(), recogniser);
      if (finding.outcome === 'MATCH') return { verdict: 'MATCH' as const, result: [] };
      const verdict = finding.score === null ? ('NO_VERDICT' as const) : ('FAILED' as const);
      const words = inWords(finding);
      return { verdict, result: words.length > 0 ? words : ['The picture does not match the reference.'] };
    });
  }

  return async function remove(
    ctx: Context,
    caller: Principal,
    subject: Subject,
    modality: Modality,
    image: Uint8Array,
  ): Promise<void> {
    const { db } = storage;
    const record = await findReference(db, subject.userId, modality);
    if (!record || record.expiresAt <= clock.now()) throw noReference(subject.userId, modality);
    await refuseWhileSitting(sitting, db, subject.userId);
    let cause: RemovalProof | null = standingProof(record, caller.role, clock.now());
    let refused: string[] | null = null;
    if (!cause) {
      refused = await byPicture(ctx, record, image);
      if (refused?.length === 0) cause = 'PICTURE';
    }
    const allowance = cause ? null : await findAllowance(db, subject.userId, modality, clock.now());
    if (allowance) cause = 'STAFF_ALLOWANCE';
    if (!cause) throw unproven(modality, refused);
    const proof = cause;
    await storage.transaction(async (tx) => {
      await refuseWhileSitting(sitting, tx, subject.userId);
      if (allowance && !(await consumeAllowance(tx, allowance.id))) throw unproven(modality, refused);
      await references.remove(tx, record, { actor: caller.userId, cause: proof });
    });
  };
}

function unproven(modality: Modality, refused: string[] | null): StatusError {
  const needed =
    modality === 'FACE'
      ? 'A picture that matches the reference is needed.'
      : 'A sample must have matched the reference within the last ten minutes.';
  const why = refused?.join(' ') ?? needed;
  return new StatusError('REPLACEMENT_UNPROVEN', `${why} Staff can allow the removal.`);
}

/** @returns REFERENCE_NOT_FOUND for `users/{user}/references/{modality}` */
export function noReference(userId: string, modality: string): StatusError {
  return new StatusError('REFERENCE_NOT_FOUND', 'There is no such reference.', {
    resource: {
      type: 'probity.biometrics.v1.Reference',
      name: `users/${userId}/references/${modality.toLowerCase()}`,
    },
  });
}
