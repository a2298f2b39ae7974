import { StatusError, type Principal } from '../../call/index.js';
import type { Assurance, Modality, Subject } from '../ports.js';
import { requireSubject } from '../whom.js';
import { consumeAllowance, findAllowance, type Allowance } from './allowance-store.js';
import {
  decideEnrolment,
  needsMatch,
  type Enrolled,
  type Enrolment,
  type EnrolmentDecision,
  type Matcher,
} from './enrolment.js';
import type { ReferenceRulesDependencies } from './service-dependencies.js';
import { findReference, type ReferenceRecord } from './store.js';
import { refuseWhileSitting } from './sitting.js';
import { asAttempt, throttleKey } from './throttle.js';

/** Decisions made anew when another enrolment of the same user came in between. */
const ATTEMPTS = 4;

export interface EnrolmentDone<Sample> {
  decision: EnrolmentDecision;
  samples: Sample[];
}

/** Everything that a decision rests on, as read together. */
interface Situation<Sample> {
  enrolment: Enrolment<Sample>;
  /** The row in the place of the reference, expired or not. */
  record: ReferenceRecord | null;
  allowance: Allowance | null;
}

/** Enrols samples of any modality. */
export interface Enrol {
  /**
   * @param analyse called once there is consent and no exam; inference belongs here, outside of any transaction
   * @throws StatusError CONSENT_REQUIRED, REFERENCE_IN_USE, REPLACEMENT_UNPROVEN, TOO_MANY_ATTEMPTS,
   *   VERSION_CONFLICT, and what `analyse` throws
   */
  <Sample>(
    caller: Principal,
    subject: Subject,
    matcher: Matcher<Sample>,
    analyse: () => Promise<Sample[]>,
  ): Promise<EnrolmentDone<Sample>>;
}

/**
 * Inference comes first, outside of any transaction; the decision is made on what is stored and written against its
 * version, and made again if that has moved on: two enrolments of one user behave as if one had come after the other.
 */
export function createEnrol(dependencies: ReferenceRulesDependencies): Enrol {
  const { storage, references, consent, sitting, directory, throttle, clock } = dependencies;

  async function read<Sample>(
    caller: Principal,
    subject: Subject,
    matcher: Matcher<Sample>,
    samples: Sample[],
  ): Promise<Situation<Sample>> {
    const { db } = storage;
    const { modality } = matcher;
    const byStaff = caller.userId !== subject.userId;
    const opened = await references.open(db, subject.userId, modality);
    const now = clock.now();
    const allowance = await findAllowance(db, subject.userId, modality, now);
    return {
      record: opened?.record ?? (await findReference(db, subject.userId, modality)),
      allowance,
      enrolment: {
        existing: opened && {
          ...opened.reference,
          templates: opened.reference.withPhone ? [] : await opened.reference.open(),
        },
        samples,
        matcher,
        assurance: byStaff ? 'STAFF_APPROVED' : assuranceOf(caller),
        now,
        leave: allowance ? 'STAFF_ALLOWANCE' : byStaff ? 'STAFF' : null,
      },
    };
  }

  async function write<Sample>(
    caller: Principal,
    subject: Subject,
    { enrolment, record, allowance }: Situation<Sample>,
    decision: EnrolmentDecision,
  ): Promise<void> {
    const { modality, modelId } = enrolment.matcher;
    await storage.transaction(async (tx) => {
      await consent.require(tx, subject, modality, 'EXAM_IDENTITY');
      await requireSubject(tx, directory, subject);
      await refuseWhileSitting(sitting, tx, subject.userId);
      // What staff wished for is done, whoever enrols: it is not to be done again.
      if (allowance && !(await consumeAllowance(tx, allowance.id))) {
        throw new StatusError('VERSION_CONFLICT', 'The allowance was used in the meantime.');
      }
      if (decision.plan === 'ADD' && record) await references.add(tx, record, decision.templates);
      else {
        const byMatch = decision.proof && {
          score: decision.proof.score,
          threshold: decision.proof.threshold,
        };
        await references.create(tx, subject, {
          modality,
          modelId,
          assurance: enrolment.assurance,
          templates: decision.templates,
          old: record,
          actor: caller.userId,
          proof: { ...byMatch, by: enrolment.leave ?? (byMatch ? 'MATCH' : 'NONE') },
        });
      }
      if (caller.userId !== subject.userId) await throttle.clear(tx, throttleKey(subject.userId, modality));
    });
  }

  return async function enrol<Sample>(
    caller: Principal,
    subject: Subject,
    matcher: Matcher<Sample>,
    analyse: () => Promise<Sample[]>,
  ): Promise<EnrolmentDone<Sample>> {
    const { modality } = matcher;
    await consent.require(storage.db, subject, modality, 'EXAM_IDENTITY');
    await refuseWhileSitting(sitting, storage.db, subject.userId);
    const samples = await analyse();

    const settle = async (): Promise<EnrolmentDecision> => {
      for (let attempt = 1; ; attempt++) {
        const situation = await read(caller, subject, matcher, samples);
        const decision = await decideEnrolment(situation.enrolment);
        if (decision.plan === 'NOTHING' || decision.plan === 'UNPROVEN') return decision;
        try {
          await write(caller, subject, situation, decision);
          return decision;
        } catch (error) {
          const moved = error instanceof StatusError && error.reason === 'VERSION_CONFLICT';
          if (!moved || attempt === ATTEMPTS) throw error;
        }
      }
    };

    const { enrolment } = await read(caller, subject, matcher, samples);
    const decision = needsMatch(enrolment)
      ? await asAttempt(throttle, throttleKey(subject.userId, modality), async () => {
          const result = await settle();
          const verdict =
            result.plan === 'UNPROVEN' ? 'FAILED' : result.plan === 'NOTHING' ? 'NO_VERDICT' : 'MATCH';
          return { verdict, result };
        })
      : await settle();
    if (decision.plan === 'UNPROVEN') throw unproven(enrolment.existing, matcher);
    return { decision, samples };
  };
}

function unproven(old: Enrolled | null, { modality, modelId }: { modality: Modality; modelId: string }) {
  const why =
    old && old.modelId !== modelId
      ? 'The reference was made by another model, so nothing can be compared with it'
      : old?.templates.length === 0
        ? 'The phone has the reference, so nothing can be compared with it; ask for it first'
        : modality === 'FACE'
          ? 'The picture does not match the reference that it would replace'
          : 'The sample does not match the reference that it would replace';
  return new StatusError('REPLACEMENT_UNPROVEN', `${why}; staff can allow the replacement.`);
}

/** What somebody's own pictures are worth: the university proved who signed in, a password or a launch did not. */
function assuranceOf({ method }: Principal): Assurance {
  return method === 'SSO' ? 'SINGLE_SIGN_ON' : 'SELF_ASSERTED';
}
