/** What becomes of samples that somebody enrols. Knows no database; docs/adr/0007 has the reasons. */
import type { Assurance, Modality } from '../ports.js';

/** Samples enrolled within this time of the first make one reference; and for as long it may be removed freely. */
export const ENROLMENT_WINDOW_MS = 30 * 60_000;

/** What is kept of a sample, in the form of the model that made it. */
export interface KeptTemplate {
  modelId: string;
  vector: Float32Array;
}

/** What a modality knows that enrolment does not: when a sample is good enough, and how alike two are. */
export interface Matcher<Sample> {
  modality: Modality;
  /** Model of the templates that it makes and compares. */
  modelId: string;
  /** Templates that a reference keeps at most. */
  maxTemplates: number;
  /** The template of a sample that is good enough to enrol, or why it is not, in words. */
  enrollable(sample: Sample): { template: KeptTemplate } | { reasons: string[] };
  /** Comparison score; the more alike, the higher. A promise where comparing is work for the engine. */
  score(probe: KeptTemplate, reference: readonly KeptTemplate[]): number | Promise<number>;
  /** Score from which it is a match with a reference of so many templates. */
  threshold(templates: number): number;
  /** Whether two templates are of one and the same sample. */
  isSameSample(one: KeptTemplate, other: KeptTemplate): boolean;
  words: {
    /** Why a sample is not taken that does not match those enrolled. */
    anotherPerson: string;
    /** Why no template is made of one that is enrolled already, and of one too many. */
    again: string;
    full: string;
  };
}

/** What an enrolment finds in its place. */
export interface Enrolled {
  modelId: string;
  assurance: Assurance;
  /** UTC milliseconds. */
  enrolledAt: number;
  /** Empty where the student's phone has them: nothing matches then, and nothing joins. */
  templates: readonly KeptTemplate[];
}

export interface Enrolment<Sample> {
  /** The reference there is, unless it has expired. */
  existing: Enrolled | null;
  samples: readonly Sample[];
  matcher: Matcher<Sample>;
  /** Assurance that the caller lends. */
  assurance: Assurance;
  /** UTC milliseconds. */
  now: number;
  /**
   * Why the old reference may go without a match: staff enrol it themselves, or allowed it once. What they allowed begins anew
   * and joins nothing, however fresh. Null where only a match proves it.
   */
  leave: 'STAFF' | 'STAFF_ALLOWANCE' | null;
}

export type EnrolmentPlan =
  /** No sample could be used; everything stays. */
  | 'NOTHING'
  | 'CREATE'
  | 'ADD'
  | 'REPLACE'
  /** A sample could be used and does not match the reference that it would replace. */
  | 'UNPROVEN';

/** Why no template was made of a sample. */
export type NotTaken = 'UNUSABLE' | 'ANOTHER_PERSON' | 'ENROLLED_ALREADY' | 'REFERENCE_FULL';

/** What became of one sample. */
export interface SampleVerdict {
  /** Whether it is good enough, and of the person of the reference. */
  accepted: boolean;
  /** Why it was not accepted, or why no template was made of it, in words. */
  reasons: string[];
  /** The same; null where one was made. */
  why: NotTaken | null;
}

export interface EnrolmentDecision {
  plan: EnrolmentPlan;
  /** Templates to add to the reference, or to make the new one of. */
  templates: KeptTemplate[];
  /** Of each sample, in their order. */
  verdicts: SampleVerdict[];
  /** Comparison score with the reference to be replaced, where there was one. */
  proof: { score: number; threshold: number } | null;
}

/** Whether samples join the reference that is there. Only at its own assurance: a weaker hand must not add to it. */
function joins<S>({ modelId, assurance, enrolledAt, templates }: Enrolled, by: Enrolment<S>): boolean {
  return (
    by.leave !== 'STAFF_ALLOWANCE' &&
    templates.length > 0 &&
    modelId === by.matcher.modelId &&
    assurance === by.assurance &&
    by.now - enrolledAt < ENROLMENT_WINDOW_MS
  );
}

/** Whether the plan would rest on a match with the old reference: then it is an attempt to guess it. */
export function needsMatch<S>(by: Enrolment<S>): boolean {
  return (
    by.existing !== null &&
    by.leave === null &&
    by.existing.templates.length > 0 &&
    by.existing.modelId === by.matcher.modelId &&
    !joins(by.existing, by)
  );
}

/**
 * Decides on every sample of one call. A sample is accepted when it is good enough to enrol and matches those already
 * accepted; it adds a template unless it is one of them again or there are enough.
 */
export async function decideEnrolment<S>(by: Enrolment<S>): Promise<EnrolmentDecision> {
  const { existing, matcher } = by;
  const joining = existing !== null && joins(existing, by);
  const kept: KeptTemplate[] = joining ? [...existing.templates] : [];
  const decision: EnrolmentDecision = { plan: 'NOTHING', templates: [], verdicts: [], proof: null };
  let proven = existing === null || joining || by.leave !== null;
  for (const sample of by.samples) {
    const usable = matcher.enrollable(sample);
    if ('reasons' in usable) {
      decision.verdicts.push({ accepted: false, reasons: usable.reasons, why: 'UNUSABLE' });
      continue;
    }
    const { template } = usable;
    if (!proven) {
      decision.proof = await compareWithOld(template, existing, matcher);
      if (!decision.proof || decision.proof.score < decision.proof.threshold) {
        return { ...decision, plan: 'UNPROVEN', templates: [] };
      }
      proven = true;
    }
    const verdict = await judge(template, kept, matcher);
    decision.verdicts.push(verdict);
    if (verdict.why !== null) continue;
    kept.push(template);
    decision.templates.push(template);
  }
  if (decision.templates.length > 0)
    decision.plan = existing === null ? 'CREATE' : joining ? 'ADD' : 'REPLACE';
  return decision;
}

/** Null where nothing can be compared: the old reference is of another model. */
async function compareWithOld<S>(
  template: KeptTemplate,
  existing: Enrolled | null,
  matcher: Matcher<S>,
): Promise<EnrolmentDecision['proof']> {
  if (existing?.modelId !== matcher.modelId || existing.templates.length === 0) return null;
  const threshold = matcher.threshold(existing.templates.length);
  return { score: await matcher.score(template, existing.templates), threshold };
}

const TAKEN: SampleVerdict = { accepted: true, reasons: [], why: null };

/** A sample that is enrolled already, or more than the reference keeps, is welcome and not needed: clients repeat. */
async function judge<S>(
  template: KeptTemplate,
  kept: readonly KeptTemplate[],
  matcher: Matcher<S>,
): Promise<SampleVerdict> {
  const { words } = matcher;
  if (kept.length === 0) return TAKEN;
  if ((await matcher.score(template, kept)) < matcher.threshold(kept.length)) {
    return { accepted: false, reasons: [words.anotherPerson], why: 'ANOTHER_PERSON' };
  }
  if (kept.some((each) => matcher.isSameSample(template, each))) {
    return { accepted: true, reasons: [words.again], why: 'ENROLLED_ALREADY' };
  }
  if (kept.length >= matcher.maxTemplates) {
    return { accepted: true, reasons: [words.full], why: 'REFERENCE_FULL' };
  }
  return TAKEN;
}
