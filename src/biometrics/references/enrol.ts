import { StatusError, type Context, type Principal } from '../../call/index.js';
import type { FaceAnalysis } from '../face/index.js';
import type { Subject } from '../ports.js';
import { requireSubject } from '../whom.js';
import { consumeAllowance, findAllowance, type Allowance } from './allowance-store.js';
import { decideEnrolment, needsMatch, type Enrolment, type EnrolmentDecision } from './enrolment.js';
import { ALL_PARTS, type ReferenceServiceDependencies } from './service-dependencies.js';
import { findReference, type ReferenceRecord } from './store.js';
import { refuseWhileSitting } from './sitting.js';
import { asAttempt, throttleKey } from './throttle.js';

/** Decisions made anew when another enrolment of the same user came in between. */
const ATTEMPTS = 4;

export interface EnrolmentDone {
  decision: EnrolmentDecision;
  analyses: FaceAnalysis[];
}

/** Everything that a decision rests on, as read together. */
interface Situation {
  enrolment: Enrolment;
  /** The row in the place of the reference, expired or not. */
  record: ReferenceRecord | null;
  allowance: Allowance | null;
}

/**
 * Enrols pictures. Inference comes first, outside of any transaction; the decision is made on what is stored and
 * written against its version, and made again if that has moved on: two enrolments of one user behave as if one
 * had come after the other.
 */
export function createEnrol(dependencies: ReferenceServiceDependencies) {
  const { storage, analyser, recogniser, references, consent, sitting, directory, throttle, clock } =
    dependencies;

  async function read(caller: Principal, subject: Subject, pictures: FaceAnalysis[]): Promise<Situation> {
    const { db } = storage;
    const byStaff = caller.userId !== subject.userId;
    const opened = await references.openFace(db, subject.userId);
    const now = clock.now();
    const allowance = await findAllowance(db, subject.userId, 'FACE', now);
    return {
      record: opened?.record ?? (await findReference(db, subject.userId, 'FACE')),
      allowance,
      enrolment: {
        existing: opened && { ...opened.reference, templates: await opened.reference.open() },
        pictures,
        recogniser,
        assurance: byStaff ? 'STAFF_APPROVED' : 'SELF_ASSERTED',
        maxTemplates: dependencies.maxTemplates,
        now,
        allowed: byStaff,
      },
    };
  }

  /** The decision; an allowance counts only where nothing else does, so that it is not used up for nothing. */
  function decide({ enrolment, allowance }: Situation): {
    decision: EnrolmentDecision;
    uses: Allowance | null;
  } {
    const decision = decideEnrolment(enrolment);
    if (decision.plan !== 'UNPROVEN' || !allowance) return { decision, uses: null };
    return { decision: decideEnrolment({ ...enrolment, allowed: true }), uses: allowance };
  }

  async function write(
    caller: Principal,
    subject: Subject,
    { enrolment, record }: Situation,
    { decision, uses }: ReturnType<typeof decide>,
  ): Promise<void> {
    await storage.transaction(async (tx) => {
      await consent.require(tx, subject, 'FACE', 'EXAM_IDENTITY');
      await requireSubject(tx, directory, subject);
      await refuseWhileSitting(sitting, tx, subject.userId);
      if (uses && !(await consumeAllowance(tx, uses.id))) {
        throw new StatusError('VERSION_CONFLICT', 'The allowance was used in the meantime.');
      }
      if (decision.plan === 'ADD' && record) await references.add(tx, record, decision.templates);
      else {
        const byMatch = decision.proof && {
          score: decision.proof.score,
          threshold: decision.proof.threshold,
        };
        await references.create(tx, subject, {
          modelId: recogniser.id,
          assurance: enrolment.assurance,
          templates: decision.templates,
          old: record,
          actor: caller.userId,
          proof: {
            ...byMatch,
            by: uses ? 'STAFF_ALLOWANCE' : enrolment.allowed ? 'STAFF' : byMatch ? 'MATCH' : 'NONE',
          },
        });
      }
      if (caller.userId !== subject.userId) await throttle.clear(tx, throttleKey(subject.userId));
    });
  }

  return async function enrol(
    ctx: Context,
    caller: Principal,
    subject: Subject,
    images: readonly Uint8Array[],
  ): Promise<EnrolmentDone> {
    await consent.require(storage.db, subject, 'FACE', 'EXAM_IDENTITY');
    await refuseWhileSitting(sitting, storage.db, subject.userId);
    const analyses: FaceAnalysis[] = [];
    // One after another: a call has one worker's worth of the pool, however many pictures it brings.
    for (const image of images) analyses.push(await analyser.analyse(image, ALL_PARTS, ctx));

    const settle = async (): Promise<EnrolmentDecision> => {
      for (let attempt = 1; ; attempt++) {
        const situation = await read(caller, subject, analyses);
        const made = decide(situation);
        if (made.decision.plan === 'NOTHING' || made.decision.plan === 'UNPROVEN') return made.decision;
        try {
          await write(caller, subject, situation, made);
          return made.decision;
        } catch (error) {
          const moved = error instanceof StatusError && error.reason === 'VERSION_CONFLICT';
          if (!moved || attempt === ATTEMPTS) throw error;
        }
      }
    };

    const { enrolment } = await read(caller, subject, analyses);
    const decision = needsMatch(enrolment)
      ? await asAttempt(throttle, subject.userId, async () => {
          const result = await settle();
          const verdict =
            result.plan === 'UNPROVEN' ? 'FAILED' : result.plan === 'NOTHING' ? 'NO_VERDICT' : 'MATCH';
          return { verdict, result };
        })
      : await settle();
    if (decision.plan === 'UNPROVEN') throw unproven(enrolment);
    return { decision, analyses };
  };
}

function unproven({ existing, recogniser }: Enrolment): StatusError {
  const why =
    existing && existing.modelId !== recogniser.id
      ? 'The reference was made by another model, so nothing can be compared with it'
      : 'The picture does not match the reference that it would replace';
  return new StatusError('REPLACEMENT_UNPROVEN', `${why}; staff can allow the replacement.`);
}
