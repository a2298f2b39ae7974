/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import {
  fuse,
  type FaceAnalysis,
  type EmbeddingModel,
  type FaceTemplate,
  type RecogniserEntry,
} from '../../src/biometrics/index.js';
import { decideEnrolment } from '../../src/biometrics/references/enrolment.js';
import { faceMatcher } from '../../src/biometrics/references/face-matcher.js';
import { probeTemplate, type Acquisition, type Subject } from './acquire.js';

/** References a subject contributes at most, so that a few much-photographed people do not decide the figures. */
const REFERENCES_PER_SUBJECT = 4;

/** Templates of one subject that an enrolment would hold, fused as the product fuses them. */
export interface Reference {
  subject: number;
  /** The score of a probe is its best cosine with these. */
  vectors: Float32Array[];
  /** Index, within the subject, of the pictures it was made of. */
  pictures: number[];
}

export interface Probe {
  subject: number;
  picture: number;
  vector: Float32Array;
}

/** What is compared with what: every reference with every probe, except the pictures it was made of. */
export interface Design {
  name: string;
  /** Templates per reference. */
  templates: number;
  references: Reference[];
  probes: Probe[];
  /** References and probes are the same pictures: each pair counts once. */
  unordered: boolean;
}

/** Every picture with a template against every other one. */
export function singlePictures(subjects: Subject[]): Design {
  const probes = probesOf(subjects, ({ analysis }) => analysis?.primary?.template ?? null);
  return {
    name: 'single pictures',
    templates: 1,
    references: probes.map(({ subject, picture, vector }) => ({
      subject,
      pictures: [picture],
      vectors: [vector],
    })),
    probes,
    unordered: true,
  };
}

/**
 * The enrolment rule as deployed: references of exactly so many templates, made by the product's own decision on a
 * subject's pictures (quality gate, likeness to those already accepted), against probes that the verification gate
 * lets in. Each reference begins with another picture of the subject and goes on in order, round to the first.
 */
export async function enrolments(
  subjects: Subject[],
  templates: number,
  recogniser: RecogniserEntry,
): Promise<Design> {
  const references: Reference[] = [];
  for (const [subject, each] of subjects.entries()) {
    const acquired = each.acquisitions.flatMap(({ analysis }, picture) =>
      analysis ? [{ analysis, picture }] : [],
    );
    const count = Math.min(acquired.length, REFERENCES_PER_SUBJECT);
    const made: Reference[] = [];
    for (let index = 0; index < count; index += 1) {
      const start = Math.floor((index * acquired.length) / count);
      const pictures = [...acquired.slice(start), ...acquired.slice(0, start)];
      const reference = await enrol(pictures, templates, recogniser);
      if (reference) made.push({ subject, ...reference });
    }
    references.push(...distinct(made));
  }
  return {
    name: `${templates} template${templates > 1 ? 's' : ''}, as enrolled`,
    templates,
    references,
    probes: probesOf(subjects, probeTemplate),
    unordered: false,
  };
}

/** Null when the subject's pictures do not make a complete reference. */
async function enrol(
  offered: { analysis: FaceAnalysis; picture: number }[],
  templates: number,
  recogniser: RecogniserEntry,
): Promise<Omit<Reference, 'subject'> | null> {
  const decision = await decideEnrolment({
    existing: null,
    samples: offered.map(({ analysis }) => analysis),
    matcher: faceMatcher(recogniser, templates),
    assurance: 'SELF_ASSERTED',
    now: 0,
    leave: null,
  });
  if (decision.templates.length < templates) return null;
  return {
    pictures: offered
      .filter((_, index) => decision.verdicts[index]?.accepted && !decision.verdicts[index].reasons.length)
      .map(({ picture }) => picture),
    vectors: referenceVectors(decision.templates, recogniser),
  };
}

/** Without references of the very same pictures as an earlier one. */
function distinct(references: Reference[]): Reference[] {
  const key = ({ pictures }: Reference): string => [...pictures].sort((a, b) => a - b).join();
  return references.filter(
    (reference, index) => references.findIndex((each) => key(each) === key(reference)) === index,
  );
}

/** Vectors whose best cosine with a probe is the product's score under the recogniser's fusion rule. */
export function referenceVectors(
  templates: readonly { modelId: string; vector: Float32Array }[],
  { decision }: EmbeddingModel,
): Float32Array[] {
  switch (decision.fusion) {
    case 'mean':
      return [fuse(templates).vector];
    case 'max':
      return templates.map(({ vector }) => vector);
  }
}

function probesOf(
  subjects: Subject[],
  templateOf: (acquisition: Acquisition) => FaceTemplate | null,
): Probe[] {
  return subjects.flatMap(({ acquisitions }, subject) =>
    acquisitions.flatMap((acquisition, picture) => {
      const template = templateOf(acquisition);
      return template ? [{ subject, picture, vector: template.vector }] : [];
    }),
  );
}

/** Visits every comparison of a design. */
export function forEachComparison(
  { references, probes, unordered }: Design,
  visit: (score: number, reference: Reference, probe: Probe, isGenuine: boolean) => void,
): void {
  references.forEach((reference, index) => {
    for (let at = unordered ? index + 1 : 0; at < probes.length; at += 1) {
      const probe = probes[at]!;
      const isGenuine = probe.subject === reference.subject;
      if (isGenuine && reference.pictures.includes(probe.picture)) continue;
      visit(bestScore(reference.vectors, probe.vector), reference, probe, isGenuine);
    }
  });
}

/** Best cosine of a probe with a reference's vectors, all of length 1. */
export function bestScore(vectors: Float32Array[], probe: Float32Array): number {
  let best = -1;
  for (const vector of vectors) best = Math.max(best, dot(vector, probe));
  return best;
}

/** Four sums, so that they do not wait for each other: 100 million of these are run. */
function dot(a: Float32Array, b: Float32Array): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let i = 0; i + 3 < a.length; i += 4) {
    s0 += a[i]! * b[i]!;
    s1 += a[i + 1]! * b[i + 1]!;
    s2 += a[i + 2]! * b[i + 2]!;
    s3 += a[i + 3]! * b[i + 3]!;
  }
  for (let i = a.length - (a.length % 4); i < a.length; i += 1) s0 += a[i]! * b[i]!;
  return s0 + s1 + s2 + s3;
}
