import { randomUUID } from 'node:crypto';
import { invalidFields } from '../../../../call/index.js';
import { Outcome, type ComparisonFinding } from '../../../../grpc/gen/probity/biometrics/v1/finding.js';
import type { Call } from '../../../family.js';
import { operation, type Operation } from '../../../family.js';
import { formBody } from '../../../form.js';
import { comparisonWords, enrolmentAdvice, handwritingWords, voiceWords } from '../answers.js';
import { recordingOf } from '../recording.js';
import * as schemas from '../schemas.js';
import type { Biometric, MONITORING_TYPES } from '../words.js';

/** The sample of a form: for a voice in either of two fields, otherwise in `src`. */
interface Form {
  /** When it is verified; absent where it is registered. */
  monitoring_type?: (typeof MONITORING_TYPES)[number];
  voice_base64?: Uint8Array | undefined;
  src?: Uint8Array | undefined;
}

const ME = 'users/me';

/** Creates a model of any biometric. Three recordings of a voice complete one; a long one may be all three. */
export const register: Operation = operation({
  id: 'biometricsRegisterCreate',
  method: 'POST',
  path: '/biometrics/register',
  summary: 'Creates a face, voice or handwriting model',
  tag: 'Biometrics',
  auth: 'token',
  body: schemas.BiometricsRegister,
  decoder: formBody,
  fields: { image: 'src', images: 'src', samples: 'src', recordings: 'voice_base64' },
  status: 201,
  success: 'Biometrics',
  answer: schemas.Biometrics,
  errors: [],
  async run({ body }, call) {
    const refused = await REGISTER[body.biometric_type](body, call);
    if (refused) {
      const field = body.biometric_type === 'Voice' && body.voice_base64 ? 'voice_base64' : 'src';
      throw invalidFields(refused.map((description) => ({ field, problem: 'bad_format', description })));
    }
    // The id opens nothing, and the sample stays here: neither belongs in an answer.
    return { biometric_type: body.biometric_type, voice_base64: '', src: `urn:uuid:${randomUUID()}` };
  },
});

/** Enrols a sample of each biometric; why nothing of it was taken, or null. */
const REGISTER: Record<Biometric, (form: Form, call: Call) => Promise<string[] | null>> = {
  async Face(form, { core, options }) {
    const enrolled = await core.references.enrolFace({ user: ME, images: [fileOf(form)] }, options);
    if (enrolled.images.some(({ accepted }) => accepted)) return null;
    const advice = enrolmentAdvice(enrolled);
    return advice.length > 0 ? advice : ['No usable face was found in the picture.'];
  },

  async Voice(form, { core, options }) {
    const { recordings } = await core.voices.enrolVoice(
      { user: ME, recordings: [recordingOf(form)] },
      options,
    );
    if (recordings.some(({ accepted }) => accepted)) return null;
    return recordings.flatMap(({ reasons }) => reasons);
  },

  async Handwriting(form, { core, options }) {
    const { samples } = await core.handwriting.enrolHandwriting(
      { user: ME, samples: [fileOf(form)] },
      options,
    );
    if (samples.some(({ accepted }) => accepted)) return null;
    return samples.flatMap(({ reasons }) => reasons);
  },
};

/** Compares a sample of any biometric with its model. */
export const verify: Operation = operation({
  id: 'biometricsVerifyCreate',
  method: 'POST',
  path: '/biometrics/verify',
  summary: 'Verifies a face, voice or handwriting against its model',
  tag: 'Biometrics',
  auth: 'token',
  body: schemas.BiometricsVerify,
  decoder: formBody,
  fields: { exam: 'exam_id', image: 'src', sample: 'voice_base64', recording: 'voice_base64' },
  status: 200,
  success: 'Success',
  answer: schemas.Response200_4,
  errors: [400, 401, 403, 404, 405, 415, 500],
  async run({ body }, call) {
    const { comparison, words, voiceDetected } = await VERIFY[body.biometric_type](body, call);
    return {
      message: words,
      resource_name: body.biometric_type.toLowerCase(),
      is_match: comparison?.outcome === Outcome.OUTCOME_MATCH,
      ...(voiceDetected !== undefined && { is_voice_detected: voiceDetected }),
    };
  },
});

interface Verified {
  comparison: ComparisonFinding | undefined;
  words: string;
  /** Only of a voice. */
  voiceDetected?: boolean;
}

const VERIFY: Record<Biometric, (form: Form, call: Call) => Promise<Verified>> = {
  async Face(form, { core, options }) {
    const { comparison, finding } = await core.references.verifyFace(
      { user: ME, image: fileOf(form) },
      options,
    );
    return { comparison, words: comparisonWords(comparison, finding) };
  },

  async Voice(form, { core, options }) {
    if (form.monitoring_type === 'Exam Monitoring') {
      // Evidence of the one exam that the student has joined, as a recording of /biometrics/monitoring/ is.
      const { comparison } = await core.monitor.submitSample(
        { exam: '', sample: { $case: 'audio', value: recordingOf(form) } },
        options,
      );
      const words = voiceWords(comparison);
      if (comparison?.outcome === Outcome.OUTCOME_INCONCLUSIVE) return { comparison, words };
      return { comparison, words, voiceDetected: true };
    }
    const { comparison, finding } = await core.voices.verifyVoice(
      { user: ME, recording: recordingOf(form) },
      options,
    );
    const voiceDetected = (finding?.speech?.value ?? 0) > 0;
    return { comparison, words: voiceWords(comparison), voiceDetected };
  },

  async Handwriting(form, { core, options }) {
    const { comparison, meaning } = await core.handwriting.verifyHandwriting(
      { user: ME, sample: fileOf(form) },
      options,
    );
    return { comparison, words: [handwritingWords(comparison), meaning].join(' ') };
  },
};

/** @throws StatusError INVALID_FIELDS */
function fileOf({ src }: Form): Buffer {
  if (src) return Buffer.from(src.buffer, src.byteOffset, src.byteLength);
  throw invalidFields([{ field: 'src', problem: 'missing', description: 'This field is required.' }]);
}
