import type { SpeakerEntry } from '../../../src/biometrics/index.js';
import { FUSION_POLICY, logLikelihoodRatio } from '../../../src/exams/watching/fusion.js';
import { bestScore, type Reference } from '../comparisons.js';
import { SEED, type Frames } from '../sequences.js';
import { playHour, VOICE_CADENCE_MS } from '../sittings.js';
import { quantile, randomFrom } from '../statistics.js';
import { refusal, type Speaker } from './acquire.js';
import { referencesOf, templateOf } from './references.js';

/** Of an exam's reference. */
const TEMPLATES = 3;

/** The "different person" rule over the voice alone, a recording in 30 s, for an hour. */
export interface VoiceSittings {
  observations: Frames;
  honest: { alerts: number; studentHours: number; speakersWithAlert: number };
  impostor: {
    sittings: number;
    detected: number;
    /** Ordered pairs of speakers in which no sitting was detected. */
    pairsNeverDetected: number;
    pairs: number;
    /** Seconds, over the detected; null when there is none. */
    meanSeconds: number | null;
    p95Seconds: number | null;
  };
}

/** Every reference of three whole utterances: an hour of its speaker's others, and one of each other speaker. */
export function measureSittings(
  speakers: Speaker[],
  speaker: SpeakerEntry,
  probe: number,
  observations: Frames,
): VoiceSittings {
  const rule = speaker.decision.rules[TEMPLATES - 1];
  if (!rule) throw new RangeError(`${speaker.id} has no rule for ${TEMPLATES} templates`);
  const random = randomFrom(SEED);
  const play = (ratios: (number | null)[], untilFirst: boolean): number[] => {
    const pick = (): number | null => ratios[Math.floor(random() * ratios.length)] ?? null;
    const constant = pick();
    const next = observations === 'constant' ? () => constant : pick;
    return playHour([{ modality: 'VOICE', cadenceMs: VOICE_CADENCE_MS, next }], FUSION_POLICY, untilFirst);
  };
  const ratiosOf = ({ subject, pictures, vectors }: Reference, of: number): (number | null)[] =>
    (speakers[of]?.recordings ?? []).flatMap((recording, at, all) => {
      if (of === subject && pictures.includes(at)) return [];
      if (refusal(recording, 'VERIFICATION') !== null) return [null];
      return [logLikelihoodRatio(bestScore(vectors, templateOf(all, at, probe).vector), rule.calibration)];
    });

  const honest = { alerts: 0, studentHours: 0 };
  const accused = new Set<number>();
  const times: number[] = [];
  const pairs = new Map<string, boolean>();
  let sittings = 0;
  for (const reference of referencesOf(speakers, speaker, TEMPLATES)) {
    const { subject } = reference;
    const opened = play(ratiosOf(reference, subject), false).length;
    honest.studentHours += 1;
    honest.alerts += opened;
    if (opened > 0) accused.add(subject);
    for (const other of speakers.keys()) {
      if (other === subject) continue;
      const [found] = play(ratiosOf(reference, other), true);
      sittings += 1;
      const pair = `${subject}/${other}`;
      pairs.set(pair, (pairs.get(pair) ?? false) || found !== undefined);
      if (found !== undefined) times.push(found / 1000);
    }
  }
  times.sort((a, b) => a - b);
  return {
    observations,
    honest: { ...honest, speakersWithAlert: accused.size },
    impostor: {
      sittings,
      detected: times.length,
      pairsNeverDetected: [...pairs.values()].filter((found) => !found).length,
      pairs: pairs.size,
      meanSeconds: times.length > 0 ? times.reduce((sum, s) => sum + s, 0) / times.length : null,
      p95Seconds: quantile(times, 0.95),
    },
  };
}
