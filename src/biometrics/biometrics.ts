import type { Logger } from 'pino';
import type { Handlers } from '../grpc/index.js';
import type { InteractionServiceService } from '../grpc/gen/probity/biometrics/v1/interaction_service.js';
import type { FaceServiceService } from '../grpc/gen/probity/biometrics/v1/face_service.js';
import type { HandwritingServiceService } from '../grpc/gen/probity/biometrics/v1/handwriting_service.js';
import type { ModelServiceService } from '../grpc/gen/probity/biometrics/v1/model_service.js';
import type { ReferenceServiceService } from '../grpc/gen/probity/biometrics/v1/reference_service.js';
import type { Audit } from '../events/index.js';
import type { Storage } from '../storage/index.js';
import type { VoiceServiceService } from '../grpc/gen/probity/biometrics/v1/voice_service.js';
import type { Engine, Manifest, RecogniserEntry, SpeakerEntry } from './engine/index.js';
import { faceService } from './face-service.js';
import type { FaceAnalyser } from './face/index.js';
import { handwritingJudge } from './handwriting-judge.js';
import { handwritingService } from './handwriting-service.js';
import type { HandwritingReader } from './handwriting/index.js';
import {
  createBackground,
  createInteractionAnalyser,
  interactionJudge,
  interactionService,
} from './interaction/index.js';
import { modelService } from './model-service.js';
import type {
  ConsentGuard,
  Modality,
  OnReferenceChanged,
  SittingGuard,
  SubjectDirectory,
  VerificationThrottle,
} from './ports.js';
import type { Custodian } from './custody.js';
import {
  createCustodian,
  createEnrol,
  createReferences,
  createVerify,
  referenceData,
  referenceService,
} from './references/index.js';
import type { ReferenceRegistry, SampleJudge, SubjectData } from './registry.js';
import { createTemplateVault } from './templates/index.js';
import type { VoiceAnalyser } from './voice/index.js';
import { voiceJudge } from './voice-judge.js';
import { voiceService } from './voice-service.js';

export interface BiometricsOptions {
  /** Templates that a face reference keeps at most. */
  maxTemplates: number;
  /** Templates that make a face reference complete. */
  requiredTemplates: number;
  /** Days from enrolment until retention deletes a reference. */
  referenceRetentionDays: number;
}

/** Samples that make a reference complete, by what each modality was measured with. */
const REQUIRED_SAMPLES = { VOICE: 3, HANDWRITING: 3, INTERACTION: 1 } as const;

export interface BiometricsDependencies {
  storage: Storage;
  audit: Audit;
  analyser: FaceAnalyser;
  handwriting: HandwritingReader;
  voiceAnalyser: VoiceAnalyser;
  engine: Engine;
  manifest: Manifest;
  consent: ConsentGuard;
  sitting: SittingGuard;
  directory: SubjectDirectory;
  throttle: VerificationThrottle;
  referenceChanged: OnReferenceChanged;
  clock: { now(): number };
  log: Logger;
  options: BiometricsOptions;
}

export interface Biometrics {
  handlers: {
    faces: Handlers<typeof FaceServiceService>;
    references: Handlers<typeof ReferenceServiceService>;
    handwriting: Handlers<typeof HandwritingServiceService>;
    models: Handlers<typeof ModelServiceService>;
    interaction: Handlers<typeof InteractionServiceService>;
    voices: Handlers<typeof VoiceServiceService>;
  };
  /** Who judges what is no picture of a face. */
  judges: Record<Exclude<Modality, 'FACE'>, SampleJudge>;
  references: ReferenceRegistry;
  /** Moves templates between the server and the students' phones. */
  custodian: Custodian;
  /** The face recognition model in use, with its decision rules. */
  recogniser: RecogniserEntry;
  subjectData: SubjectData;
}

/**
 * Wires the room's services.
 *
 * @throws Error when the engine has no recogniser or speaker model, or a reference could never be complete with it
 */
export function createBiometrics(dependencies: BiometricsDependencies): Biometrics {
  const { storage, analyser, handwriting, voiceAnalyser, engine, manifest, consent, throttle, options } =
    dependencies;
  const inUse = new Set(engine.status().models.map(({ id }) => id));
  const models = manifest.models.filter(({ id }) => inUse.has(id));
  const recogniser = models.find((entry): entry is RecogniserEntry => entry.role === 'face.recognise');
  if (!recogniser) throw new Error('No face recognition model is in use.');
  const speaker = models.find((entry): entry is SpeakerEntry => entry.role === 'voice.embed');
  if (!speaker) throw new Error('No speaker model is in use.');
  const vault = createTemplateVault(storage);
  const references = createReferences({
    ...dependencies,
    vault,
    options: {
      ...options,
      requiredTemplates: { FACE: options.requiredTemplates, ...REQUIRED_SAMPLES },
    },
  });
  const rules = { ...dependencies, references };
  const enrol = createEnrol(rules);
  const verify = createVerify(rules);
  const interaction = {
    ...rules,
    analyser: createInteractionAnalyser(engine),
    background: createBackground(rules),
  };
  // No decision rule was measured for more templates than the manifest has rules.
  const maxTemplates = Math.min(options.maxTemplates, recogniser.decision.rules.length);
  if (options.requiredTemplates > maxTemplates) {
    throw new Error(
      `A reference can hold ${maxTemplates} templates of ${recogniser.id}, fewer than are required.`,
    );
  }
  return {
    handlers: {
      faces: faceService({ analyser, vault, recogniser }),
      references: referenceService({
        ...rules,
        recogniser,
        maxTemplates,
        enrol,
        verify,
      }),
      handwriting: handwritingService({
        ...rules,
        reader: handwriting,
        enrol,
        verify,
        required: REQUIRED_SAMPLES.HANDWRITING,
      }),
      models: modelService({ engine, models }),
      interaction: interactionService({ ...interaction, enrol, verify }),
      voices: voiceService({ ...rules, analyser: voiceAnalyser, speaker, enrol, verify }),
    },
    judges: {
      VOICE: voiceJudge({ references, consent, analyser: voiceAnalyser, speaker }),
      HANDWRITING: handwritingJudge({ ...rules, reader: handwriting }),
      INTERACTION: interactionJudge(interaction),
    },
    references,
    custodian: createCustodian({ storage, references, clock: dependencies.clock }),
    recogniser,
    subjectData: referenceData({ storage, references, throttle }),
  };
}
