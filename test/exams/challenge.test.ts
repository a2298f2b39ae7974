import fc from 'fast-check';
import {
  CHALLENGE_POLICY as POLICY,
  drawSteps,
  follow,
  freshProgress,
  MOVEMENTS,
  shareDone,
  type ChallengeLook,
  type ChallengeProgress,
  type ChallengeStep,
  type FaceAt,
} from '../../src/exams/identifying/challenge.js';
import type { Comparison } from '../../src/exams/identifying/verification.js';

const REST: FaceAt = { yaw: 2, noseAside: 0.01, closed: 0.02, mouthWidth: 0.8, mouthLift: 0.05 };
const FACES = {
  rest: REST,
  left: { ...REST, yaw: -18, noseAside: 0.22 },
  right: { ...REST, yaw: 21, noseAside: -0.2 },
  closed: { ...REST, closed: 0.95 },
  smile: { ...REST, mouthWidth: 0.95, mouthLift: 0.09 },
  /** A print turned about its own axis: the net sees a yaw, the nose stays in the middle. */
  flatLeft: { ...REST, yaw: -20, noseAside: 0.04 },
} satisfies Record<string, FaceAt>;
type Seen = keyof typeof FACES;
const SHOWS: Record<Exclude<ChallengeStep, 'LOOK_STRAIGHT'>, Seen> = {
  TURN_LEFT: 'left',
  TURN_RIGHT: 'right',
  BLINK: 'closed',
  SMILE: 'smile',
};

const comparison = (outcome: Comparison['outcome'], score: number | null = 0.7): Comparison => ({
  ...{ outcome, score, threshold: 0.42, modelId: 'm', reasons: [] },
});
type Event = Seen | 'other' | 'unsure' | 'nobody' | 'again';

/** Plays frames, 250 ms apart unless a frame brings its own pause. */
class Play {
  progress: ChallengeProgress = freshProgress(0);
  now = 0;
  readonly verdicts: string[] = [];
  private made = 0;

  constructor(readonly steps: readonly ChallengeStep[]) {}

  get done(): number {
    return this.progress.done.length;
  }

  show(event: Event, afterMs = 250): this {
    const step = this.steps[this.done];
    if (step === undefined) return this;
    this.now += afterMs;
    const { progress, verdict } = follow(this.progress, step, this.look(event), POLICY);
    this.progress = progress;
    this.verdicts.push(verdict);
    return this;
  }

  private look(event: Event): ChallengeLook {
    const sha256 = event === 'again' ? 'the same' : String(++this.made);
    const look = { at: this.now, sha256, fingerprint: sha256, seenBefore: false };
    switch (event) {
      case 'other':
        return { ...look, comparison: comparison('NO_MATCH', 0.1), face: FACES.rest };
      case 'unsure':
        return { ...look, comparison: comparison('INCONCLUSIVE', 0.38), face: FACES.rest };
      case 'nobody':
        return { ...look, comparison: comparison('INCONCLUSIVE', null), face: null };
      case 'again':
        return { ...look, seenBefore: true, comparison: comparison('MATCH'), face: FACES.rest };
      default:
        return { ...look, comparison: comparison('MATCH'), face: FACES[event] };
    }
  }
}

const orders = fc
  .shuffledSubarray([...MOVEMENTS], { minLength: 3, maxLength: 3 })
  .map((movements): ChallengeStep[] => ['LOOK_STRAIGHT', ...movements]);
const events = fc.array(
  fc.tuple(
    fc.constantFrom<Event>(...(Object.keys(FACES) as Seen[]), 'other', 'unsure', 'nobody', 'again'),
    fc.constantFrom(100, 250, 700, 3_500),
  ),
  { maxLength: 60 },
);

describe('steps', () => {
  test('begin with looking straight, and are three different movements, whatever is drawn', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 3, maxLength: 3 }), (numbers) => {
        const [first, ...movements] = drawSteps((below) => numbers.pop()! % below, POLICY);
        expect(first).toBe('LOOK_STRAIGHT');
        expect(new Set(movements).size).toBe(3);
        expect(movements.every((each) => (MOVEMENTS as readonly string[]).includes(each))).toBe(true);
      }),
    );
  });

  test('every order of them can be drawn', () => {
    const drawn = new Set<string>();
    for (let n = 0; n < 24; n++) {
      let rest = n;
      drawn.add(
        drawSteps((below) => {
          const number = rest % below;
          rest = Math.floor(rest / below);
          return number;
        }, POLICY).join(),
      );
    }
    expect(drawn.size).toBe(24);
  });
});

describe('a challenge', () => {
  test('is passed by whoever does what is asked, in any order of the steps', () => {
    fc.assert(
      fc.property(orders, (steps) => {
        const play = new Play(steps);
        play.show('rest').show('rest').show('rest');
        for (const step of steps.slice(1)) {
          play.show('rest').show('rest').show('rest');
          play.show(SHOWS[step as keyof typeof SHOWS]).show('rest');
        }
        expect(play.done).toBe(4);
        expect(shareDone(play.progress, 4, POLICY)).toBe(1);
      }),
    );
  });

  test('moves by one step at a time, never back, and its share grows with it', () => {
    fc.assert(
      fc.property(orders, events, (steps, sequence) => {
        const play = new Play(steps);
        for (const [event, pause] of sequence) {
          const before = play.done;
          play.show(event, pause);
          expect([before, before + 1]).toContain(play.done);
          const share = shareDone(play.progress, 4, POLICY);
          expect(share).toBeGreaterThanOrEqual(play.done / 4);
          expect(share).toBeLessThan(play.done === 4 ? 1.01 : (play.done + 1) / 4);
        }
      }),
    );
  });

  test('counts a movement only from rest, without a gap and without anybody else or nobody between', () => {
    fc.assert(
      fc.property(orders, events, (steps, sequence) => {
        const play = new Play(steps);
        let since: Event[] = [];
        for (const [event, pause] of sequence) {
          const [before, step] = [play.done, steps[play.done]];
          if (pause > POLICY.mostGapMs) since = [];
          if (event === 'other' || event === 'nobody') since = [];
          else since.push(event);
          play.show(event, pause);
          if (play.done === before) continue;
          if (step !== 'LOOK_STRAIGHT') {
            const shown = SHOWS[step!];
            expect(since.indexOf('rest')).toBeGreaterThanOrEqual(0);
            expect(since.indexOf('rest')).toBeLessThan(since.lastIndexOf(shown));
            expect(event).toBe(step === 'BLINK' ? 'rest' : shown);
          }
          since = [];
        }
      }),
    );
  });

  test('tells of somebody else at every frame that shows one', () => {
    fc.assert(
      fc.property(orders, events, (steps, sequence) => {
        const play = new Play(steps);
        for (const [event, pause] of sequence) {
          if (play.done === 4) break;
          play.show(event, pause);
          expect(play.verdicts.at(-1) === 'ANOTHER_PERSON').toBe(event === 'other');
        }
      }),
    );
  });

  test.each<[string, Event[]]>([
    ['a picture that is held up', ['rest', 'rest', 'rest', 'rest', 'rest', 'rest', 'rest', 'rest']],
    ['a picture that is turned before the camera', ['rest', 'rest', 'rest', 'rest', 'flatLeft', 'flatLeft']],
    ['the same bytes again and again', ['again', 'again', 'again', 'again']],
    ['a score that does not suffice', ['rest', 'rest', 'rest', 'unsure', 'unsure', 'unsure']],
    ['the other side', ['rest', 'rest', 'rest', 'rest', 'rest', 'rest', 'right', 'right']],
    ['a movement without rest before it', ['rest', 'rest', 'rest', 'left', 'left', 'left', 'left']],
  ])('%s turns no head', (_, shown) => {
    const play = new Play(['LOOK_STRAIGHT', 'TURN_LEFT', 'BLINK', 'SMILE']);
    for (const event of shown) play.show(event);
    expect(play.done).toBeLessThanOrEqual(1);
  });

  test('a step is not done at once after the one before', () => {
    const play = new Play(['LOOK_STRAIGHT', 'TURN_LEFT', 'BLINK', 'SMILE']);
    play.show('rest').show('rest').show('rest').show('rest', 100).show('left', 100);
    expect(play.done).toBe(1);
    play.show('left', 400);
    expect(play.done).toBe(2);
  });

  test('eyes that stay closed are no blink', () => {
    const play = new Play(['LOOK_STRAIGHT', 'BLINK', 'SMILE', 'TURN_LEFT']);
    play.show('rest').show('rest').show('rest').show('rest').show('rest');
    for (let i = 0; i < 10; i++) play.show('closed');
    expect(play.done).toBe(1);
    play.show('rest');
    expect(play.done).toBe(2);
  });
});
