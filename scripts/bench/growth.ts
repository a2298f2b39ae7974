import { median } from 'simple-statistics';

/** Looks at each end of which the median is taken: the heap's saw teeth are shorter. */
const WINDOW = 20;

/**
 * How much a process grew between the end of its warm-up and the end.
 *
 * @param looks bytes, in order
 * @param warm how many of them were taken before the warm-up ended
 */
export function growthOf(
  looks: readonly number[],
  warm: number,
): { rss: { start: number; end: number }; growth: number } {
  const before = looks.slice(Math.max(0, warm - WINDOW), warm);
  const after = looks.slice(Math.max(warm, looks.length - WINDOW));
  if (before.length === 0 || after.length === 0) throw new Error('Too few looks for a growth');
  const rss = { start: median(before), end: median(after) };
  return { rss, growth: rss.end / rss.start - 1 };
}
