/** Typing of any text. The constants are those of the recipe in docs/adr/0012, which says where it departs from it. */
import { mean, clamp, standardiser } from './statistics.js';
import { KINDS, pool, type Kind, type Moments, type TypingStatistics } from './typing-statistics.js';

/** Users that must have typed before a cohort says anything, and those that it is made of. */
export const LEAST_COHORT = 15;
const COHORT = 20;
/** What the population counts for beside a user's own times, in times (MAP). */
const TAU = 4;
/** What one slot may say, in nats. */
const CLIP = 3;
/** What one user's slot weighs in the population, in times: nobody is the population. */
const MOST_WEIGHT = 20;
/** Times that a slot needs in the population for its mean to be one. */
const LEAST_POPULATION = 20;
const LEAST_DEVIATION = 0.02;
/** How far one person's mean of a slot moves between sittings, as a share of the variance within one. A guess. */
const SITTING_VARIANCE = 0.05;

/** High is genuine. */
export type Likeness = (probe: TypingStatistics) => number;

/** Times of one kind, standardised by slot on the population; slots that it does not know are dropped. */
type Standardised = Record<Kind, ReadonlyMap<number, Moments>>;

/** A user: a normal distribution for each slot. */
type SlotModel = (slot: number) => { centre: number; deviation: number };

/** How a population types: what is usual for each slot. */
export function fitPopulation(users: readonly TypingStatistics[]): (typed: TypingStatistics) => Standardised {
  const usual: Record<Kind, Map<number, Moments>> = { hold: new Map(), digraph: new Map() };
  for (const kind of KINDS) {
    for (const slot of new Set(users.flatMap((user) => [...user[kind].keys()]))) {
      const held = users.flatMap((user) => {
        const moments = user[kind].get(slot);
        return moments ? [{ ...moments, n: Math.min(moments.n, MOST_WEIGHT) }] : [];
      });
      const moments = pool(held);
      if (moments.n >= LEAST_POPULATION) usual[kind].set(slot, moments);
    }
  }
  const standardise = (kind: Kind, typed: TypingStatistics): Map<number, Moments> => {
    const standardised = new Map<number, Moments>();
    for (const [slot, { n, mean: typical, variance }] of typed[kind]) {
      const reference = usual[kind].get(slot);
      if (!reference) continue;
      const scale = Math.max(reference.variance, LEAST_DEVIATION ** 2);
      const centre = (typical - reference.mean) / Math.sqrt(scale);
      standardised.set(slot, { n, mean: centre, variance: variance / scale });
    }
    return standardised;
  };
  return (typed) => ({ hold: standardise('hold', typed), digraph: standardise('digraph', typed) });
}

/** Hierarchical MAP: the user's offset for the kind, and how each slot departs from it. */
function fitSlots(typed: ReadonlyMap<number, Moments>): SlotModel {
  const slots = [...typed.values()];
  const times = slots.reduce((sum, { n }) => sum + n, 0);
  const offset = slots.reduce((sum, { n, mean: typical }) => sum + n * typical, 0) / (times + TAU);
  const departure = ({ n, mean: typical }: Moments): number => (n * (typical - offset)) / (n + TAU);
  const squares = slots.reduce((sum, slot) => {
    const error = slot.mean - offset - departure(slot);
    return sum + slot.n * (slot.variance + error ** 2);
  }, TAU);
  const deviation = Math.max(Math.sqrt(squares / (times + TAU)), LEAST_DEVIATION);
  return (slot) => {
    const held = typed.get(slot);
    return { centre: offset + (held ? departure(held) : 0), deviation };
  };
}

/** Log-likelihood ratio of the user to the population a time, clipped a slot, averaged a kind, then over the kinds. */
function gaussianRatio(user: Record<Kind, SlotModel>, probe: Standardised): number {
  return mean(
    KINDS.map((kind) => {
      let sum = 0;
      let times = 0;
      for (const [slot, { n, mean: typical, variance }] of probe[kind]) {
        const { centre, deviation } = user[kind](slot);
        const own = ((typical - centre) ** 2 + variance) / deviation ** 2;
        const ratio = (typical ** 2 + variance - own) / 2 - Math.log(deviation);
        sum += n * clamp(ratio, CLIP);
        times += n;
      }
      return times === 0 ? 0 : sum / times;
    }),
  );
}

/** Minus the mean distance between the means of the digraphs that both have typed. */
function digraphLikeness(user: Standardised, probe: Standardised): number {
  let sum = 0;
  let weights = 0;
  for (const [slot, typed] of probe.digraph) {
    const own = user.digraph.get(slot);
    if (!own) continue;
    const weight = Math.min(own.n, typed.n);
    sum += weight * Math.abs(own.mean - typed.mean);
    weights += weight;
  }
  return weights === 0 ? 0 : -sum / weights;
}

/**
 * The ratio and the digraphs' distance, Z-normalised on what the cohort typed and added, then T-normalised on the
 * cohort's own models: an impostor is at 0 ± 1 whoever the user is and however much was typed.
 *
 * @param background of LEAST_COHORT users or more, without this one
 */
export function cohortLikeness(user: TypingStatistics, background: readonly TypingStatistics[]): Likeness {
  const standardise = fitPopulation(background);
  const cohort = background.slice(0, COHORT).map(standardise);
  const model = (typed: Standardised, others: readonly Standardised[]): ((probe: Standardised) => number) => {
    const slots = { hold: fitSlots(typed.hold), digraph: fitSlots(typed.digraph) };
    const parts = [
      (probe: Standardised) => gaussianRatio(slots, probe),
      (probe: Standardised) => digraphLikeness(typed, probe),
    ].map((likeness) => {
      const normalise = standardiser(others.map(likeness));
      return (probe: Standardised) => normalise(likeness(probe));
    });
    return (probe) => parts.reduce((sum, part) => sum + part(probe), 0);
  };
  const own = model(standardise(user), cohort);
  const strangers = cohort.map((typed) =>
    model(
      typed,
      cohort.filter((other) => other !== typed),
    ),
  );
  return (probe) => {
    const typed = standardise(probe);
    return standardiser(strangers.map((stranger) => stranger(typed)))(own(typed));
  };
}

/**
 * Scaled Manhattan over the means of slots, for a user without a cohort: how many standard errors they lie apart, on
 * average. Low is genuine: about 0.8 where only chance separates them.
 */
export function slotDistance(user: TypingStatistics): (probe: TypingStatistics) => number {
  const scales = Object.fromEntries(
    KINDS.map((kind) => {
      const slots = [...user[kind].values()];
      const times = slots.reduce((sum, { n }) => sum + n, 0);
      const variance = slots.reduce((sum, slot) => sum + slot.n * slot.variance, 0) / Math.max(times, 1);
      return [kind, Math.max(variance, LEAST_DEVIATION ** 2)];
    }),
  ) as Record<Kind, number>;
  return (probe) => {
    const distances = KINDS.flatMap((kind) => {
      let sum = 0;
      let weights = 0;
      for (const [slot, typed] of probe[kind]) {
        const own = user[kind].get(slot);
        if (!own) continue;
        const error = scales[kind] * (1 / own.n + 1 / typed.n + SITTING_VARIANCE);
        const weight = Math.min(own.n, typed.n);
        sum += (weight * Math.abs(own.mean - typed.mean)) / Math.sqrt(error);
        weights += weight;
      }
      return weights === 0 ? [] : [sum / weights];
    });
    return distances.length === 0 ? Number.POSITIVE_INFINITY : mean(distances);
  };
}
