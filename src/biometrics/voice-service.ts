import { principalOf, validate, type Context } from '../call/index.js';
import { Modality as ModalityMessage } from '../grpc/gen/probity/biometrics/v1/reference_service.js';
import type {
  EnrolledRecording,
  VoiceServiceService,
} from '../grpc/gen/probity/biometrics/v1/voice_service.js';
import type { Handlers } from '../grpc/index.js';
import type { SpeakerEntry } from './engine/index.js';
import {
  presentReferences,
  samplesOf,
  voiceMatcher,
  type Enrol,
  type ReferenceRulesDependencies,
  type SampleVerdict,
  type Verify,
  type VoiceSample,
} from './references/index.js';
import { enrolVoiceRequest, recordingRequest, verifyVoiceRequest } from './requests.js';
import { compareVoice, type VoiceAnalyser, type VoiceAnalysis } from './voice/index.js';
import { presentVoice, presentVoiceComparison } from './voice-presenter.js';
import { findSubject } from './whom.js';

export interface VoiceServiceDependencies extends ReferenceRulesDependencies {
  analyser: VoiceAnalyser;
  speaker: SpeakerEntry;
  enrol: Enrol;
  verify: Verify;
}

/** VoiceService: recordings without a subject, and enrolling and verifying a voice. */
export function voiceService({
  storage: { db },
  references,
  directory,
  clock,
  analyser,
  speaker,
  enrol,
  verify,
}: VoiceServiceDependencies): Handlers<typeof VoiceServiceService> {
  const voices = voiceMatcher(speaker);

  /** One after another: a call has one worker's worth of the pool, however many recordings it brings. */
  async function analyseAll(recordings: readonly Uint8Array[], ctx: Context): Promise<VoiceAnalysis[]> {
    const analyses: VoiceAnalysis[] = [];
    for (const each of recordings) analyses.push(await analyser.analyse(each, voices.maxTemplates, ctx));
    return analyses;
  }

  return {
    async analyseVoice(request, ctx) {
      principalOf(ctx);
      const { recording } = validate(recordingRequest, request);
      return { finding: presentVoice(await analyser.analyse(recording, 1, ctx)) };
    },

    async enrolVoice(request, ctx) {
      const caller = principalOf(ctx);
      const { user, recordings } = validate(enrolVoiceRequest, request);
      const subject = await findSubject(db, directory, caller, user.user);
      const { decision, samples } = await enrol(caller, subject, voices, async () =>
        (await analyseAll(recordings, ctx)).flatMap(samplesOf),
      );
      const held = await presentReferences(db, references, subject.userId, clock.now());
      return {
        reference: held.find(({ modality }) => modality === ModalityMessage.MODALITY_VOICE),
        recordings: recordingsOf(samples, decision.verdicts),
      };
    },

    async verifyVoice(request, ctx) {
      const caller = principalOf(ctx);
      const { user, recording } = validate(verifyVoiceRequest, request);
      const subject = await findSubject(db, directory, caller, user.user);
      const { sample, comparison } = await verify(caller, subject, {
        modality: 'VOICE',
        modelId: speaker.id,
        analyse: () => analyser.analyse(recording, 1, ctx),
        compare: (analysis, templates) => compareVoice(analysis, templates, speaker),
      });
      return { comparison: presentVoiceComparison(comparison), finding: presentVoice(sample) };
    },
  };
}

/** What became of each recording, by what became of its utterances. */
function recordingsOf(
  samples: readonly VoiceSample[],
  verdicts: readonly SampleVerdict[],
): EnrolledRecording[] {
  const analyses = [...new Set(samples.map(({ analysis }) => analysis))];
  return analyses.map((analysis) => {
    const own = verdicts.filter((_, index) => samples[index]?.analysis === analysis);
    const accepted = own.filter((verdict) => verdict.accepted);
    return {
      accepted: accepted.length > 0,
      reasons: [...new Set(own.flatMap(({ reasons }) => reasons))],
      finding: presentVoice(analysis),
      acceptedUtterances: accepted.length,
    };
  });
}
