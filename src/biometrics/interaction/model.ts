/** A user's rhythm against a probe: every method that both have enough for, each with what it says in nats. */
import { cohortLikeness, LEAST_COHORT, slotDistance } from './free-text.js';
import {
  fusedDistance,
  LEAST_BACKGROUND as LEAST_TYPISTS,
  scaledManhattan,
  type Distance,
  type Features,
} from './fixed-text.js';
import { fitMouse, LEAST_BACKGROUND as LEAST_MICE } from './mouse.js';
import {
  aloneEvidence,
  ENOUGH,
  MOST_TEXTS,
  MOST_OF_METHOD,
  NEUTRAL,
  repeatedEvidence,
  standardisedEvidence,
} from './policy.js';
import { byText, type Rhythm } from './rhythm.js';
import { clamp, mean } from './statistics.js';
import { keystrokesIn, type TypingStatistics } from './typing-statistics.js';

export type Method = 'FIXED_TEXT' | 'FREE_TEXT' | 'MOUSE';
/** By which rule it was compared: with a population, without one, or not at all. */
export type MethodRule =
  'LLR_AND_PLDA' | 'COHORT_NORMALISED' | 'LOGISTIC_REGRESSION' | 'SCALED_MANHATTAN' | 'NOT_ASSESSED';

export interface MethodFinding {
  method: Method;
  rule: MethodRule;
  /** What it says, ln p(probe | user) / p(probe | somebody else); null where it was not assessed. */
  evidence: number | null;
  /** Repetitions, keystrokes or actions of the probe that it rests on. */
  amount: number;
  /** Users that the probe was compared with besides. */
  background: number;
  /** Why it was not assessed, in words; empty otherwise. */
  reason: string;
}

export type RhythmModel = (probe: Rhythm) => MethodFinding[];

/**
 * Fits a user. Costs a few milliseconds (docs/adr/0012): done a call.
 *
 * @param background rhythms of other users, one each
 */
export function fitRhythm(user: Rhythm, background: readonly Rhythm[]): RhythmModel {
  const methods = [
    fitFixedText(user, background),
    fitFreeText(user, background),
    fitActions(user, background),
  ];
  return (probe) => methods.map((method) => method(probe));
}

type FittedMethod = (probe: Rhythm) => MethodFinding;

const notAssessed = (method: Method, amount: number, reason: string): MethodFinding => ({
  ...{ method, rule: 'NOT_ASSESSED', evidence: null, amount, background: 0, reason },
});

function fitFixedText(user: Rhythm, background: readonly Rhythm[]): FittedMethod {
  const enrolled = [...byText(user.repetitions)]
    .filter(([, repetitions]) => repetitions.length >= ENOUGH.enrol.repetitions)
    .sort(([, one], [, other]) => other.length - one.length)
    .slice(0, MOST_TEXTS);
  const texts = new Map(
    enrolled.map(([text, repetitions]) => {
      const others = background
        .map((each) => byText(each.repetitions).get(text) ?? [])
        .map((same) => same.map(({ features }) => features))
        .filter((same) => same.length >= ENOUGH.enrol.repetitions);
      return [
        text,
        fitText(
          repetitions.map(({ features }) => features),
          others,
        ),
      ];
    }),
  );
  return (probe) => {
    // One text: rules and populations differ from one to the next.
    const [most] = [...byText(probe.repetitions)]
      .flatMap(([text, repetitions]) => {
        const fitted = texts.get(text);
        return fitted ? [{ fitted, repetitions }] : [];
      })
      .sort((one, other) => other.repetitions.length - one.repetitions.length);
    if (!most) {
      const reason = 'No text that is enrolled was typed without a slip or a pause.';
      return notAssessed('FIXED_TEXT', 0, reason);
    }
    const { fitted, repetitions } = most;
    const average = mean(repetitions.map(({ features }) => fitted.evidence(features)));
    return {
      method: 'FIXED_TEXT',
      rule: fitted.rule,
      evidence: clamp(repeatedEvidence(average, repetitions.length), fitted.most),
      amount: repetitions.length,
      background: fitted.background,
      reason: '',
    };
  };
}

interface FittedText {
  rule: MethodRule;
  background: number;
  most: number;
  evidence(features: Features): number;
}

function fitText(enrolled: readonly Features[], others: readonly (readonly Features[])[]): FittedText {
  if (others.length < LEAST_TYPISTS) {
    const distance: Distance = scaledManhattan(enrolled);
    return {
      rule: 'SCALED_MANHATTAN',
      background: 0,
      most: MOST_OF_METHOD.alone,
      evidence: (features) => aloneEvidence(distance(features), NEUTRAL.fixedText(enrolled.length)),
    };
  }
  const distance = fusedDistance(enrolled, others);
  return {
    rule: 'LLR_AND_PLDA',
    background: others.length,
    most: MOST_OF_METHOD.population,
    evidence: (features) => standardisedEvidence(distance(features)),
  };
}

function fitFreeText(user: Rhythm, background: readonly Rhythm[]): FittedMethod {
  const enough = ({ typing }: Rhythm, keystrokes: number): boolean => keystrokesIn(typing) >= keystrokes;
  if (!enough(user, ENOUGH.enrol.keystrokes)) {
    return ({ typing }) =>
      notAssessed('FREE_TEXT', keystrokesIn(typing), 'Too little free text is enrolled.');
  }
  const others = background
    .filter((each) => enough(each, ENOUGH.enrol.keystrokes))
    .map(({ typing }) => typing);
  const evidence = others.length < LEAST_COHORT ? aloneOf(user.typing) : inCohort(user.typing, others);
  const [rule, size]: [MethodRule, number] =
    others.length < LEAST_COHORT ? ['SCALED_MANHATTAN', 0] : ['COHORT_NORMALISED', others.length];
  return (probe) => {
    const amount = keystrokesIn(probe.typing);
    if (amount < ENOUGH.test.keystrokes) {
      return notAssessed('FREE_TEXT', amount, `Free text needs ${ENOUGH.test.keystrokes} keys.`);
    }
    return {
      method: 'FREE_TEXT',
      rule,
      evidence: evidence(probe.typing),
      amount,
      background: size,
      reason: '',
    };
  };
}

function aloneOf(user: TypingStatistics): (probe: TypingStatistics) => number {
  const distance = slotDistance(user);
  return (probe) => clamp(aloneEvidence(distance(probe), NEUTRAL.freeText), MOST_OF_METHOD.alone);
}

function inCohort(
  user: TypingStatistics,
  others: readonly TypingStatistics[],
): (probe: TypingStatistics) => number {
  const likeness = cohortLikeness(user, others);
  return (probe) => clamp(standardisedEvidence(-likeness(probe)), MOST_OF_METHOD.population);
}

function fitActions(user: Rhythm, background: readonly Rhythm[]): FittedMethod {
  const others = background.map(({ mouse }) => mouse).filter((mouse) => mouse.length >= ENOUGH.test.actions);
  const refused =
    user.mouse.length < ENOUGH.enrol.actions
      ? 'Too few mouse actions are enrolled.'
      : others.length < LEAST_MICE
        ? `Mouse actions need ${LEAST_MICE} other users to be told from.`
        : null;
  if (refused !== null) return ({ mouse }) => notAssessed('MOUSE', mouse.length, refused);
  const logOdds = fitMouse(user.mouse, others);
  return ({ mouse }) => {
    if (mouse.length < ENOUGH.test.actions) {
      return notAssessed('MOUSE', mouse.length, `The mouse needs ${ENOUGH.test.actions} actions.`);
    }
    return {
      method: 'MOUSE',
      rule: 'LOGISTIC_REGRESSION',
      evidence: clamp(logOdds(mouse), MOST_OF_METHOD.mouse),
      amount: mouse.length,
      background: others.length,
      reason: '',
    };
  };
}
