import { assuranceReaches, type JudgedSample, type SampleJudge } from '../../biometrics/index.js';
import { StatusError, type Reason } from '../../call/index.js';
import type { Exam } from '../exam.js';
import type { ExamsDependencies } from '../exams.js';
import type { SampleModality } from './fusion.js';
import type { Session } from './session.js';

/** Who judges samples of which modality. */
export type SampleJudges = Readonly<Record<SampleModality, SampleJudge>>;

/** That there is nothing to compare with is no failure of the sample. */
const NOTHING_TO_COMPARE: ReadonlySet<Reason> = new Set<Reason>(['REFERENCE_MISSING', 'MODEL_MISMATCH']);

/**
 * What a sample says of whether it is the student's. Where there is nothing that it may be compared with, it is
 * inconclusive.
 * @throws StatusError CONSENT_REQUIRED, and what the judge throws for what cannot be read or judged now
 */
export async function judgeSample(
  { storage, consent, references, judges }: ExamsDependencies,
  { organisationId, userId }: Pick<Session, 'organisationId' | 'userId'>,
  { minimumAssurance }: Pick<Exam, 'minimumAssurance'>,
  { modality, content }: { modality: SampleModality; content: Uint8Array },
  call: { signal: AbortSignal; deadline?: number },
): Promise<JudgedSample> {
  const { db } = storage;
  const name = modality.toLowerCase();
  const inconclusive = (reason: string): JudgedSample => ({
    ...{ modality, outcome: 'INCONCLUSIVE', score: null, logLikelihoodRatio: null },
    ...{ threshold: 0, modelId: '', reasons: [reason] },
  });
  await consent.require(db, { organisationId, userId }, modality, 'EXAM_IDENTITY');
  const reference = await references.reference(db, userId, modality);
  if (!reference?.complete) return inconclusive(`There is no complete ${name} reference to compare with.`);
  if (!assuranceReaches(reference.assurance, minimumAssurance)) {
    return inconclusive(`This exam asks for a ${name} reference of higher assurance.`);
  }
  try {
    return await judges[modality].judge(db, { organisationId, userId }, content, call);
  } catch (error) {
    if (error instanceof StatusError && NOTHING_TO_COMPARE.has(error.reason)) {
      return inconclusive(error.message);
    }
    throw error;
  }
}
