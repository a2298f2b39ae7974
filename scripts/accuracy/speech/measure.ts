import type { SpeakerEntry } from '../../../src/biometrics/index.js';
import { bootstrapEqualErrorRate, type PairScores } from '../bootstrap.js';
import { forEachComparison, type Design } from '../comparisons.js';
import { evaluate, type RuleResult } from '../evaluate.js';
import { rateOf, type Interval, type Rate } from '../statistics.js';
import { PROBES, refusal, WHOLE, type Acquired, type Speaker } from './acquire.js';
import type { ConversationResult } from './conversations.js';
import { referencesOf, templateOf } from './references.js';
import { measureSittings, type VoiceSittings } from './sittings.js';

/** Error rates of one length of probe against references of so many utterances. */
export interface SpeechRule extends RuleResult {
  /** Of the equal error rate, under resampling of speakers. */
  speakers: Interval;
}

export interface SpeechReport {
  model: string;
  speakers: number;
  recordings: number;
  failureToAcquire: Rate;
  failed: Acquired['failed'];
  refusedForEnrolment: Rate;
  refusedForVerification: Rate;
  /** Equal error rates need no gate: every recording with a template takes part. */
  rules: SpeechRule[];
  conversations: ConversationResult;
  /** With whole recordings. */
  sittings: VoiceSittings[];
}

export function measureSpeech(
  acquired: Acquired,
  speaker: SpeakerEntry,
  conversations: ConversationResult,
): SpeechReport {
  const { speakers, recordings, failed } = acquired;
  const usable = speakers.flatMap((each) => each.recordings);
  const refused = (purpose: 'ENROLMENT' | 'VERIFICATION'): Rate =>
    rateOf(usable.filter((each) => refusal(each, purpose) !== null).length, usable.length);
  return {
    model: speaker.id,
    speakers: speakers.length,
    recordings,
    failureToAcquire: rateOf(failed.length, recordings),
    failed,
    refusedForEnrolment: refused('ENROLMENT'),
    refusedForVerification: refused('VERIFICATION'),
    rules: speaker.decision.rules.flatMap(({ templates }) =>
      PROBES.map((_, probe) => measureRule(speakers, speaker, templates, probe)),
    ),
    conversations,
    sittings: (['changing', 'constant'] as const).map((observations) =>
      measureSittings(speakers, speaker, WHOLE, observations),
    ),
  };
}

function measureRule(
  speakers: Speaker[],
  speaker: SpeakerEntry,
  templates: number,
  probe: number,
): SpeechRule {
  const design = designOf(speakers, speaker, templates, probe);
  return {
    ...evaluate(design, speakers.length, speaker),
    speakers: bootstrapEqualErrorRate(speakers.length, scoresByPair(design, speakers.length)),
  };
}

/** References of every choice of so many whole utterances of a speaker, against every other recording. */
function designOf(speakers: Speaker[], speaker: SpeakerEntry, templates: number, probe: number): Design {
  return {
    name: `${templates} utterance${templates > 1 ? 's' : ''} enrolled, probe ${PROBES[probe]?.name}`,
    templates,
    references: referencesOf(speakers, speaker, templates),
    probes: speakers.flatMap(({ recordings }, subject) =>
      recordings.map((_, picture) => ({
        subject,
        picture,
        vector: templateOf(recordings, picture, probe).vector,
      })),
    ),
    unordered: false,
  };
}

function scoresByPair(design: Design, speakers: number): PairScores[] {
  const pairs = new Map<number, PairScores>();
  forEachComparison(design, (score, reference, probe) => {
    const key = reference.subject * speakers + probe.subject;
    const pair = pairs.get(key) ?? { reference: reference.subject, probe: probe.subject, scores: [] };
    pairs.set(key, pair);
    pair.scores.push(score);
  });
  return [...pairs.values()];
}
