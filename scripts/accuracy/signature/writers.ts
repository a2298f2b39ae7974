/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
/**
 * Made-up signatures, in the layout of SVC2004. A writer moves as the kinematic theory of handwriting says (Plamondon
 * 1995): overlapping strokes, each with a lognormal speed and an arc for its path. They repeat themselves with small
 * deviations of everything; who forges them knows the paths and not the timing. How large the deviations are was set by
 * hand, so that the errors come out near those reported for real signatures: what is measured on them orders
 * alternatives and proves that the measurement runs. It is no evidence of how well anybody is told apart.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomFrom } from '../statistics.js';

const { cos, exp, log, sin, sqrt, PI } = Math;

const GENUINE = 20;
const FORGERIES = 20;
const STEP_S = 0.01;
/** Units of the tablet per unit of a writer's own. */
const SCALE = 700;

/** One stroke of the sigma-lognormal model. */
interface Stroke {
  /** Seconds after the stroke before. */
  after: number;
  /** Length of the path. */
  length: number;
  /** Direction at its beginning and at its end, radians. */
  from: number;
  to: number;
  /** Of the logarithm of its time: when it is fastest, and how long it takes. */
  mu: number;
  sigma: number;
  /** 0..1; 0 while the pen is up. */
  pressure: number;
}

/** Standard deviations, of logarithms where not said otherwise. */
interface Variation {
  length: number;
  /** Radians, not logarithm. */
  direction: number;
  rhythm: number;
  tempo: number;
  pressure: number;
}

/** The writer themselves, from one time to the next. */
const OWN: Variation = { length: 0.18, direction: 0.17, rhythm: 0.18, tempo: 0.1, pressure: 0.18 };
/** Who has seen the signature and practised its shape. */
const FORGED: Variation = { length: 0.25, direction: 0.22, rhythm: 0.5, tempo: 0.25, pressure: 0.5 };
/** A forger's hand is slower, by this much of a logarithm at the mean. */
const HESITATION = 0.4;

type Random = ReturnType<typeof distributions>;

function distributions(seed: number) {
  const uniform = randomFrom(seed);
  const normal = (mean: number, deviation: number): number =>
    mean + deviation * sqrt(-2 * log(1 - uniform())) * cos(2 * PI * uniform());
  return {
    uniform: (low: number, high: number): number => low + (high - low) * uniform(),
    normal,
    factor: (deviation: number): number => exp(normal(0, deviation)),
  };
}

/** A writer's signature as they mean it. */
function signature(random: Random): Stroke[] {
  const count = Math.round(random.uniform(12, 22));
  const tempo = random.factor(0.2);
  const slant = random.normal(0, 0.3);
  let direction = random.uniform(-1, 1);
  return Array.from({ length: count }, (_, index) => {
    // Up and down in turn, drifting to the right, as most scripts do.
    direction = (index % 2 === 0 ? -1 : 1) * random.uniform(0.6, 1.7) + slant;
    const bend = random.normal(0, 0.9);
    return {
      after: tempo * 0.1 * random.factor(0.3),
      length: random.factor(0.6),
      from: direction - bend,
      to: direction + bend,
      mu: -1.7 + log(tempo) + random.normal(0, 0.15),
      sigma: 0.3 * random.factor(0.2),
      pressure: index > 0 && random.uniform(0, 1) < 0.12 ? 0 : random.uniform(0.3, 0.9),
    };
  });
}

/** One performance of a signature. */
function perform(strokes: readonly Stroke[], by: Variation, slower: number, random: Random): Stroke[] {
  const tempo = exp(slower) * random.factor(by.tempo);
  return strokes.map((stroke) => {
    const turn = random.normal(0, by.direction);
    return {
      after: stroke.after * tempo * random.factor(by.rhythm),
      length: stroke.length * random.factor(by.length),
      from: stroke.from + turn + random.normal(0, by.direction / 2),
      to: stroke.to + turn + random.normal(0, by.direction / 2),
      mu: stroke.mu + log(tempo) + random.normal(0, by.rhythm / 2),
      sigma: stroke.sigma * random.factor(by.rhythm / 2),
      pressure: Math.min(1, stroke.pressure * random.factor(by.pressure)),
    };
  });
}

/** What a tablet says of a performance: the first line of a file and the points. */
function recorded(strokes: readonly Stroke[], random: Random): string {
  let start = 0;
  const timed = strokes.map((stroke) => ({ ...stroke, start: (start += stroke.after) }));
  const end = Math.max(...timed.map(({ start: at, mu, sigma }) => at + exp(mu + 2.5 * sigma)));
  let [x, y] = [0, 0];
  const lines: string[] = [];
  for (let t = 0; t <= end; t += STEP_S) {
    let [most, pressure] = [0, timed[0]!.pressure];
    for (const stroke of timed) {
      const u = t - stroke.start;
      if (u <= 0) continue;
      const z = (log(u) - stroke.mu) / stroke.sigma;
      const speed = (stroke.length * exp(-(z ** 2) / 2)) / (stroke.sigma * sqrt(2 * PI) * u);
      // The share of the stroke that is done, by the logistic curve that follows the normal one closely.
      const done = 1 / (1 + exp(-1.702 * z));
      const direction = stroke.from + (stroke.to - stroke.from) * done;
      x += speed * cos(direction) * STEP_S;
      y += speed * sin(direction) * STEP_S;
      if (speed > most) [most, pressure] = [speed, stroke.pressure];
    }
    const down = pressure > 0;
    const felt = down ? Math.round(1023 * Math.min(1, pressure * random.factor(0.03))) : 0;
    const [px, py] = [x, y].map((value) => Math.round(4000 + SCALE * value + random.normal(0, 2)));
    lines.push(`${px} ${py} ${Math.round(1000 * t)} ${down ? 1 : 0} 0 0 ${felt}`);
  }
  return [lines.length, ...lines].join('\n');
}

/** Files of so many writers, by name: twenty signatures each and twenty skilled forgeries. */
export function signatureFiles(writers: number, seed: number): Map<string, string> {
  const files = new Map<string, string>();
  for (let writer = 1; writer <= writers; writer++) {
    const random = distributions(seed + writer);
    const own = signature(random);
    for (let number = 1; number <= GENUINE + FORGERIES; number++) {
      const forged = number > GENUINE;
      const performed = forged ? perform(own, FORGED, HESITATION, random) : perform(own, OWN, 0, random);
      files.set(`U${writer}S${number}.TXT`, `${recorded(performed, random)}\n`);
    }
  }
  return files;
}

export function writeSignatures(dir: string, writers: number, seed: number): void {
  mkdirSync(dir, { recursive: true });
  for (const [name, text] of signatureFiles(writers, seed)) writeFileSync(join(dir, name), text);
}
