import { invalidFields } from '../../../../call/index.js';
import { Outcome } from '../../../../grpc/gen/probity/biometrics/v1/finding.js';
import { operation } from '../../../family.js';
import { comparisonWords, enrolmentAdvice, interactionWords, registered } from '../answers.js';
import * as schemas from '../schemas.js';
import { EXAM_FIELD, examName } from './fields.js';

export const registerFace = operation({
  id: 'biometricsFaceRegisterCreate',
  method: 'POST',
  path: '/biometrics/face_register',
  summary: 'Generates the face model based on the images provided by the student',
  tag: 'Biometrics',
  auth: 'token',
  body: schemas.BiometricsFaceRegister,
  fields: { images: 'image' },
  status: 200,
  success: 'Success',
  answer: schemas.Response200,
  errors: [400, 401, 404, 405, 415, 500],
  async run({ body }, { core, options: call }) {
    const enrolled = await core.references.enrolFace({ user: 'users/me', images: body.image }, call);
    const advice = enrolmentAdvice(enrolled);
    const accepted = enrolled.images.filter((image) => image.accepted).length;
    if (accepted === 0) {
      const reasons = advice.length > 0 ? advice : ['No usable face was found in the picture.'];
      throw invalidFields(
        reasons.map((description) => ({ field: 'images', problem: 'bad_format', description })),
      );
    }
    return {
      message: 'The face was registered.',
      resource_name: 'face',
      resource_bool: enrolled.reference?.complete ?? false,
      extra_details: [`${accepted} of ${enrolled.images.length} pictures were taken.`, ...advice].join(' '),
    };
  },
});

export const verifyFace = operation({
  id: 'biometricsFaceVerifyCreate',
  method: 'POST',
  path: '/biometrics/face_verify',
  summary: "Verifies the provided image based on the student's face model",
  tag: 'Biometrics',
  auth: 'token',
  body: schemas.BiometricsFaceVerify,
  fields: { ...EXAM_FIELD, operating_system: 'operating_sys' },
  status: 200,
  success: 'Success',
  answer: schemas.Response200,
  errors: [400, 401, 404, 405, 415, 500],
  async run({ body }, { core, options: call }) {
    const { comparison, finding, verification } = await core.identification.identifyStudent(
      { exam: examName(body.exam_id), image: body.image, operatingSystem: body.operating_sys ?? '' },
      call,
    );
    const matched = comparison?.outcome === Outcome.OUTCOME_MATCH;
    const words = comparisonWords(comparison, finding);
    return {
      message: matched ? 'The student was verified.' : 'The student was not verified.',
      resource_name: 'face',
      resource_bool: matched,
      extra_details: matched ? words : `${words} Attempts left: ${verification?.attemptsLeft ?? 0}.`,
    };
  },
});

export const testInteraction = operation({
  id: 'biometricsInteractionTestCreate',
  method: 'POST',
  path: '/biometrics/interaction/test',
  summary: 'The view that handles the testing of the interaction-based biometrics',
  tag: 'Biometrics',
  auth: 'token',
  body: schemas.BiometricsInteractionTest,
  fields: { dataset: 'testing_dataset' },
  status: 200,
  success: 'Success',
  answer: schemas.Response200_1,
  errors: [400, 401, 404, 405, 415, 500],
  async run({ body }, { core, options: call }) {
    const { finding } = await core.interaction.testInteraction(
      { user: 'users/me', dataset: body.testing_dataset },
      call,
    );
    return { message: interactionWords(finding), resource_name: 'interaction' };
  },
});

export const trainInteraction = operation({
  id: 'biometricsInteractionTrainCreate',
  method: 'POST',
  path: '/biometrics/interaction/train',
  summary: 'The view that handles the training of the interaction-based biometrics',
  tag: 'Biometrics',
  auth: 'token',
  body: schemas.BiometricsInteractionTrain,
  fields: { dataset: 'training_dataset' },
  status: 200,
  success: 'Success',
  answer: schemas.Response200_1,
  errors: [400, 401, 404, 405, 415, 500],
  async run({ body }, { core, options: call }) {
    const { accepted, reasons } = await core.interaction.trainInteraction(
      { user: 'users/me', dataset: body.training_dataset },
      call,
    );
    if (!accepted) {
      throw invalidFields(
        reasons.map((description) => ({ field: 'dataset', problem: 'bad_format', description })),
      );
    }
    return {
      message: ['The interaction was trained.', ...reasons].join(' '),
      resource_name: 'interaction',
    };
  },
});

export const listModels = operation({
  id: 'biometricsListList',
  method: 'GET',
  path: '/biometrics/list',
  summary: 'Returns which biometric models have been registered by the student',
  tag: 'Biometrics',
  auth: 'token',
  status: 200,
  success: 'Success',
  answer: schemas.InlineResponse200,
  errors: [400, 401, 403, 404, 405, 415, 500],
  async run(_input, { core, options: call }) {
    const { references } = await core.references.listReferences({ user: 'users/me' }, call);
    const found = registered(references);
    return {
      message: 'The registered biometrics of the user.',
      resource_name: 'biometrics',
      resource_array: found.map((entry) => entry.biometric),
      resource_dict: Object.fromEntries(
        found.map((entry) => [entry.biometric, entry.reference.enrolTime?.toISOString() ?? '']),
      ),
    };
  },
});

export const unregister = operation({
  id: 'biometricsUnregisterCreate',
  method: 'POST',
  path: '/biometrics/unregister',
  summary: 'Deletes the biometric model',
  tag: 'Biometrics',
  auth: 'token',
  body: schemas.BiometricsUnregister,
  fields: { name: 'biometric_type' },
  status: 200,
  success: 'Success',
  answer: schemas.Response200_1,
  errors: [400, 401, 403, 404, 405, 415, 500],
  async run({ body }, { core, options: call }) {
    const modality = body.biometric_type.toLowerCase();
    // No picture comes with it: a fresh server match or staff's permission stands in for one.
    await core.references.deleteReference(
      { name: `users/me/references/${modality}`, image: Buffer.alloc(0) },
      call,
    );
    return { message: `The ${modality} model was deleted.`, resource_name: modality };
  },
});
