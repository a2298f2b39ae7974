/** What becomes of pictures that somebody enrols. Knows no database; docs/adr/0007 has the reasons. */
import type { RecogniserEntry } from '../engine/index.js';
import { applyGate, score, type FaceAnalysis, type FaceTemplate } from '../face/index.js';
import { ruleFor } from '../matching.js';
import { inWords } from '../presenter.js';
import type { Assurance } from '../ports.js';

/** Pictures enrolled within this time of the first make one reference; and for as long it may be removed freely. */
export const ENROLMENT_WINDOW_MS = 30 * 60_000;

/** From this similarity on two pictures are one: other captures of the same person stay well below. */
const SAME_PICTURE = 0.999;

/** What an enrolment finds in its place. */
export interface Enrolled {
  modelId: string;
  assurance: Assurance;
  /** UTC milliseconds. */
  enrolledAt: number;
  templates: readonly FaceTemplate[];
}

export interface Enrolment {
  /** The reference there is, unless it has expired. */
  existing: Enrolled | null;
  pictures: readonly FaceAnalysis[];
  recogniser: RecogniserEntry;
  /** Assurance that the caller lends: a replacement by staff needs no other proof. */
  assurance: Assurance;
  maxTemplates: number;
  /** UTC milliseconds. */
  now: number;
  /** Whether the old reference may go without a match: staff allowed it, or does it. */
  allowed: boolean;
}

export type EnrolmentPlan =
  /** No picture could be used; everything stays. */
  | 'NOTHING'
  | 'CREATE'
  | 'ADD'
  | 'REPLACE'
  /** A picture could be used and does not match the reference that it would replace. */
  | 'UNPROVEN';

/** What became of one picture. */
export interface PictureVerdict {
  /** Whether it is good enough, and of the person of the reference. */
  accepted: boolean;
  /** Why it was not accepted, or why no template was made of it, in words. */
  reasons: string[];
}

export interface EnrolmentDecision {
  plan: EnrolmentPlan;
  /** Templates to add to the reference, or to make the new one of. */
  templates: FaceTemplate[];
  /** Of each picture, in their order. */
  verdicts: PictureVerdict[];
  /** Comparison score with the reference to be replaced, where there was one. */
  proof: { score: number; threshold: number } | null;
}

/** Whether pictures join the reference that is there. Only at its own assurance: a weaker hand must not add to it. */
function joins({ modelId, assurance, enrolledAt }: Enrolled, by: Enrolment): boolean {
  return (
    modelId === by.recogniser.id && assurance === by.assurance && by.now - enrolledAt < ENROLMENT_WINDOW_MS
  );
}

/** Whether the plan would rest on a match with the old reference: then it is an attempt to guess it. */
export function needsMatch(by: Enrolment): boolean {
  return (
    by.existing !== null && !by.allowed && by.existing.modelId === by.recogniser.id && !joins(by.existing, by)
  );
}

/**
 * Decides on every picture of one call. A picture is accepted when it has exactly one counting face in enrolment
 * quality and matches those already accepted; it adds a template unless it is one of them again or there are enough.
 */
export function decideEnrolment(by: Enrolment): EnrolmentDecision {
  const { existing, recogniser } = by;
  const joining = existing !== null && joins(existing, by);
  const kept: FaceTemplate[] = joining ? [...existing.templates] : [];
  const decision: EnrolmentDecision = { plan: 'NOTHING', templates: [], verdicts: [], proof: null };
  let proven = existing === null || joining || by.allowed;
  for (const picture of by.pictures) {
    const gate = applyGate(picture, 'ENROLMENT');
    if (!gate.passed) {
      decision.verdicts.push({ accepted: false, reasons: inWords(gate) });
      continue;
    }
    const { template } = gate.face;
    if (!template) throw new Error('An enrolment needs the embedding part');
    if (!proven) {
      decision.proof = compareWithOld(template, existing, recogniser);
      if (!decision.proof || decision.proof.score < decision.proof.threshold) {
        return { ...decision, plan: 'UNPROVEN', templates: [] };
      }
      proven = true;
    }
    const verdict = judge(template, kept, by);
    decision.verdicts.push(verdict);
    if (!verdict.accepted || verdict.reasons.length > 0) continue;
    kept.push(template);
    decision.templates.push(template);
  }
  if (decision.templates.length > 0)
    decision.plan = existing === null ? 'CREATE' : joining ? 'ADD' : 'REPLACE';
  return decision;
}

/** Null where nothing can be compared: the old reference is of another model. */
function compareWithOld(
  template: FaceTemplate,
  existing: Enrolled | null,
  recogniser: RecogniserEntry,
): EnrolmentDecision['proof'] {
  if (existing?.modelId !== recogniser.id || existing.templates.length === 0) return null;
  const threshold = ruleFor(recogniser, existing.templates.length).match;
  return { score: score(template, existing.templates, recogniser), threshold };
}

/** A picture that is enrolled already, or more than the reference keeps, is welcome and not needed: clients repeat. */
function judge(template: FaceTemplate, kept: readonly FaceTemplate[], by: Enrolment): PictureVerdict {
  const { recogniser, maxTemplates } = by;
  if (kept.length === 0) return { accepted: true, reasons: [] };
  if (score(template, kept, recogniser) < ruleFor(recogniser, kept.length).match) {
    const reason = 'This does not look like the same person as in the pictures that are enrolled already.';
    return { accepted: false, reasons: [reason] };
  }
  if (kept.some((each) => score(template, [each], recogniser) >= SAME_PICTURE)) {
    return { accepted: true, reasons: ['This picture is enrolled already; another one says more.'] };
  }
  if (kept.length >= maxTemplates) {
    return { accepted: true, reasons: [`The reference has all the ${maxTemplates} pictures that it keeps.`] };
  }
  return { accepted: true, reasons: [] };
}
