import { scoreOf, THRESHOLDS, type CalibratedAs } from '../../../src/biometrics/handwriting/decision.js';
import { imageDistance } from '../../../src/biometrics/handwriting/image-distance.js';
import { imageVector } from '../../../src/biometrics/handwriting/image-template.js';
import { inkOf } from '../../../src/biometrics/handwriting/ink.js';
import { distanceTo, prepareTraces } from '../../../src/biometrics/handwriting/trace-distance.js';
import type { Trajectory } from '../../../src/biometrics/handwriting/trajectory.js';
import { calibrate, type Calibration } from '../calibration.js';
import { rateOf, type Rate } from '../statistics.js';
import { FIRST_PROBE, type SignatureCorpus } from './corpus.js';
import { equalError, type Comparison, type EqualError } from '../eer.js';
import { pictureOf, rasterOf } from './render.js';

/** The first signatures of a writer, in the order of their numbers, are the reference; the probes are the same for all. */
const ENROLLED = [5, 3];

/** One way to compare, against one kind of forgery. */
export interface ForgeryResult {
  equalError: EqualError;
  impostor: number;
  /** False match rate at the deployed threshold. */
  atMatch: Rate;
  /** Log-likelihood ratio of the score; slope 1 and intercept 0 where the deployed calibration holds. */
  calibration: Calibration;
}

export interface SignatureResult {
  name: string;
  enrolled: number;
  genuine: number;
  /** False non-match rate at the deployed threshold. */
  rejected: Rate;
  random: ForgeryResult;
  skilled: ForgeryResult | null;
}

/** How samples of one form are compared: by the product's own functions, as its worker does. */
interface Method<Sample> {
  name: string;
  as: CalibratedAs;
  sampleOf(trajectory: Trajectory): Sample;
  /** Distance of a probe to a reference. */
  against(reference: Sample[]): (probe: Sample) => number;
}

function traces(withPressure: boolean): Method<Trajectory> {
  return {
    name: withPressure ? 'trace with pressure' : 'trace without pressure',
    as: withPressure ? 'TRACE_WITH_PRESSURE' : 'TRACE',
    sampleOf: (trajectory) => trajectory,
    against(reference) {
      const prepared = prepareTraces(reference, withPressure);
      return (probe) => distanceTo(prepared, probe);
    },
  };
}

const images: Method<Float32Array | null> = {
  name: 'drawn as a picture',
  as: 'IMAGE',
  sampleOf(trajectory) {
    const ink = inkOf(pictureOf(rasterOf(trajectory)));
    return ink && imageVector(ink);
  },
  against(reference) {
    const held = reference.flatMap((each) => each ?? []);
    // What cannot be compared never matches.
    return (probe) => (probe === null || held.length === 0 ? Infinity : imageDistance(probe, held));
  },
};

/** Equal error rates for random and skilled forgeries, by what is compared and how much is enrolled. */
export function measureSignatures(corpus: SignatureCorpus): SignatureResult[] {
  return [
    ...(corpus.hasPressure ? measure(corpus, traces(true)) : []),
    ...measure(corpus, traces(false)),
    ...measure(corpus, images),
  ];
}

function measure<Sample>({ writers }: SignatureCorpus, method: Method<Sample>): SignatureResult[] {
  const samples = writers.map(({ genuine, forgeries }) => ({
    genuine: genuine.map((each) => method.sampleOf(each)),
    forgeries: forgeries.map((each) => method.sampleOf(each)),
  }));
  return ENROLLED.map((enrolled) => {
    const genuine: Comparison[] = [];
    const skilled: Comparison[] = [];
    const random: Comparison[] = [];
    samples.forEach((own, writer) => {
      if (own.genuine.length <= FIRST_PROBE) return;
      const distance = method.against(own.genuine.slice(0, enrolled));
      const compare = (probe: Sample, isGenuine: boolean): Comparison => {
        // A distance that there is none of is the farthest.
        const score = Math.max(-1e6, scoreOf(distance(probe), method.as, enrolled));
        return { writer, score, genuine: isGenuine };
      };
      for (const probe of own.genuine.slice(FIRST_PROBE)) genuine.push(compare(probe, true));
      for (const probe of own.forgeries) skilled.push(compare(probe, false));
      samples.forEach((other, index) => {
        // One of each other writer: more of the same would be no new forger.
        const probe = other.genuine[FIRST_PROBE];
        if (index !== writer && probe !== undefined) random.push(compare(probe, false));
      });
    });
    const { match } = THRESHOLDS[method.as === 'IMAGE' ? 'IMAGE' : 'TRACE'];
    const forged = (impostors: Comparison[]): ForgeryResult => ({
      equalError: equalError([...genuine, ...impostors], writers.length),
      impostor: impostors.length,
      atMatch: rateOf(impostors.filter(({ score }) => score >= match).length, impostors.length),
      calibration: calibrate({
        genuineCount: genuine.length,
        impostorCount: impostors.length,
        bins: () =>
          [...genuine, ...impostors].map((each) => ({
            score: each.score,
            genuine: each.genuine ? 1 : 0,
            impostor: each.genuine ? 0 : 1,
          })),
      }),
    });
    return {
      name: method.name,
      enrolled,
      genuine: genuine.length,
      rejected: rateOf(genuine.filter(({ score }) => score < match).length, genuine.length),
      random: forged(random),
      skilled: skilled.length > 0 ? forged(skilled) : null,
    };
  });
}
