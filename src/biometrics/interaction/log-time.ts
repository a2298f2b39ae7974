/** Times below this differ about as their ratio says, times above it as their difference: 50 ms. */
const UNIT_S = 0.05;

/** The scale that all rhythm is compared on: `sign(x) ln(1 + |x| / 0.05 s)`, close to normal for one person. */
export function logTime(seconds: number): number {
  return Math.sign(seconds) * Math.log1p(Math.abs(seconds) / UNIT_S);
}

/** From here on somebody stopped to think: no rhythm any more. */
export const PAUSE_MS = 2_000;
