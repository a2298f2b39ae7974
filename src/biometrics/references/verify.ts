import { StatusError, type Principal } from '../../call/index.js';
import type { FaceTemplate } from '../face/index.js';
import type { Modality, Subject } from '../ports.js';
import type { UserReference } from '../registry.js';
import type { ReferenceRulesDependencies } from './service-dependencies.js';
import { asAttempt, throttleKey } from './throttle.js';
import { withPhone } from './with-phone.js';

/** A comparison of any modality, as far as a reference's rules go. */
export interface Compared {
  outcome: 'MATCH' | 'NO_MATCH' | 'INCONCLUSIVE';
  /** Null when nothing was compared. */
  score: number | null;
  threshold: number;
  modelId: string;
  /** Why it is INCONCLUSIVE: words of the audit trail. */
  reasons: readonly string[];
}

/** One way to look at a sample and compare it. */
export interface Probe<Sample, Comparison extends Compared> {
  modality: Modality;
  /** Model that it compares by. */
  modelId: string;
  analyse(): Promise<Sample>;
  /** A promise where comparing is work for the engine. */
  compare(sample: Sample, templates: FaceTemplate[]): Comparison | Promise<Comparison>;
}

/** Compares a sample with a user's reference, 1:1, as one attempt. */
export interface Verify {
  /**
   * @throws StatusError CONSENT_REQUIRED, REFERENCE_MISSING, MODEL_MISMATCH, TOO_MANY_ATTEMPTS, and what `analyse`
   *   throws
   */
  <Sample, Comparison extends Compared>(
    caller: Principal,
    subject: Subject,
    probe: Probe<Sample, Comparison>,
  ): Promise<{ sample: Sample; comparison: Comparison; reference: UserReference }>;
}

export function createVerify({
  storage,
  audit,
  references,
  consent,
  throttle,
  clock,
}: ReferenceRulesDependencies): Verify {
  const { db } = storage;
  return async (caller, subject, probe) => {
    const { modality } = probe;
    await consent.require(db, subject, modality, 'EXAM_IDENTITY');
    const reference = usableReference(await references.reference(db, subject.userId, modality), probe);
    return asAttempt(throttle, throttleKey(subject.userId, modality), async () => {
      const [sample, templates] = await Promise.all([probe.analyse(), reference.open()]);
      const comparison = await probe.compare(sample, templates);
      const { outcome, score, threshold, modelId, reasons } = comparison;
      await storage.transaction(async (tx) => {
        // Only what the person did themselves says that they were there.
        if (outcome === 'MATCH' && caller.userId === subject.userId) {
          const { referenceId } = reference;
          await references.recordMatch(tx, { userId: subject.userId, referenceId }, clock.now());
        }
        await audit.record(tx, {
          organisationId: subject.organisationId,
          actor: caller.userId,
          subject: subject.userId,
          action: `${modality.toLowerCase()}.verified`,
          target: `references/${reference.referenceId}`,
          details: { outcome, score, threshold, model: modelId, reasons },
        });
      });
      const verdict = outcome === 'MATCH' ? 'MATCH' : score === null ? 'NO_VERDICT' : 'FAILED';
      return { verdict, result: { sample, comparison, reference } };
    });
  };
}

/**
 * A reference that something can be compared with.
 *
 * @throws StatusError REFERENCE_MISSING (none, not complete, or with the phone), MODEL_MISMATCH
 */
export function usableReference(
  reference: UserReference | null,
  { modality, modelId }: { modality: Modality; modelId: string },
): UserReference {
  const name = modality.toLowerCase();
  if (!reference?.complete) {
    const message = reference
      ? `The ${name} reference still lacks samples.`
      : `There is no ${name} reference.`;
    throw new StatusError('REFERENCE_MISSING', message, {
      resource: {
        type: 'probity.biometrics.v1.Reference',
        name: `users/me/references/${name}`,
      },
    });
  }
  if (reference.withPhone) throw withPhone(modality);
  if (reference.modelId !== modelId) {
    throw new StatusError('MODEL_MISMATCH', `The ${name} reference was made by another model; enrol again.`, {
      metadata: { template: reference.modelId, model: modelId },
    });
  }
  return reference;
}
