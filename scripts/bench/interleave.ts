/** Something that is measured in turn with others. */
export interface Variant<Sample> {
  name: string;
  /** @param round from 0, the rounds that only warm up included */
  measure: (round: number) => Promise<Sample>;
}

/**
 * Measures A B C A B C …, so that whatever else the machine does meets all of them alike. The first `warmUp` rounds
 * are thrown away.
 */
export async function interleave<Sample>(
  variants: readonly Variant<Sample>[],
  { rounds, warmUp }: { rounds: number; warmUp: number },
  onRound: (done: number, of: number) => void = () => undefined,
): Promise<Map<string, Sample[]>> {
  const samples = new Map<string, Sample[]>(variants.map(({ name }) => [name, []]));
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const { name, measure } of variants) {
      const sample = await measure(round);
      if (round >= warmUp) samples.get(name)?.push(sample);
    }
    onRound(round + 1, warmUp + rounds);
  }
  return samples;
}
