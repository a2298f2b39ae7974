/* Numbers that all methods need. Population forms (1/n) throughout: a background of twice the same people is the same. */

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const upper = sorted[Math.floor(half)] ?? Number.NaN;
  return Number.isInteger(half) ? ((sorted[half - 1] ?? Number.NaN) + upper) / 2 : upper;
}

/** Mean absolute deviation. */
export function meanDeviation(values: readonly number[], from: number): number {
  return mean(values.map((value) => Math.abs(value - from)));
}

export function clamp(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}

/** Standardises by a sample of scores, as z-norm does. A sample without spread says nothing of the scale. */
export function standardiser(scores: readonly number[]): (score: number) => number {
  const centre = mean(scores);
  const spread = standardDeviation(scores) || 1;
  return (score) => (score - centre) / spread;
}

/** Every component of vectors of one length: `[[1, 2], [3, 4]]` → `[[1, 3], [2, 4]]`. */
export function columns(vectors: readonly (readonly number[])[]): number[][] {
  const [first] = vectors;
  return first ? first.map((_, index) => vectors.map((vector) => vector[index] ?? Number.NaN)) : [];
}

export function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
