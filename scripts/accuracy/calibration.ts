/** Scores of both kinds of comparison, however they are kept. */
export interface Scores {
  genuineCount: number;
  impostorCount: number;
  bins(): Iterable<{ score: number; genuine: number; impostor: number }>;
}

export interface Calibration {
  /** Nats per unit of score. */
  slope: number;
  /** Nats. */
  intercept: number;
}

const ITERATIONS = 100;
const TOLERANCE = 1e-10;
/** Of the slope, in the balanced likelihood: keeps the fit finite on scores that separate perfectly. */
const RIDGE = 1e-6;

/**
 * Log-likelihood ratio, ln P(score | same subject) / P(score | different subjects) = slope * score + intercept, by
 * logistic regression with both kinds of comparison weighted alike, so that the log odds are the ratio itself
 * (Brümmer and du Preez, Application-independent evaluation of speaker detection, 2006).
 *
 * @throws RangeError without genuine or without impostor comparisons
 */
export function calibrate(scores: Scores): Calibration {
  if (scores.genuineCount === 0 || scores.impostorCount === 0) {
    throw new RangeError('Calibration needs genuine and impostor comparisons');
  }
  const bins = [...scores.bins()].map(({ score, genuine, impostor }) => ({
    score,
    genuine: genuine / scores.genuineCount,
    impostor: impostor / scores.impostorCount,
  }));
  let slope = 0;
  let intercept = 0;
  for (let iteration = 0; iteration < ITERATIONS; iteration += 1) {
    // Newton's method on the negative log-likelihood, which is convex.
    let gs = RIDGE * slope;
    let gi = 0;
    let hss = RIDGE;
    let hsi = 0;
    let hii = 0;
    for (const { score, genuine, impostor } of bins) {
      const p = 1 / (1 + Math.exp(-(slope * score + intercept)));
      const residual = impostor * p - genuine * (1 - p);
      const weight = (genuine + impostor) * p * (1 - p);
      gs += residual * score;
      gi += residual;
      hss += weight * score * score;
      hsi += weight * score;
      hii += weight;
    }
    const determinant = hss * hii - hsi * hsi;
    if (!(determinant > 0)) break;
    const ds = (gs * hii - gi * hsi) / determinant;
    const di = (gi * hss - gs * hsi) / determinant;
    // A full step may overshoot where the curve is flat; 10 nats at a time cannot.
    const scale = Math.min(1, 10 / Math.max(Math.abs(ds), Math.abs(di), 1e-300));
    slope -= scale * ds;
    intercept -= scale * di;
    if (Math.abs(ds) + Math.abs(di) < TOLERANCE) break;
  }
  return { slope, intercept };
}
