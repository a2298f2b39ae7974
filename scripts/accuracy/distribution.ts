/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
/** Width of a score bin: thresholds are known to this. */
export const BIN = 1e-4;
const BINS = Math.round(2 / BIN) + 1;

/** Bin of a cosine; rounding must not push a score below the edge it lies on. */
const binOf = (score: number): number =>
  Math.min(BINS - 1, Math.max(0, Math.floor((score + 1) / BIN + 1e-6)));

/** Score at the lower edge of a bin. */
const edgeOf = (bin: number): number => Number((bin * BIN - 1).toFixed(6));

export interface OperatingPoint {
  threshold: number;
  /** Share of impostor comparisons at or above the threshold. */
  fmr: number;
  /** Share of genuine comparisons below it. */
  fnmr: number;
}

/** Genuine and impostor comparison scores in -1..1, as histograms: any number of comparisons in 320 kB. */
export class ScoreDistribution {
  readonly genuine = new Float64Array(BINS);
  readonly impostor = new Float64Array(BINS);
  genuineCount = 0;
  impostorCount = 0;

  add(score: number, isGenuine: boolean): void {
    const bin = binOf(score);
    if (isGenuine) {
      this.genuine[bin]! += 1;
      this.genuineCount += 1;
    } else {
      this.impostor[bin]! += 1;
      this.impostorCount += 1;
    }
  }

  /** Operating points by rising threshold, one a bin; empty without both kinds of comparison. */
  curve(): OperatingPoint[] {
    if (this.genuineCount === 0 || this.impostorCount === 0) return [];
    const points: OperatingPoint[] = [];
    let rejected = 0;
    let accepted = this.impostorCount;
    for (let bin = 0; bin < BINS; bin += 1) {
      points.push({
        threshold: edgeOf(bin),
        fmr: accepted / this.impostorCount,
        fnmr: rejected / this.genuineCount,
      });
      rejected += this.genuine[bin]!;
      accepted -= this.impostor[bin]!;
    }
    return points;
  }

  /** The lowest threshold whose false match rate does not exceed `fmr`; null when there is none. */
  thresholdFor(fmr: number): number | null {
    return this.curve().find((point) => point.fmr <= fmr)?.threshold ?? null;
  }

  /** Where FMR and FNMR are equal, linear between bins; null without both kinds of comparison. */
  equalErrorRate(): number | null {
    const points = this.curve();
    const after = points.findIndex((point) => point.fnmr >= point.fmr);
    const b = points[after];
    const a = points[after - 1] ?? b;
    if (!a || !b) return null;
    const gapA = a.fmr - a.fnmr;
    const gapB = b.fmr - b.fnmr;
    const share = gapA === gapB ? 0 : gapA / (gapA - gapB);
    return a.fmr + share * (b.fmr - a.fmr);
  }

  /** Mean score and number of comparisons of every bin that is not empty. */
  *bins(): Generator<{ score: number; genuine: number; impostor: number }> {
    for (let bin = 0; bin < BINS; bin += 1) {
      const genuine = this.genuine[bin]!;
      const impostor = this.impostor[bin]!;
      if (genuine > 0 || impostor > 0) yield { score: edgeOf(bin) + BIN / 2, genuine, impostor };
    }
  }
}
