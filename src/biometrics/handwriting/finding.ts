/** What is said of handwriting. Findings are plain data: they cross a thread boundary and are never exceptions. */

/** The two forms of a sample. They are never compared with each other. */
export type HandwritingForm = 'TRACE' | 'IMAGE';

/** Ids of what makes templates and compares them, stored beside each template. */
export const MODEL_IDS: Record<HandwritingForm, string> = {
  TRACE: 'handwriting-trace/1',
  IMAGE: 'handwriting-image/1',
};

/** A sample as it came. */
export interface HandwritingBytes {
  form: HandwritingForm;
  bytes: Uint8Array;
}

/** A template of handwriting; the layout of its floats is in `trace-template.ts` and `image-template.ts`. */
export interface HandwritingTemplate {
  modelId: string;
  vector: Float32Array;
}

/** A sample that was read. */
export interface HandwritingSample {
  form: HandwritingForm;
  /** Null when there is too little in it to compare. */
  template: HandwritingTemplate | null;
}

export type HandwritingReason = 'TOO_LITTLE_WRITING' | 'COPY_OF_ENROLLED' | 'SCORE_BETWEEN_THRESHOLDS';

/** How a sample compares with a reference. */
export interface HandwritingComparison {
  outcome: 'MATCH' | 'NO_MATCH' | 'INCONCLUSIVE';
  /** Natural log-likelihood ratio; null when nothing was compared. */
  score: number | null;
  /** MATCH is score >= threshold. */
  threshold: number;
  /** NO_MATCH is score < reviewThreshold; between the two it is INCONCLUSIVE. */
  reviewThreshold: number;
  modelId: string;
  /** Why it is INCONCLUSIVE; empty otherwise. */
  reasons: HandwritingReason[];
}
