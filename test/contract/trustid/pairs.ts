import { StatusError, type Reason, type StatusDetails } from '../../../src/call/index.js';
import { Outcome } from '../../../src/grpc/gen/probity/biometrics/v1/finding.js';
import {
  TestInteractionResponse,
  TrainInteractionResponse,
} from '../../../src/grpc/gen/probity/biometrics/v1/interaction_service.js';
import {
  EnrolFaceResponse,
  VerifyFaceResponse,
  ListReferencesResponse,
  Modality,
} from '../../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import {
  AnswerOutcome,
  Custody,
  HandOverResponse,
  PushOutcome,
  RequestTemplatesResponse,
  ReturnTemplatesResponse,
  WalletStatus,
} from '../../../src/grpc/gen/probity/biometrics/v1/wallet_service.js';
import {
  EnrolHandwritingResponse,
  VerifyHandwritingResponse,
} from '../../../src/grpc/gen/probity/biometrics/v1/handwriting_service.js';
import {
  EnrolVoiceResponse,
  VerifyVoiceResponse,
} from '../../../src/grpc/gen/probity/biometrics/v1/voice_service.js';
import {
  BatchEnrolStudentsResponse,
  Exam,
  ExamState,
  ExamType,
  ListExamsResponse,
  ListExamStudentsResponse,
  VerificationState,
} from '../../../src/grpc/gen/probity/exams/v1/exam_service.js';
import { CheatMode, Feedback } from '../../../src/grpc/gen/probity/exams/v1/feedback_service.js';
import {
  IdentifyStudentResponse,
  Verification,
} from '../../../src/grpc/gen/probity/exams/v1/identification_service.js';
import {
  FrameFinding,
  ReportDeviceResponse,
  SampleFinding,
} from '../../../src/grpc/gen/probity/exams/v1/monitor_service.js';
import { ProctoringSession } from '../../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import {
  LogInResponse,
  RefreshPolicy,
  RefreshTokenResponse,
} from '../../../src/grpc/gen/probity/identity/v1/authentication_service.js';
import { Role, User } from '../../../src/grpc/gen/probity/identity/v1/user_service.js';
import { ListCoursesResponse } from '../../../src/grpc/gen/probity/lms/v1/lms_service.js';
import { NOW } from '../../http/support/facade.js';
import type { Script, TOKENS } from '../../http/support/scripted_core.js';

/** A request as a client sends it, what the core was asked and said, and the answer that must come of it. */
export interface Pair {
  operation: string;
  what: string;
  token?: keyof typeof TOKENS;
  body?: unknown;
  /** The fields of a form, in the place of `body`; multipart where one of them is a file. */
  form?: Record<string, string | Uint8Array>;
  /** What the core is asked: rpc and members that its request must have. */
  asks?: [rpc: string, request: object];
  /** What it is asked after that. */
  thenAsks?: [rpc: string, request: object];
  core?: Script;
  answer: { status: number; body: unknown };
}

/** The body of a pair as a client sends it; undefined for an operation without one. */
export function bodyOf({ body, form }: Pair): unknown {
  if (!form) return body;
  const fields = Object.entries(form);
  if (fields.every(([, value]) => typeof value === 'string')) {
    return new URLSearchParams(fields as [string, string][]);
  }
  const multipart = new FormData();
  for (const [name, value] of fields) {
    if (typeof value === 'string') multipart.append(name, value);
    else multipart.append(name, new Blob([new Uint8Array(value)]), name);
  }
  return multipart;
}

const PICTURE = Buffer.from('a picture');
const TRACE = '{"version":1,"strokes":[[[0,1,2],[10,2,3]]]}';
const OTHER = Buffer.from('another one');
const DATASET = '{ "format": "probity-interaction", "version": 1 }';
const BASE64 = PICTURE.toString('base64');
const TIME = new Date('2026-11-20T08:30:00.000Z');

const fails = (rpc: string, reason: Reason, message: string, details: StatusDetails = {}): Script => ({
  [rpc]: () => {
    throw new StatusError(reason, message, details);
  },
});

const INVALID = 'Bad request (Invalid data)';

/** The documented 400 body; lists that are not given are empty. */
const invalid = (body: {
  message?: string;
  bad?: string[];
  missing?: string[];
  existing?: string[];
  details: Record<string, string[]>;
}) => ({
  status: 400,
  body: {
    message: body.message ?? INVALID,
    bad_formatted_fields: body.bad ?? [],
    missing_required_fields: body.missing ?? [],
    already_exists_fields: body.existing ?? [],
    error_details: body.details,
  },
});

/** Some members of what the core is asked. */
const partly = (members: object): unknown => expect.objectContaining(members);

const NO_PROCESSES =
  'This field must be a list of at most 2000 names: an array, or a string that holds one, or lines.';
const REQUIRED = ['This field is required.'];
const EXAM_12 = { type: 'exam', name: 'exams/12' };
const noExam = {
  status: 404,
  body: { message: 'There is no such exam.', resource_name: 'examination', resource_str: '12' },
};
const noUser = {
  status: 404,
  body: { message: 'There is no such user.', resource_name: 'user', resource_str: 'me' },
};
const failsWithoutExam = (rpc: string): Script =>
  fails(rpc, 'EXAM_NOT_FOUND', 'There is no such exam.', { resource: EXAM_12 });
const failsWithoutUser = (rpc: string): Script =>
  fails(rpc, 'USER_NOT_FOUND', 'There is no such user.', { resource: { type: 'user', name: 'users/me' } });
const forbidden = (rpc: string): Pick<Pair, 'core' | 'answer'> => ({
  core: fails(rpc, 'ROLE_REQUIRED', 'This needs the role INSTRUCTOR.'),
  answer: { status: 403, body: { message: 'This needs the role INSTRUCTOR.' } },
});

const ADD_EXAM = {
  additional_material: true,
  duration: 90,
  exam_type: 'Written',
  name: 'Linear Algebra',
  privacy_policy: 'Frames are kept for 30 days.',
  scheduled_date: '2026-12-01T09:00:00+02:00',
};
const UPDATE_EXAM = { ...ADD_EXAM, name: undefined, exam_id: '12' };

const EXAM = Exam.fromPartial({
  name: 'exams/12',
  displayName: 'Linear Algebra',
  type: ExamType.EXAM_TYPE_WRITTEN,
  state: ExamState.EXAM_STATE_STARTED,
  scheduleTime: TIME,
  duration: { seconds: 5400n },
  privacyPolicy: 'Frames are kept for 30 days.',
});
const LISTED = {
  exam_id: '12',
  name: 'Linear Algebra',
  status: 'Started',
  scheduled_date: '2026-11-20T08:30:00.000Z',
  privacy_policy: 'Frames are kept for 30 days.',
};

const REFERENCES = ListReferencesResponse.fromPartial({
  references: [
    { modality: Modality.MODALITY_FACE, complete: true, enrolTime: TIME },
    { modality: Modality.MODALITY_VOICE, complete: false, enrolTime: TIME },
  ],
});

const WALLET = WalletStatus.fromPartial({
  entries: [
    { modality: Modality.MODALITY_FACE, custody: Custody.CUSTODY_PHONE },
    { modality: Modality.MODALITY_VOICE, custody: Custody.CUSTODY_LENT },
    { modality: Modality.MODALITY_HANDWRITING, custody: Custody.CUSTODY_SERVER },
    { modality: Modality.MODALITY_INTERACTION, custody: Custody.CUSTODY_PHONE },
  ],
});
const PUSH_TOKEN = 'ExponentPushToken[xxxxxxxxxxxxxxxxxxxxxx]';

/** What the three operations that hand a model over have in common. */
const handOverPairs = (operation: string, word: string, modality: Modality): Pair[] => [
  {
    operation,
    what: 'the sealed model',
    token: 'student',
    body: { expoPushToken: PUSH_TOKEN },
    asks: ['wallet.handOver', { modality, pushToken: PUSH_TOKEN }],
    core: { 'wallet.handOver': () => HandOverResponse.fromPartial({ template: Buffer.from('sealed') }) },
    answer: {
      status: 200,
      body: {
        message: `The ${word} model was sent to the wallet. The server keeps its own until the wallet sends it back.`,
        resource_name: word,
        resource_array: ['c2VhbGVk'],
      },
    },
  },
  {
    operation,
    what: 'no token',
    token: 'student',
    body: {},
    answer: invalid({ missing: ['expoPushToken'], details: { expoPushToken: REQUIRED } }),
  },
  {
    operation,
    what: 'a token that is none of Expo’s',
    token: 'student',
    body: { expoPushToken: 'x' },
    core: fails('wallet.handOver', 'INVALID_FIELDS', 'push_token: must be an Expo push token', {
      fields: [{ field: 'push_token', problem: 'bad_format', description: 'must be an Expo push token' }],
    }),
    answer: invalid({
      bad: ['expoPushToken'],
      details: { expoPushToken: ['must be an Expo push token'] },
    }),
  },
  {
    operation,
    what: 'forbidden',
    token: 'student',
    body: { expoPushToken: PUSH_TOKEN },
    ...forbidden('wallet.handOver'),
  },
  {
    operation,
    what: 'nothing that could be handed over: the document’s 404 knows the user and the token only',
    token: 'student',
    body: { expoPushToken: PUSH_TOKEN },
    core: fails('wallet.handOver', 'REFERENCE_MISSING', `The phone has the ${word} reference.`, {
      resource: { type: 'reference', name: `users/me/references/${word}` },
    }),
    answer: {
      status: 404,
      body: { message: `The phone has the ${word} reference.`, resource_name: 'user', resource_str: word },
    },
  },
];

export const PAIRS: Pair[] = [
  {
    operation: 'biometricsFaceRegisterCreate',
    what: 'one picture in base64',
    token: 'student',
    body: { image: BASE64, operating_sys: 'macOS' },
    asks: ['references.enrolFace', { user: 'users/me', images: [PICTURE] }],
    core: {
      'references.enrolFace': () =>
        EnrolFaceResponse.fromPartial({ reference: { complete: true }, images: [{ accepted: true }] }),
    },
    answer: {
      status: 200,
      body: {
        message: 'The face was registered.',
        resource_name: 'face',
        resource_bool: true,
        extra_details: '1 of 1 pictures were taken.',
      },
    },
  },
  {
    operation: 'biometricsFaceRegisterCreate',
    what: 'a string that holds an array of a data URL and base64, one of them not usable',
    token: 'student',
    body: { image: JSON.stringify([`data:image/jpeg;base64,${BASE64}`, OTHER.toString('base64')]) },
    asks: ['references.enrolFace', { images: [PICTURE, OTHER] }],
    core: {
      'references.enrolFace': () =>
        EnrolFaceResponse.fromPartial({
          reference: { complete: false },
          images: [
            { accepted: true },
            { reasons: ['The picture is too dark.'], finding: { quality: { advice: ['Turn a light on.'] } } },
          ],
        }),
    },
    answer: {
      status: 200,
      body: {
        message: 'The face was registered.',
        resource_name: 'face',
        resource_bool: false,
        extra_details: '1 of 2 pictures were taken. The picture is too dark. Turn a light on.',
      },
    },
  },
  {
    operation: 'biometricsFaceRegisterCreate',
    what: 'no usable face',
    token: 'student',
    body: { image: BASE64 },
    core: {
      'references.enrolFace': () =>
        EnrolFaceResponse.fromPartial({
          images: [
            {
              reasons: ['There is no face in the picture.'],
              finding: { quality: { advice: ['Come closer.'] } },
            },
          ],
        }),
    },
    answer: invalid({
      bad: ['image'],
      details: { image: ['There is no face in the picture.', 'Come closer.'] },
    }),
  },
  {
    operation: 'biometricsFaceRegisterCreate',
    what: 'a picture that cannot be read',
    token: 'student',
    body: { image: BASE64 },
    core: fails('references.enrolFace', 'IMAGE_UNREADABLE', 'The picture is not JPEG, PNG or WebP.'),
    answer: invalid({
      message: 'The picture is not JPEG, PNG or WebP.',
      bad: ['image'],
      details: { image: ['The picture is not JPEG, PNG or WebP.'] },
    }),
  },
  {
    operation: 'biometricsFaceRegisterCreate',
    what: 'not base64',
    token: 'student',
    body: { image: 'not base64!' },
    answer: invalid({
      bad: ['image'],
      details: {
        image: ['This field must be a picture in base64, a data URL, or a JSON array of one to ten of them.'],
      },
    }),
  },
  {
    operation: 'biometricsFaceRegisterCreate',
    what: 'without consent',
    token: 'student',
    body: { image: BASE64 },
    core: fails(
      'references.enrolFace',
      'CONSENT_REQUIRED',
      'Consent is needed first; it can be given at http://x/c.',
    ),
    answer: { status: 403, body: { message: 'Consent is needed first; it can be given at http://x/c.' } },
  },
  {
    operation: 'biometricsFaceRegisterCreate',
    what: 'no such user',
    token: 'student',
    body: { image: BASE64 },
    core: failsWithoutUser('references.enrolFace'),
    answer: noUser,
  },

  {
    operation: 'biometricsFaceVerifyCreate',
    what: 'a match',
    token: 'student',
    body: { image: BASE64, exam_id: 12, operating_sys: 'Windows 11' },
    asks: [
      'identification.identifyStudent',
      { exam: 'exams/12', image: PICTURE, operatingSystem: 'Windows 11' },
    ],
    core: {
      'identification.identifyStudent': () =>
        IdentifyStudentResponse.fromPartial({
          comparison: { outcome: Outcome.OUTCOME_MATCH, score: 0.7, threshold: 0.4 },
        }),
    },
    answer: {
      status: 200,
      body: {
        message: 'The student was verified.',
        resource_name: 'face',
        resource_bool: true,
        extra_details: 'The face matches the registered one.',
      },
    },
  },
  {
    operation: 'biometricsFaceVerifyCreate',
    what: 'no match',
    token: 'student',
    body: { image: `data:image/png;base64,${BASE64}`, exam_id: '12' },
    asks: ['identification.identifyStudent', { exam: 'exams/12', image: PICTURE }],
    core: {
      'identification.identifyStudent': () =>
        IdentifyStudentResponse.fromPartial({
          comparison: { outcome: Outcome.OUTCOME_NO_MATCH },
          verification: { attemptsLeft: 4 },
        }),
    },
    answer: {
      status: 200,
      body: {
        message: 'The student was not verified.',
        resource_name: 'face',
        resource_bool: false,
        extra_details: 'The face does not match the registered one. Attempts left: 4.',
      },
    },
  },
  {
    operation: 'biometricsFaceVerifyCreate',
    what: 'an inconclusive picture',
    token: 'student',
    body: { image: BASE64, exam_id: 12 },
    core: {
      'identification.identifyStudent': () =>
        IdentifyStudentResponse.fromPartial({
          comparison: {
            outcome: Outcome.OUTCOME_INCONCLUSIVE,
            reasons: ['There is no face in the picture.'],
          },
          finding: { quality: { advice: ['Look into the camera.'] } },
          verification: { attemptsLeft: 2 },
        }),
    },
    answer: {
      status: 200,
      body: {
        message: 'The student was not verified.',
        resource_name: 'face',
        resource_bool: false,
        extra_details:
          'The picture does not tell. There is no face in the picture. Look into the camera. Attempts left: 2.',
      },
    },
  },
  {
    operation: 'biometricsFaceVerifyCreate',
    what: 'everything missing',
    token: 'student',
    body: {},
    answer: invalid({ missing: ['image', 'exam_id'], details: { image: REQUIRED, exam_id: REQUIRED } }),
  },
  {
    operation: 'biometricsFaceVerifyCreate',
    what: 'an exam that is over',
    token: 'student',
    body: { image: BASE64, exam_id: 12 },
    core: fails('identification.identifyStudent', 'EXAM_STATE', 'The exam is completed.'),
    answer: invalid({ message: 'The exam is completed.', details: { exam_id: ['The exam is completed.'] } }),
  },
  {
    operation: 'biometricsFaceVerifyCreate',
    what: 'nothing registered',
    token: 'student',
    body: { image: BASE64, exam_id: 12 },
    core: fails('identification.identifyStudent', 'REFERENCE_MISSING', 'No face is registered.'),
    answer: {
      status: 404,
      body: { message: 'No face is registered.', resource_name: 'face', resource_str: '' },
    },
  },
  {
    operation: 'biometricsFaceVerifyCreate',
    what: 'another organisation’s exam',
    token: 'student',
    body: { image: BASE64, exam_id: 12 },
    core: failsWithoutExam('identification.identifyStudent'),
    answer: noExam,
  },

  {
    operation: 'biometricsInteractionTestCreate',
    what: 'a match',
    token: 'student',
    body: { testing_dataset: DATASET },
    asks: ['interaction.testInteraction', { user: 'users/me', dataset: DATASET }],
    core: {
      'interaction.testInteraction': () =>
        TestInteractionResponse.fromPartial({ finding: { outcome: Outcome.OUTCOME_MATCH, score: 3.1 } }),
    },
    answer: {
      status: 200,
      body: { message: 'The interaction matches the trained one.', resource_name: 'interaction' },
    },
  },
  {
    operation: 'biometricsInteractionTestCreate',
    what: 'no match',
    token: 'student',
    body: { testing_dataset: DATASET },
    core: {
      'interaction.testInteraction': () =>
        TestInteractionResponse.fromPartial({ finding: { outcome: Outcome.OUTCOME_NO_MATCH, score: -2.4 } }),
    },
    answer: {
      status: 200,
      body: { message: 'The interaction does not match the trained one.', resource_name: 'interaction' },
    },
  },
  {
    operation: 'biometricsInteractionTestCreate',
    what: 'a recording that does not tell',
    token: 'student',
    body: { testing_dataset: DATASET },
    core: {
      'interaction.testInteraction': () =>
        TestInteractionResponse.fromPartial({
          finding: {
            outcome: Outcome.OUTCOME_INCONCLUSIVE,
            reasons: ['The rhythm is neither alike nor different enough to say.'],
          },
        }),
    },
    answer: {
      status: 200,
      body: {
        message: 'The interaction does not tell. The rhythm is neither alike nor different enough to say.',
        resource_name: 'interaction',
      },
    },
  },
  {
    operation: 'biometricsInteractionTestCreate',
    what: 'nothing in it',
    token: 'student',
    body: {},
    answer: invalid({ missing: ['testing_dataset'], details: { testing_dataset: REQUIRED } }),
  },
  {
    operation: 'biometricsInteractionTestCreate',
    what: 'a text that is no dataset',
    token: 'student',
    body: { testing_dataset: 'no JSON' },
    core: fails('interaction.testInteraction', 'INVALID_FIELDS', 'dataset: is not JSON', {
      fields: [{ field: 'dataset', problem: 'bad_format', description: 'is not JSON' }],
    }),
    answer: invalid({ bad: ['testing_dataset'], details: { testing_dataset: ['is not JSON'] } }),
  },
  {
    operation: 'biometricsInteractionTestCreate',
    what: 'nothing trained yet',
    token: 'student',
    body: { testing_dataset: DATASET },
    core: fails('interaction.testInteraction', 'REFERENCE_MISSING', 'There is no interaction reference.', {
      resource: { type: 'reference', name: 'users/me/references/interaction' },
    }),
    answer: {
      status: 404,
      body: {
        message: 'There is no interaction reference.',
        resource_name: 'interaction',
        resource_str: 'interaction',
      },
    },
  },
  {
    operation: 'biometricsInteractionTestCreate',
    what: 'no such user',
    token: 'student',
    body: { testing_dataset: DATASET },
    core: failsWithoutUser('interaction.testInteraction'),
    answer: noUser,
  },

  {
    operation: 'biometricsInteractionTrainCreate',
    what: 'a recording',
    token: 'student',
    body: { training_dataset: DATASET },
    asks: ['interaction.trainInteraction', { user: 'users/me', dataset: DATASET }],
    core: { 'interaction.trainInteraction': () => TrainInteractionResponse.fromPartial({ accepted: true }) },
    answer: {
      status: 200,
      body: { message: 'The interaction was trained.', resource_name: 'interaction' },
    },
  },
  {
    operation: 'biometricsInteractionTrainCreate',
    what: 'the same recording again',
    token: 'student',
    body: { training_dataset: DATASET },
    core: {
      'interaction.trainInteraction': () =>
        TrainInteractionResponse.fromPartial({
          accepted: true,
          reasons: ['This recording is enrolled already; another one says more.'],
        }),
    },
    answer: {
      status: 200,
      body: {
        message: 'The interaction was trained. This recording is enrolled already; another one says more.',
        resource_name: 'interaction',
      },
    },
  },
  {
    operation: 'biometricsInteractionTrainCreate',
    what: 'too little',
    token: 'student',
    body: { training_dataset: DATASET },
    core: {
      'interaction.trainInteraction': () =>
        TrainInteractionResponse.fromPartial({ accepted: false, reasons: ['It takes more.'] }),
    },
    answer: invalid({ bad: ['training_dataset'], details: { training_dataset: ['It takes more.'] } }),
  },
  {
    operation: 'biometricsInteractionTrainCreate',
    what: 'nothing in it',
    token: 'student',
    body: { training_dataset: '' },
    answer: invalid({
      bad: ['training_dataset'],
      details: { training_dataset: ['This field may not be blank.'] },
    }),
  },
  {
    operation: 'biometricsInteractionTrainCreate',
    what: 'another person than the one that is trained',
    token: 'student',
    body: { training_dataset: DATASET },
    core: fails('interaction.trainInteraction', 'REPLACEMENT_UNPROVEN', 'Staff can allow the replacement.'),
    answer: { status: 403, body: { message: 'Staff can allow the replacement.' } },
  },
  {
    operation: 'biometricsInteractionTrainCreate',
    what: 'no such user',
    token: 'student',
    body: { training_dataset: DATASET },
    core: failsWithoutUser('interaction.trainInteraction'),
    answer: noUser,
  },

  {
    operation: 'biometricsListList',
    what: 'what is registered',
    token: 'student',
    asks: ['references.listReferences', { user: 'users/me' }],
    core: { 'references.listReferences': () => REFERENCES },
    answer: {
      status: 200,
      body: {
        message: 'The registered biometrics of the user.',
        resource_name: 'biometrics',
        resource_array: ['Face'],
        resource_dict: { Face: '2026-11-20T08:30:00.000Z' },
      },
    },
  },
  {
    operation: 'biometricsListList',
    what: 'a core that finds the call not valid',
    token: 'student',
    core: fails('references.listReferences', 'INVALID_FIELDS', 'user: must look like users/{user}', {
      fields: [{ field: 'user', problem: 'bad_format', description: 'must look like users/{user}' }],
    }),
    answer: invalid({ bad: ['user'], details: { user: ['must look like users/{user}'] } }),
  },
  {
    operation: 'biometricsListList',
    what: 'forbidden',
    token: 'student',
    ...forbidden('references.listReferences'),
  },
  {
    operation: 'biometricsListList',
    what: 'no such user',
    token: 'student',
    core: failsWithoutUser('references.listReferences'),
    answer: noUser,
  },

  {
    operation: 'biometricsMonitoringCreate',
    what: 'a recording in a URL-encoded form, in the exam that the student has joined',
    token: 'student',
    form: {
      voice_base64: BASE64,
      voice_emb_data: '[0.1, 0.2]',
      src: '',
      running_processes: '["firefox", "Skype.exe"]',
      ip_address: '10.1.2.3',
    },
    asks: [
      'monitor.reportDevice',
      {
        exam: '',
        processes: { names: ['firefox', 'Skype.exe'] },
        claims: {
          ip_address: '10.1.2.3',
          voice_emb_data: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
        },
      },
    ],
    thenAsks: ['monitor.submitSample', { exam: '', sample: { $case: 'audio', value: PICTURE } }],
    core: {
      'monitor.reportDevice': () => ReportDeviceResponse.fromPartial({ forbidden: ['Skype.exe'] }),
      'monitor.submitSample': () =>
        SampleFinding.fromPartial({ number: 1, comparison: { outcome: Outcome.OUTCOME_NO_MATCH } }),
    },
    answer: {
      status: 200,
      body: {
        message: 'The voice does not match the registered one. Forbidden processes are running: Skype.exe.',
        resource_name: 'voice',
      },
    },
  },
  {
    operation: 'biometricsMonitoringCreate',
    what: 'a recording as a file of a multipart form that tells nothing',
    token: 'student',
    form: { src: PICTURE, running_processes: 'firefox\nsh', ip_address: '' },
    asks: ['monitor.reportDevice', { processes: { names: ['firefox', 'sh'] }, claims: { ip_address: '' } }],
    thenAsks: ['monitor.submitSample', { sample: { $case: 'audio', value: PICTURE } }],
    core: {
      'monitor.reportDevice': () => ReportDeviceResponse.fromPartial({}),
      'monitor.submitSample': () =>
        SampleFinding.fromPartial({
          comparison: { outcome: Outcome.OUTCOME_INCONCLUSIVE, reasons: ['There is too little speech.'] },
        }),
    },
    answer: {
      status: 200,
      body: { message: 'The recording does not tell. There is too little speech.', resource_name: 'voice' },
    },
  },
  {
    operation: 'biometricsMonitoringCreate',
    what: 'no recording, and what is not given',
    token: 'student',
    form: { voice_base64: '', running_processes: '', ip_address: '' },
    answer: invalid({
      missing: ['voice_base64'],
      details: { voice_base64: ['This field, or src, is required.'] },
    }),
  },
  {
    operation: 'biometricsMonitoringCreate',
    what: 'two recordings that differ',
    token: 'student',
    form: { voice_base64: BASE64, src: OTHER, running_processes: '', ip_address: '' },
    answer: invalid({
      bad: ['voice_base64', 'src'],
      details: {
        voice_base64: ['voice_base64 and src hold different recordings.'],
        src: ['voice_base64 and src hold different recordings.'],
      },
    }),
  },
  {
    operation: 'biometricsMonitoringCreate',
    what: 'no base64, and nothing else',
    token: 'student',
    form: { voice_base64: '%%%' },
    answer: invalid({
      bad: ['voice_base64'],
      missing: ['running_processes', 'ip_address'],
      details: {
        voice_base64: ['This field must be base64 or a data URL.'],
        running_processes: REQUIRED,
        ip_address: REQUIRED,
      },
    }),
  },
  {
    operation: 'biometricsMonitoringCreate',
    what: 'a student who has joined two exams',
    token: 'student',
    form: { voice_base64: BASE64, running_processes: '', ip_address: '' },
    core: fails('monitor.reportDevice', 'EXAM_STATE', 'The student has joined exams/3 and exams/7.'),
    answer: invalid({
      message: 'The student has joined exams/3 and exams/7.',
      details: { exam_id: ['The student has joined exams/3 and exams/7.'] },
    }),
  },
  {
    operation: 'biometricsMonitoringCreate',
    what: 'a student who has joined none',
    token: 'student',
    form: { voice_base64: BASE64, running_processes: '', ip_address: '' },
    core: fails('monitor.reportDevice', 'NOT_JOINED', 'The student has not joined any exam.'),
    answer: invalid({
      message: 'The student has not joined any exam.',
      details: { exam_id: ['The student has not joined any exam.'] },
    }),
  },
  {
    operation: 'biometricsMonitoringCreate',
    what: 'without consent to be heard',
    token: 'student',
    form: { voice_base64: BASE64, running_processes: '', ip_address: '' },
    core: {
      'monitor.reportDevice': () => ReportDeviceResponse.fromPartial({}),
      ...fails('monitor.submitSample', 'CONSENT_REQUIRED', 'Consent is given at /consents.'),
    },
    answer: { status: 403, body: { message: 'Consent is given at /consents.' } },
  },
  {
    operation: 'biometricsMonitoringCreate',
    what: 'an exam that is gone',
    token: 'student',
    form: { voice_base64: BASE64, running_processes: '', ip_address: '' },
    core: failsWithoutExam('monitor.reportDevice'),
    answer: noExam,
  },

  {
    operation: 'biometricsMonitoringFaceCreate',
    what: 'a frame',
    token: 'student',
    body: { image: BASE64, exam_id: 12 },
    asks: ['monitor.submitFrame', { exam: 'exams/12', image: PICTURE }],
    core: {
      'monitor.submitFrame': () =>
        FrameFinding.fromPartial({ frame: 3, comparison: { outcome: Outcome.OUTCOME_MATCH } }),
    },
    answer: { status: 200, body: { message: 'The face matches the registered one.', resource_name: 'face' } },
  },
  {
    operation: 'biometricsMonitoringFaceCreate',
    what: 'a student who has not joined',
    token: 'student',
    body: { image: BASE64, exam_id: 12 },
    core: fails('monitor.submitFrame', 'NOT_JOINED', 'You have not joined this exam.'),
    answer: invalid({
      message: 'You have not joined this exam.',
      details: { exam_id: ['You have not joined this exam.'] },
    }),
  },
  {
    operation: 'biometricsMonitoringFaceCreate',
    what: 'a full queue',
    token: 'student',
    body: { image: BASE64, exam_id: 12 },
    core: fails('monitor.submitFrame', 'ENGINE_OVERLOADED', 'Too many pictures wait.', {
      retryAfterMs: 1500,
    }),
    answer: { status: 429, body: { message: 'Too many pictures wait.' } },
  },
  {
    operation: 'biometricsMonitoringFaceCreate',
    what: 'an exam the student is not enrolled in',
    token: 'student',
    body: { image: BASE64, exam_id: 12 },
    core: failsWithoutExam('monitor.submitFrame'),
    answer: noExam,
  },

  {
    operation: 'biometricsMonitoringFaceOralCreate',
    what: 'face, address and processes together',
    token: 'student',
    body: {
      image: BASE64,
      exam_id: '12',
      ip_address: '10.1.2.3',
      running_processes: '["firefox"]',
      operating_sys: 'Windows 11',
    },
    asks: [
      'monitor.reportDevice',
      {
        exam: 'exams/12',
        processes: { names: ['firefox'] },
        operatingSystem: 'Windows 11',
        claims: { ip_address: '10.1.2.3' },
      },
    ],
    thenAsks: ['monitor.submitFrame', { exam: 'exams/12', image: PICTURE, operatingSystem: 'Windows 11' }],
    core: {
      'monitor.reportDevice': () => ReportDeviceResponse.fromPartial({}),
      'monitor.submitFrame': () =>
        FrameFinding.fromPartial({ comparison: { outcome: Outcome.OUTCOME_MATCH } }),
    },
    answer: {
      status: 200,
      body: { message: 'The face matches the registered one.', resource_name: 'face' },
    },
  },
  {
    operation: 'biometricsMonitoringFaceOralCreate',
    what: 'a list of lines, and a program that the exam forbids',
    token: 'student',
    body: { image: BASE64, exam_id: 12, ip_address: '', running_processes: 'TeamViewer\nfirefox' },
    core: {
      'monitor.reportDevice': () => ReportDeviceResponse.fromPartial({ forbidden: ['TeamViewer'] }),
      'monitor.submitFrame': () =>
        FrameFinding.fromPartial({ comparison: { outcome: Outcome.OUTCOME_NO_MATCH } }),
    },
    answer: {
      status: 200,
      body: {
        message: 'The face does not match the registered one. Forbidden processes are running: TeamViewer.',
        resource_name: 'face',
      },
    },
  },
  {
    operation: 'biometricsMonitoringFaceOralCreate',
    what: 'a picture and nothing else',
    token: 'student',
    body: { image: BASE64 },
    answer: invalid({
      missing: ['exam_id', 'ip_address', 'running_processes'],
      details: { exam_id: REQUIRED, ip_address: REQUIRED, running_processes: REQUIRED },
    }),
  },
  {
    operation: 'biometricsMonitoringFaceOralCreate',
    what: 'an exam the student is not enrolled in',
    token: 'student',
    body: { image: BASE64, exam_id: 12, ip_address: '', running_processes: [] },
    core: failsWithoutExam('monitor.reportDevice'),
    answer: noExam,
  },

  {
    operation: 'biometricsPushNotificationList',
    what: 'the wallet is asked',
    token: 'student',
    asks: ['wallet.requestTemplates', { user: 'users/me' }],
    core: {
      'wallet.requestTemplates': () =>
        RequestTemplatesResponse.fromPartial({
          modalities: [Modality.MODALITY_FACE, Modality.MODALITY_VOICE, Modality.MODALITY_INTERACTION],
          push: PushOutcome.PUSH_OUTCOME_SENT,
        }),
    },
    answer: {
      status: 200,
      body: {
        message: 'The phone was asked.',
        resource_name: 'biometrics',
        resource_array: ['Face', 'Voice'],
      },
    },
  },
  {
    operation: 'biometricsPushNotificationList',
    what: 'the wallet was asked a moment ago',
    token: 'student',
    core: {
      'wallet.requestTemplates': () =>
        RequestTemplatesResponse.fromPartial({
          modalities: [Modality.MODALITY_FACE],
          push: PushOutcome.PUSH_OUTCOME_RECENT,
        }),
    },
    answer: {
      status: 200,
      body: {
        message: 'The phone was asked less than a minute ago.',
        resource_name: 'biometrics',
        resource_array: ['Face'],
      },
    },
  },
  {
    operation: 'biometricsPushNotificationList',
    what: 'a core that finds the call not valid',
    token: 'student',
    core: fails('wallet.requestTemplates', 'INVALID_FIELDS', 'The request is not valid.'),
    answer: invalid({ message: 'The request is not valid.', details: {} }),
  },
  {
    operation: 'biometricsPushNotificationList',
    what: 'forbidden',
    token: 'student',
    ...forbidden('wallet.requestTemplates'),
  },
  {
    operation: 'biometricsPushNotificationList',
    what: 'no such user',
    token: 'student',
    core: failsWithoutUser('wallet.requestTemplates'),
    answer: noUser,
  },

  {
    operation: 'biometricsRegisterCreate',
    what: 'a voice in base64, in a URL-encoded form',
    token: 'student',
    form: { biometric_type: 'Voice', voice_base64: BASE64, src: '' },
    asks: ['voices.enrolVoice', { user: 'users/me', recordings: [PICTURE] }],
    core: {
      'voices.enrolVoice': () => EnrolVoiceResponse.fromPartial({ recordings: [{ accepted: true }] }),
    },
    answer: {
      status: 201,
      body: { biometric_type: 'Voice', voice_base64: '', src: expect.stringMatching(/^urn:uuid:/) as string },
    },
  },
  {
    operation: 'biometricsRegisterCreate',
    what: 'a voice as a file of a multipart form',
    token: 'student',
    form: { biometric_type: 'Voice', voice_base64: '', src: PICTURE },
    asks: ['voices.enrolVoice', { recordings: [PICTURE] }],
    core: {
      'voices.enrolVoice': () => EnrolVoiceResponse.fromPartial({ recordings: [{ accepted: true }] }),
    },
    answer: {
      status: 201,
      body: { biometric_type: 'Voice', voice_base64: '', src: expect.any(String) as string },
    },
  },
  {
    operation: 'biometricsRegisterCreate',
    what: 'a face as a data: URI',
    token: 'student',
    form: { biometric_type: 'Face', voice_base64: '', src: `data:image/jpeg;base64,${BASE64}` },
    asks: ['references.enrolFace', { user: 'users/me', images: [PICTURE] }],
    core: {
      'references.enrolFace': () => EnrolFaceResponse.fromPartial({ images: [{ accepted: true }] }),
    },
    answer: {
      status: 201,
      body: { biometric_type: 'Face', voice_base64: '', src: expect.any(String) as string },
    },
  },
  {
    operation: 'biometricsRegisterCreate',
    what: 'handwriting as a file',
    token: 'student',
    form: { biometric_type: 'Handwriting', src: PICTURE },
    asks: ['handwriting.enrolHandwriting', { user: 'users/me', samples: [PICTURE] }],
    core: {
      'handwriting.enrolHandwriting': () =>
        EnrolHandwritingResponse.fromPartial({ samples: [{ accepted: true }] }),
    },
    answer: {
      status: 201,
      body: { biometric_type: 'Handwriting', voice_base64: '', src: expect.any(String) as string },
    },
  },
  {
    operation: 'biometricsRegisterCreate',
    what: 'handwriting as a trace, as it is',
    token: 'student',
    form: { biometric_type: 'Handwriting', src: TRACE },
    asks: ['handwriting.enrolHandwriting', { user: 'users/me', samples: [Buffer.from(TRACE)] }],
    core: {
      'handwriting.enrolHandwriting': () =>
        EnrolHandwritingResponse.fromPartial({ samples: [{ accepted: true }] }),
    },
    answer: {
      status: 201,
      body: { biometric_type: 'Handwriting', voice_base64: '', src: expect.any(String) as string },
    },
  },
  {
    operation: 'biometricsRegisterCreate',
    what: 'handwriting of another hand',
    token: 'student',
    form: { biometric_type: 'Handwriting', src: TRACE },
    core: {
      'handwriting.enrolHandwriting': () =>
        EnrolHandwritingResponse.fromPartial({
          samples: [{ accepted: false, reasons: ['Not the same hand.'] }],
        }),
    },
    answer: invalid({ bad: ['src'], details: { src: ['Not the same hand.'] } }),
  },
  {
    operation: 'biometricsRegisterCreate',
    what: 'what is no trace',
    token: 'student',
    form: { biometric_type: 'Handwriting', src: TRACE },
    core: fails('handwriting.enrolHandwriting', 'TRACE_UNREADABLE', 'The trace cannot be read: it is empty.'),
    answer: invalid({
      message: 'The trace cannot be read: it is empty.',
      bad: ['src'],
      details: { src: ['The trace cannot be read: it is empty.'] },
    }),
  },
  {
    operation: 'biometricsRegisterCreate',
    what: 'a recording that is not taken',
    token: 'student',
    form: { biometric_type: 'Voice', voice_base64: BASE64 },
    core: {
      'voices.enrolVoice': () =>
        EnrolVoiceResponse.fromPartial({
          recordings: [
            { reasons: ['Several people speak in the recording.', 'Make sure that nobody else speaks.'] },
          ],
        }),
    },
    answer: invalid({
      bad: ['voice_base64'],
      details: {
        voice_base64: ['Several people speak in the recording.', 'Make sure that nobody else speaks.'],
      },
    }),
  },
  {
    operation: 'biometricsRegisterCreate',
    what: 'what is no recording',
    token: 'student',
    form: { biometric_type: 'Voice', voice_base64: BASE64 },
    core: fails('voices.enrolVoice', 'AUDIO_UNREADABLE', 'The recording cannot be read.'),
    answer: invalid({
      message: 'The recording cannot be read.',
      bad: ['voice_base64'],
      details: { voice_base64: ['The recording cannot be read.'] },
    }),
  },
  {
    operation: 'biometricsRegisterCreate',
    what: 'a picture that cannot be read, under the name that it has here',
    token: 'student',
    form: { biometric_type: 'Face', src: PICTURE },
    core: fails('references.enrolFace', 'IMAGE_UNREADABLE', 'The picture is not JPEG, PNG or WebP.'),
    answer: invalid({
      message: 'The picture is not JPEG, PNG or WebP.',
      bad: ['src'],
      details: { src: ['The picture is not JPEG, PNG or WebP.'] },
    }),
  },
  {
    operation: 'biometricsRegisterCreate',
    what: 'an address elsewhere, which is not followed',
    token: 'student',
    form: { biometric_type: 'Voice', src: 'https://example.org/voice.wav' },
    answer: invalid({
      bad: ['src'],
      details: {
        src: ['This field must be a file, a data: URI in base64, or a trace in JSON.'],
      },
    }),
  },
  {
    operation: 'biometricsRegisterCreate',
    what: 'two recordings that differ',
    token: 'student',
    form: { biometric_type: 'Voice', voice_base64: BASE64, src: OTHER },
    answer: invalid({
      bad: ['voice_base64', 'src'],
      details: {
        voice_base64: ['voice_base64 and src hold different recordings.'],
        src: ['voice_base64 and src hold different recordings.'],
      },
    }),
  },
  {
    operation: 'biometricsRegisterCreate',
    what: 'a face without a picture',
    token: 'student',
    form: { biometric_type: 'Face' },
    answer: invalid({ missing: ['src'], details: { src: REQUIRED } }),
  },
  {
    operation: 'biometricsRegisterCreate',
    what: 'nothing, and a biometric that there is not',
    token: 'student',
    form: { biometric_type: 'Gait', voice_base64: '%' },
    answer: invalid({
      bad: ['biometric_type', 'voice_base64'],
      details: {
        biometric_type: ['This field must be one of Face, Voice, Handwriting.'],
        voice_base64: ['This field must be base64 or a data URL.'],
      },
    }),
  },
  {
    operation: 'biometricsRegisterCreate',
    what: 'without consent',
    token: 'student',
    form: { biometric_type: 'Voice', voice_base64: BASE64 },
    core: fails('voices.enrolVoice', 'CONSENT_REQUIRED', 'Consent is needed first.'),
    answer: { status: 403, body: { message: 'Consent is needed first.' } },
  },

  {
    operation: 'biometricsServerStatusList',
    what: 'what the server holds',
    token: 'student',
    asks: ['wallet.getWalletStatus', { user: 'users/me' }],
    core: { 'wallet.getWalletStatus': () => WALLET },
    answer: {
      status: 200,
      body: {
        message: 'The biometric models that the server holds.',
        resource_name: 'biometrics',
        resource_dict: { Face: false, Voice: true, Handwriting: true },
      },
    },
  },
  {
    operation: 'biometricsServerStatusList',
    what: 'a core that finds the call not valid',
    token: 'student',
    core: fails('wallet.getWalletStatus', 'INVALID_FIELDS', 'The request is not valid.'),
    answer: invalid({ message: 'The request is not valid.', details: {} }),
  },
  {
    operation: 'biometricsServerStatusList',
    what: 'forbidden',
    token: 'student',
    ...forbidden('wallet.getWalletStatus'),
  },
  {
    operation: 'biometricsServerStatusList',
    what: 'no such user',
    token: 'student',
    core: failsWithoutUser('wallet.getWalletStatus'),
    answer: noUser,
  },

  {
    operation: 'biometricsUnregisterCreate',
    what: 'the face',
    token: 'student',
    body: { biometric_type: 'Face' },
    asks: ['references.deleteReference', { name: 'users/me/references/face', image: Buffer.alloc(0) }],
    core: { 'references.deleteReference': () => ({}) },
    answer: { status: 200, body: { message: 'The face model was deleted.', resource_name: 'face' } },
  },
  {
    operation: 'biometricsUnregisterCreate',
    what: 'an unknown kind',
    token: 'student',
    body: { biometric_type: 'Gait' },
    answer: invalid({
      bad: ['biometric_type'],
      details: { biometric_type: ['This field must be one of Face, Voice, Handwriting.'] },
    }),
  },
  {
    operation: 'biometricsUnregisterCreate',
    what: 'without a fresh match or staff’s permission',
    token: 'student',
    body: { biometric_type: 'Face' },
    core: fails(
      'references.deleteReference',
      'REPLACEMENT_UNPROVEN',
      'Verify your face first, or ask staff.',
    ),
    answer: { status: 403, body: { message: 'Verify your face first, or ask staff.' } },
  },
  {
    operation: 'biometricsUnregisterCreate',
    what: 'nothing registered',
    token: 'student',
    body: { biometric_type: 'Handwriting' },
    core: fails('references.deleteReference', 'REFERENCE_NOT_FOUND', 'There is no such reference.', {
      resource: { type: 'reference', name: 'users/me/references/handwriting' },
    }),
    answer: {
      status: 404,
      body: {
        message: 'There is no such reference.',
        resource_name: 'handwriting',
        resource_str: 'handwriting',
      },
    },
  },

  {
    operation: 'biometricsVerifyCreate',
    what: 'a voice that matches',
    token: 'student',
    form: { biometric_type: 'Voice', voice_base64: BASE64, src: '', monitoring_type: 'Identification' },
    asks: ['voices.verifyVoice', { user: 'users/me', recording: PICTURE }],
    core: {
      'voices.verifyVoice': () =>
        VerifyVoiceResponse.fromPartial({
          comparison: { outcome: Outcome.OUTCOME_MATCH },
          finding: { speech: { value: 4.2 } },
        }),
    },
    answer: {
      status: 200,
      body: {
        message: 'The voice matches the registered one.',
        resource_name: 'voice',
        is_match: true,
        is_voice_detected: true,
      },
    },
  },
  {
    operation: 'biometricsVerifyCreate',
    what: 'a recording without a voice',
    token: 'student',
    form: { biometric_type: 'Voice', src: PICTURE, monitoring_type: 'Checkup Process' },
    core: {
      'voices.verifyVoice': () =>
        VerifyVoiceResponse.fromPartial({
          comparison: {
            outcome: Outcome.OUTCOME_INCONCLUSIVE,
            reasons: ['There is no speech in the recording.'],
          },
          finding: { speech: { value: 0 } },
        }),
    },
    answer: {
      status: 200,
      body: {
        message: 'The recording does not tell. There is no speech in the recording.',
        resource_name: 'voice',
        is_match: false,
        is_voice_detected: false,
      },
    },
  },
  {
    operation: 'biometricsVerifyCreate',
    what: 'another voice during the exam that the student has joined',
    token: 'student',
    form: { biometric_type: 'Voice', voice_base64: BASE64, monitoring_type: 'Exam Monitoring' },
    asks: ['monitor.submitSample', { exam: '', sample: { $case: 'audio', value: PICTURE } }],
    core: {
      'monitor.submitSample': () =>
        SampleFinding.fromPartial({ comparison: { outcome: Outcome.OUTCOME_NO_MATCH } }),
    },
    answer: {
      status: 200,
      body: {
        message: 'The voice does not match the registered one.',
        resource_name: 'voice',
        is_match: false,
        is_voice_detected: true,
      },
    },
  },
  {
    operation: 'biometricsVerifyCreate',
    what: 'a recording that tells nothing during the exam',
    token: 'student',
    form: { biometric_type: 'Voice', voice_base64: BASE64, monitoring_type: 'Exam Monitoring' },
    core: {
      'monitor.submitSample': () =>
        SampleFinding.fromPartial({
          comparison: { outcome: Outcome.OUTCOME_INCONCLUSIVE, reasons: ['The recording is too noisy.'] },
        }),
    },
    answer: {
      status: 200,
      body: {
        message: 'The recording does not tell. The recording is too noisy.',
        resource_name: 'voice',
        is_match: false,
      },
    },
  },
  {
    operation: 'biometricsVerifyCreate',
    what: 'a face',
    token: 'student',
    form: { biometric_type: 'Face', src: PICTURE, monitoring_type: 'Identification' },
    asks: ['references.verifyFace', { user: 'users/me', image: PICTURE }],
    core: {
      'references.verifyFace': () =>
        VerifyFaceResponse.fromPartial({ comparison: { outcome: Outcome.OUTCOME_NO_MATCH } }),
    },
    answer: {
      status: 200,
      body: {
        message: 'The face does not match the registered one.',
        resource_name: 'face',
        is_match: false,
      },
    },
  },
  {
    operation: 'biometricsVerifyCreate',
    what: 'handwriting',
    token: 'student',
    form: { biometric_type: 'Handwriting', src: PICTURE, monitoring_type: 'Identification' },
    asks: ['handwriting.verifyHandwriting', { user: 'users/me', sample: PICTURE }],
    core: {
      'handwriting.verifyHandwriting': () =>
        VerifyHandwritingResponse.fromPartial({
          comparison: { outcome: Outcome.OUTCOME_MATCH },
          meaning: 'A picture tells little.',
        }),
    },
    answer: {
      status: 200,
      body: {
        message: 'The handwriting matches the registered one. A picture tells little.',
        resource_name: 'handwriting',
        is_match: true,
      },
    },
  },
  {
    operation: 'biometricsVerifyCreate',
    what: 'everything missing',
    token: 'student',
    form: {},
    answer: invalid({
      missing: ['biometric_type', 'monitoring_type'],
      details: { biometric_type: REQUIRED, monitoring_type: REQUIRED },
    }),
  },
  {
    operation: 'biometricsVerifyCreate',
    what: 'a student who has joined no exam',
    token: 'student',
    form: { biometric_type: 'Voice', voice_base64: BASE64, monitoring_type: 'Exam Monitoring' },
    core: fails('monitor.submitSample', 'NOT_JOINED', 'You have not joined an exam.'),
    answer: invalid({
      message: 'You have not joined an exam.',
      details: { exam_id: ['You have not joined an exam.'] },
    }),
  },
  {
    operation: 'biometricsVerifyCreate',
    what: 'without consent',
    token: 'student',
    form: { biometric_type: 'Voice', voice_base64: BASE64, monitoring_type: 'Identification' },
    core: fails('voices.verifyVoice', 'CONSENT_REQUIRED', 'Consent is needed first.'),
    answer: { status: 403, body: { message: 'Consent is needed first.' } },
  },
  {
    operation: 'biometricsVerifyCreate',
    what: 'no voice registered',
    token: 'student',
    form: { biometric_type: 'Voice', voice_base64: BASE64, monitoring_type: 'Identification' },
    core: fails('voices.verifyVoice', 'REFERENCE_MISSING', 'There is no voice reference.', {
      resource: { type: 'reference', name: 'users/me/references/voice' },
    }),
    answer: {
      status: 404,
      body: {
        message: 'There is no voice reference.',
        resource_name: 'voice',
        resource_str: 'voice',
      },
    },
  },

  ...handOverPairs('biometricsWalletFaceCreate', 'face', Modality.MODALITY_FACE),

  ...handOverPairs('biometricsWalletHandwritingCreate', 'handwriting', Modality.MODALITY_HANDWRITING),

  {
    operation: 'biometricsWalletSendCreate',
    what: 'one is given, one denied, one not answered',
    token: 'student',
    body: { face_embeddings: BASE64, voice_embeddings: '' },
    asks: [
      'wallet.returnTemplates',
      {
        answers: [
          { modality: Modality.MODALITY_FACE, template: PICTURE },
          { modality: Modality.MODALITY_VOICE, template: Buffer.alloc(0) },
        ],
      },
    ],
    core: {
      'wallet.returnTemplates': () =>
        ReturnTemplatesResponse.fromPartial({
          answers: [
            { modality: Modality.MODALITY_FACE, outcome: AnswerOutcome.ANSWER_OUTCOME_GIVEN },
            { modality: Modality.MODALITY_VOICE, outcome: AnswerOutcome.ANSWER_OUTCOME_DENIED },
          ],
        }),
    },
    answer: {
      status: 200,
      body: {
        message: 'Taken until the exam is over: Face. Denied: Voice.',
        resource_name: 'user',
        resource_array: ['Face'],
      },
    },
  },
  {
    operation: 'biometricsWalletSendCreate',
    what: 'nobody had asked',
    token: 'student',
    body: { face_embeddings: BASE64, voice_embeddings: '', handwriting_embeddings: BASE64 },
    core: {
      'wallet.returnTemplates': () =>
        ReturnTemplatesResponse.fromPartial({
          answers: [
            { modality: Modality.MODALITY_FACE, outcome: AnswerOutcome.ANSWER_OUTCOME_KEPT },
            { modality: Modality.MODALITY_VOICE, outcome: AnswerOutcome.ANSWER_OUTCOME_NOTHING },
            { modality: Modality.MODALITY_HANDWRITING, outcome: AnswerOutcome.ANSWER_OUTCOME_KEPT },
          ],
        }),
    },
    answer: {
      status: 200,
      body: {
        message: 'Not asked for, and left with the wallet: Face, Handwriting.',
        resource_name: 'user',
        resource_array: [],
      },
    },
  },
  {
    operation: 'biometricsWalletSendCreate',
    what: 'fields that must be there, and one that is no base64',
    token: 'student',
    body: { face_embeddings: '[0.1, 0.2]' },
    answer: invalid({
      bad: ['face_embeddings'],
      missing: ['voice_embeddings'],
      details: {
        face_embeddings: ['This field must be what the wallet was sent, or empty.'],
        voice_embeddings: REQUIRED,
      },
    }),
  },
  {
    operation: 'biometricsWalletSendCreate',
    what: 'models of an older enrolment, named',
    token: 'student',
    body: { face_embeddings: '', voice_embeddings: BASE64, handwriting_embeddings: BASE64 },
    core: fails('wallet.returnTemplates', 'TEMPLATE_INVALID', 'two are not right', {
      fields: [
        { field: 'answers[1].template', problem: 'bad_format', description: 'is of an older enrolment' },
        { field: 'answers[2].template', problem: 'bad_format', description: 'is another person’s' },
      ],
    }),
    answer: invalid({
      bad: ['voice_embeddings', 'handwriting_embeddings'],
      details: {
        voice_embeddings: ['is of an older enrolment'],
        handwriting_embeddings: ['is another person’s'],
      },
    }),
  },
  {
    operation: 'biometricsWalletSendCreate',
    what: 'without consent',
    token: 'student',
    body: { face_embeddings: BASE64, voice_embeddings: '' },
    core: fails('wallet.returnTemplates', 'CONSENT_REQUIRED', 'Consent is needed first.'),
    answer: { status: 403, body: { message: 'Consent is needed first.' } },
  },
  {
    operation: 'biometricsWalletSendCreate',
    what: 'no such user',
    token: 'student',
    body: { face_embeddings: BASE64, voice_embeddings: '' },
    core: failsWithoutUser('wallet.returnTemplates'),
    answer: noUser,
  },

  {
    operation: 'biometricsWalletStatusList',
    what: 'what the wallet holds',
    token: 'student',
    asks: ['wallet.getWalletStatus', { user: 'users/me' }],
    core: { 'wallet.getWalletStatus': () => WALLET },
    answer: {
      status: 200,
      body: {
        message: 'The biometric models that the wallet holds.',
        resource_name: 'biometrics',
        resource_dict: { Face: true, Voice: true, Handwriting: false },
      },
    },
  },
  {
    operation: 'biometricsWalletStatusList',
    what: 'a core that finds the call not valid',
    token: 'student',
    core: fails('wallet.getWalletStatus', 'INVALID_FIELDS', 'The request is not valid.'),
    answer: invalid({ message: 'The request is not valid.', details: {} }),
  },
  {
    operation: 'biometricsWalletStatusList',
    what: 'forbidden',
    token: 'student',
    ...forbidden('wallet.getWalletStatus'),
  },
  {
    operation: 'biometricsWalletStatusList',
    what: 'no such user',
    token: 'student',
    core: failsWithoutUser('wallet.getWalletStatus'),
    answer: noUser,
  },

  ...handOverPairs('biometricsWalletVoiceCreate', 'voice', Modality.MODALITY_VOICE),

  {
    operation: 'instructorAddExamCreate',
    what: 'an exam',
    token: 'instructor',
    body: ADD_EXAM,
    asks: [
      'exams.createExam',
      {
        exam: partly({
          displayName: 'Linear Algebra',
          type: ExamType.EXAM_TYPE_WRITTEN,
          scheduleTime: new Date('2026-12-01T07:00:00Z'),
          duration: { seconds: 5400n, nanos: 0 },
          privacyPolicy: 'Frames are kept for 30 days.',
          additionalMaterial: true,
        }),
      },
    ],
    core: { 'exams.createExam': () => EXAM },
    answer: { status: 200, body: { message: 'The examination was added.', resource_name: 'examination' } },
  },
  {
    operation: 'instructorAddExamCreate',
    what: 'all problems at once',
    token: 'instructor',
    body: { duration: 0, exam_type: 'Practical', name: '', scheduled_date: 'tomorrow' },
    answer: invalid({
      bad: ['duration', 'exam_type', 'scheduled_date', 'name'],
      missing: ['privacy_policy'],
      details: {
        duration: ['This field must be a whole number from 1 to 1440.'],
        exam_type: ['This field must be one of Oral, Written.'],
        privacy_policy: REQUIRED,
        scheduled_date: ['This field must be a date-time with an offset, such as 2030-01-31T09:00:00Z.'],
        name: ['This field may not be blank.'],
      },
    }),
  },
  {
    operation: 'instructorAddExamCreate',
    what: 'what only the core can tell, under this family’s names',
    token: 'instructor',
    body: ADD_EXAM,
    core: fails('exams.createExam', 'INVALID_FIELDS', 'The request is not valid.', {
      fields: [
        { field: 'exam.display_name', problem: 'bad_format', description: 'must have 1 to 200 characters' },
        { field: 'exam.duration.seconds', problem: 'bad_format', description: 'must be at most a day' },
      ],
    }),
    answer: invalid({
      bad: ['name', 'duration'],
      details: { name: ['must have 1 to 200 characters'], duration: ['must be at most a day'] },
    }),
  },
  {
    operation: 'instructorAddExamCreate',
    what: 'a student',
    token: 'student',
    body: ADD_EXAM,
    ...forbidden('exams.createExam'),
  },
  {
    operation: 'instructorAddExamCreate',
    what: 'no such user',
    token: 'instructor',
    body: ADD_EXAM,
    core: failsWithoutUser('exams.createExam'),
    answer: noUser,
  },

  {
    operation: 'instructorListExamList',
    what: 'exams over two pages, with their students',
    token: 'instructor',
    core: {
      'exams.listExams': ({ pageToken }: { pageToken: string }) =>
        pageToken === ''
          ? ListExamsResponse.fromPartial({ exams: [EXAM], nextPageToken: 'next' })
          : ListExamsResponse.fromPartial({
              exams: [{ ...EXAM, name: 'exams/3', state: ExamState.EXAM_STATE_COMPLETED }],
            }),
      'exams.listExamStudents': ({ exam }: { exam: string }) =>
        ListExamStudentsResponse.fromPartial({
          students:
            exam === 'exams/12'
              ? [
                  {
                    email: 'ada@ucy.ac.cy',
                    givenName: 'Ada',
                    familyName: 'Lovelace',
                    verification: VerificationState.VERIFICATION_STATE_APPROVAL_REQUESTED,
                    alerts: ['Nobody was in the picture.', 'Another person.'],
                  },
                  {
                    email: 'al@ucy.ac.cy',
                    givenName: 'Alan',
                    familyName: 'Turing',
                    verification: VerificationState.VERIFICATION_STATE_VERIFIED,
                  },
                ]
              : [],
        }),
    },
    answer: {
      status: 200,
      body: {
        message: 'The examinations of the instructor.',
        resource_name: 'examination',
        resource_array: [
          {
            ...LISTED,
            enrolled_students: [
              {
                alerts: 'Nobody was in the picture.; Another person.',
                email: 'ada@ucy.ac.cy',
                name: 'Ada',
                surname: 'Lovelace',
                verification_status: 'Requested Manual Approval',
              },
              {
                alerts: '',
                email: 'al@ucy.ac.cy',
                name: 'Alan',
                surname: 'Turing',
                verification_status: 'Verified',
              },
            ],
          },
          { ...LISTED, exam_id: '3', status: 'Completed', enrolled_students: [] },
        ],
      },
    },
  },
  {
    operation: 'instructorListExamList',
    what: 'a core that finds the call not valid',
    token: 'instructor',
    core: fails('exams.listExams', 'INVALID_FIELDS', 'The request is not valid.'),
    answer: invalid({ message: 'The request is not valid.', details: {} }),
  },
  {
    operation: 'instructorListExamList',
    what: 'no such user',
    token: 'instructor',
    core: failsWithoutUser('exams.listExams'),
    answer: noUser,
  },

  {
    operation: 'instructorManualApproveStudentCreate',
    what: 'a student',
    token: 'instructor',
    body: { exam_id: 12, email: 'ada@ucy.ac.cy' },
    asks: ['identification.approveStudent', { exam: 'exams/12', email: 'ada@ucy.ac.cy' }],
    core: { 'identification.approveStudent': () => Verification.fromPartial({}) },
    answer: { status: 200, body: { message: 'The student was approved.', resource_name: 'user' } },
  },
  {
    operation: 'instructorManualApproveStudentCreate',
    what: 'no e-mail address',
    token: 'instructor',
    body: { exam_id: 12, email: 'ada' },
    answer: invalid({ bad: ['email'], details: { email: ['This field must be an e-mail address.'] } }),
  },
  {
    operation: 'instructorManualApproveStudentCreate',
    what: 'a student asks',
    token: 'student',
    body: { exam_id: 12, email: 'ada@ucy.ac.cy' },
    ...forbidden('identification.approveStudent'),
  },
  {
    operation: 'instructorManualApproveStudentCreate',
    what: 'a student who is not enrolled',
    token: 'instructor',
    body: { exam_id: 12, email: 'eve@ucy.ac.cy' },
    core: fails('identification.approveStudent', 'USER_NOT_FOUND', 'No such student is enrolled.', {
      resource: { type: 'user', name: 'eve@ucy.ac.cy' },
    }),
    answer: {
      status: 404,
      body: {
        message: 'No such student is enrolled.',
        resource_name: 'user',
        resource_str: 'eve@ucy.ac.cy',
      },
    },
  },

  {
    operation: 'instructorMoodleInformationList',
    what: 'their courses, one site of two',
    token: 'instructor',
    asks: ['lms.listCourses', {}],
    core: {
      'lms.listCourses': () =>
        ListCoursesResponse.fromPartial({
          courses: [
            {
              connection: 'lmsConnections/c1',
              courseId: '2',
              displayName: 'Algebra 101',
              students: [{ email: 'ada@ucy.ac.cy', givenName: 'Ada', familyName: 'Lovelace' }],
            },
            { connection: 'lmsConnections/c1', courseId: '9', displayName: 'Logic' },
          ],
          problems: [
            {
              connection: 'lmsConnections/c2',
              reason: 'LMS_UNAVAILABLE',
              message: 'Moodle of Law is under maintenance.',
            },
          ],
        }),
    },
    answer: {
      status: 200,
      body: {
        message: 'The courses of the instructor. Moodle of Law is under maintenance.',
        resource_name: 'moodle',
        resource_array: [
          {
            enrolled_students: [{ name: 'Ada', surname: 'Lovelace', email: 'ada@ucy.ac.cy' }],
            moodle_course_id: '2',
            moodle_course_name: 'Algebra 101',
          },
          { enrolled_students: [], moodle_course_id: '9', moodle_course_name: 'Logic' },
        ],
      },
    },
  },
  {
    operation: 'instructorMoodleInformationList',
    what: 'a core that finds the call not valid',
    token: 'instructor',
    core: fails('lms.listCourses', 'INVALID_FIELDS', 'The request is not valid.'),
    answer: invalid({ message: 'The request is not valid.', details: {} }),
  },
  {
    operation: 'instructorMoodleInformationList',
    what: 'a student asks',
    token: 'student',
    ...forbidden('lms.listCourses'),
  },
  {
    operation: 'instructorMoodleInformationList',
    what: 'no Moodle is connected',
    token: 'instructor',
    core: fails('lms.listCourses', 'LMS_NOT_CONNECTED', 'No learning management system is connected.'),
    answer: {
      status: 404,
      body: {
        message: 'No learning management system is connected.',
        resource_name: 'moodle',
        resource_str: '',
      },
    },
  },
  {
    operation: 'instructorMoodleInformationList',
    what: 'Moodle does not take the token',
    token: 'instructor',
    core: fails('lms.listCourses', 'LMS_REFUSED', 'Moodle does not know the token, or it has expired.'),
    answer: { status: 403, body: { message: 'Moodle does not know the token, or it has expired.' } },
  },
  {
    operation: 'instructorMoodleInformationList',
    what: 'Moodle is down',
    token: 'instructor',
    core: fails('lms.listCourses', 'LMS_UNAVAILABLE', 'Moodle is under maintenance.', {
      retryAfterMs: 30_000,
    }),
    answer: { status: 503, body: { message: 'Moodle is under maintenance.' } },
  },

  {
    operation: 'instructorSyncCoursesExamsCreate',
    what: 'students',
    token: 'instructor',
    body: {
      details: {
        exam_id: '12',
        students: [{ name: 'Ada', surname: 'Lovelace', email: 'ada@ucy.ac.cy' }, { email: 'al@ucy.ac.cy' }],
      },
    },
    asks: [
      'exams.batchEnrolStudents',
      {
        exam: 'exams/12',
        students: [
          { email: 'ada@ucy.ac.cy', givenName: 'Ada', familyName: 'Lovelace' },
          { email: 'al@ucy.ac.cy', givenName: '', familyName: '' },
        ],
      },
    ],
    core: {
      'exams.batchEnrolStudents': () =>
        BatchEnrolStudentsResponse.fromPartial({ enrolledCount: 2, createdUserCount: 1 }),
    },
    answer: {
      status: 200,
      body: { message: '2 students were enrolled, 1 of them new.', resource_name: 'examination' },
    },
  },
  {
    operation: 'instructorSyncCoursesExamsCreate',
    what: 'problems in the depth of it',
    token: 'instructor',
    body: { details: { students: [{ email: 'ada@ucy.ac.cy' }, { name: 7, email: 'al' }, {}] } },
    answer: invalid({
      bad: ['details.students[1].name', 'details.students[1].email'],
      missing: ['details.exam_id', 'details.students[2].email'],
      details: {
        'details.exam_id': REQUIRED,
        'details.students[1].name': ['This field must be a string.'],
        'details.students[1].email': ['This field must be an e-mail address.'],
        'details.students[2].email': REQUIRED,
      },
    }),
  },
  {
    operation: 'instructorSyncCoursesExamsCreate',
    what: 'a student asks',
    token: 'student',
    body: { details: { exam_id: 12, students: [{ email: 'ada@ucy.ac.cy' }] } },
    ...forbidden('exams.batchEnrolStudents'),
  },
  {
    operation: 'instructorSyncCoursesExamsCreate',
    what: 'another teacher’s exam',
    token: 'instructor',
    body: { details: { exam_id: 12, students: [{ email: 'ada@ucy.ac.cy' }] } },
    core: failsWithoutExam('exams.batchEnrolStudents'),
    answer: noExam,
  },

  {
    operation: 'instructorUpdateExamDetailsCreate',
    what: 'all details',
    token: 'instructor',
    body: UPDATE_EXAM,
    asks: [
      'exams.updateExam',
      {
        exam: partly({ name: 'exams/12', type: ExamType.EXAM_TYPE_WRITTEN }),
        updateMask: ['type', 'schedule_time', 'duration', 'privacy_policy', 'additional_material'],
      },
    ],
    core: { 'exams.updateExam': () => EXAM },
    answer: { status: 200, body: { message: 'The examination was updated.', resource_name: 'examination' } },
  },
  {
    operation: 'instructorUpdateExamDetailsCreate',
    what: 'without additional_material, which stays as it is',
    token: 'instructor',
    body: { ...UPDATE_EXAM, additional_material: undefined },
    asks: ['exams.updateExam', { updateMask: ['type', 'schedule_time', 'duration', 'privacy_policy'] }],
    core: { 'exams.updateExam': () => EXAM },
    answer: { status: 200, body: { message: 'The examination was updated.', resource_name: 'examination' } },
  },
  {
    operation: 'instructorUpdateExamDetailsCreate',
    what: 'an exam that has started',
    token: 'instructor',
    body: UPDATE_EXAM,
    core: fails('exams.updateExam', 'EXAM_STATE', 'The exam has started.'),
    answer: invalid({ message: 'The exam has started.', details: { exam_id: ['The exam has started.'] } }),
  },
  {
    operation: 'instructorUpdateExamDetailsCreate',
    what: 'a student asks',
    token: 'student',
    body: UPDATE_EXAM,
    ...forbidden('exams.updateExam'),
  },
  {
    operation: 'instructorUpdateExamDetailsCreate',
    what: 'another organisation’s exam',
    token: 'instructor',
    body: UPDATE_EXAM,
    core: failsWithoutExam('exams.updateExam'),
    answer: noExam,
  },

  {
    operation: 'loginCreate',
    what: 'the right password',
    body: { email: 'ada@ucy.ac.cy', password: 'correct horse', organization: 'UCY' },
    asks: [
      'authentication.logIn',
      {
        organisation: 'organisations/UCY',
        email: 'ada@ucy.ac.cy',
        password: 'correct horse',
        refreshPolicy: RefreshPolicy.REFRESH_POLICY_FIXED,
      },
    ],
    core: {
      'authentication.logIn': () => LogInResponse.fromPartial({ accessToken: 'A', refreshToken: 'R' }),
    },
    answer: {
      status: 201,
      body: {
        message: 'JSON Web Token has been created successfully.',
        resource_name: 'token',
        resource_obj: { access: 'A', refresh: 'R' },
      },
    },
  },
  {
    operation: 'loginCreate',
    what: 'an unknown organisation and no password',
    body: { email: 'ada@ucy.ac.cy', organization: 'MIT' },
    answer: invalid({
      bad: ['organization'],
      missing: ['password'],
      details: { organization: ['This field must be one of UC, UCY, UPAT.'], password: REQUIRED },
    }),
  },
  {
    operation: 'loginCreate',
    what: 'a wrong password or an unknown user',
    body: { email: 'ada@ucy.ac.cy', password: 'wrong', organization: 'UCY' },
    core: fails('authentication.logIn', 'CREDENTIALS_WRONG', 'E-mail or password is wrong.'),
    answer: { status: 401, body: { message: 'E-mail or password is wrong.' } },
  },
  {
    operation: 'loginCreate',
    what: 'too many failures',
    body: { email: 'ada@ucy.ac.cy', password: 'wrong', organization: 'UCY' },
    core: fails('authentication.logIn', 'TOO_MANY_ATTEMPTS', 'Wait.', { retryAfterMs: 60_000 }),
    answer: { status: 429, body: { message: 'Wait.' } },
  },
  {
    operation: 'loginCreate',
    what: 'no such user (documented; the core says 401 instead, so as not to list accounts)',
    body: { email: 'ada@ucy.ac.cy', password: 'x', organization: 'UCY' },
    core: failsWithoutUser('authentication.logIn'),
    answer: noUser,
  },

  {
    operation: 'monitoringCreate',
    what: 'what the client finds itself: claims',
    token: 'student',
    body: {
      exam_id: 12,
      running_processes: '["Skype.exe"]',
      is_face_detected: true,
      is_multiple_face_results: false,
      face_rec_result: 'Ada Lovelace',
      confidence_score: 0.93,
      is_voice_verified: true,
      voice_confidence_score: '0.87',
      error_type: '',
    },
    asks: [
      'monitor.reportDevice',
      {
        exam: 'exams/12',
        processes: { names: ['Skype.exe'] },
        operatingSystem: '',
        claims: {
          is_face_detected: 'true',
          is_multiple_face_results: 'false',
          face_rec_result: 'Ada Lovelace',
          confidence_score: '0.93',
          is_voice_verified: 'true',
          voice_confidence_score: '0.87',
          error_type: '',
        },
      },
    ],
    core: { 'monitor.reportDevice': () => ReportDeviceResponse.fromPartial({ forbidden: ['Skype.exe'] }) },
    answer: {
      status: 200,
      body: { message: 'Forbidden processes are running.', resource_name: 'Skype.exe' },
    },
  },
  {
    operation: 'monitoringCreate',
    what: 'a report without processes',
    token: 'student',
    body: { exam_id: '12', is_error_occurred: true },
    asks: ['monitor.reportDevice', { processes: undefined, claims: { is_error_occurred: 'true' } }],
    core: { 'monitor.reportDevice': () => ReportDeviceResponse.fromPartial({}) },
    answer: { status: 200, body: { message: 'No forbidden process is running.', resource_name: '' } },
  },
  {
    operation: 'monitoringCreate',
    what: 'words where numbers and booleans belong',
    token: 'student',
    body: { exam_id: 12, is_face_detected: 'yes', confidence_score: 'high', running_processes: 7 },
    answer: invalid({
      bad: ['running_processes', 'is_face_detected', 'confidence_score'],
      details: {
        running_processes: [NO_PROCESSES],
        is_face_detected: ['This field must be true or false.'],
        confidence_score: ['This field must be a decimal number.'],
      },
    }),
  },
  {
    operation: 'monitoringCreate',
    what: 'an exam the student is not enrolled in',
    token: 'student',
    body: { exam_id: 12 },
    core: failsWithoutExam('monitor.reportDevice'),
    answer: noExam,
  },

  {
    operation: 'refreshTokenCreate',
    what: 'a refresh token',
    body: { refresh: 'R', access: 'A' },
    asks: ['authentication.refreshToken', { refreshToken: 'R', accessToken: 'A' }],
    core: { 'authentication.refreshToken': () => RefreshTokenResponse.fromPartial({ accessToken: 'B' }) },
    answer: {
      status: 201,
      body: {
        message: 'JSON Web Token has been created successfully.',
        resource_name: 'token',
        resource_str: 'B',
      },
    },
  },
  {
    operation: 'refreshTokenCreate',
    what: 'nothing: its 400 has no already_exists_fields',
    body: { access: 5 },
    answer: {
      status: 400,
      body: {
        message: INVALID,
        bad_formatted_fields: ['access'],
        missing_required_fields: ['refresh'],
        error_details: { access: ['This field must be a string.'], refresh: REQUIRED },
      },
    },
  },
  {
    operation: 'refreshTokenCreate',
    what: 'a refresh token that has ended',
    body: { refresh: 'R' },
    core: fails('authentication.refreshToken', 'TOKEN_EXPIRED', 'The login has ended.'),
    answer: { status: 401, body: { message: 'The login has ended.' } },
  },

  {
    operation: 'registerUserCreate',
    what: 'a student',
    body: {
      email: 'ada@ucy.ac.cy',
      name: 'Ada',
      surname: 'Lovelace',
      organization: 'UCY',
      password: 'correct horse',
      role: 'STUDENT',
    },
    asks: [
      'users.registerUser',
      {
        organisation: 'organisations/UCY',
        email: 'ada@ucy.ac.cy',
        givenName: 'Ada',
        familyName: 'Lovelace',
        password: 'correct horse',
        role: Role.ROLE_STUDENT,
      },
    ],
    core: { 'users.registerUser': () => User.fromPartial({ name: 'users/u9' }) },
    answer: { status: 200, body: { message: 'The user was registered.', resource_name: 'user' } },
  },
  {
    operation: 'registerUserCreate',
    what: 'an e-mail that is taken',
    body: {
      email: 'ada@ucy.ac.cy',
      name: 'Ada',
      surname: 'Lovelace',
      organization: 'UCY',
      password: 'correct horse',
      role: 'STUDENT',
    },
    core: fails('users.registerUser', 'EMAIL_TAKEN', 'A user with this e-mail already exists.'),
    answer: invalid({
      message: 'A user with this e-mail already exists.',
      existing: ['email'],
      details: { email: ['A user with this e-mail already exists.'] },
    }),
  },
  {
    operation: 'registerUserCreate',
    what: 'an instructor, where the configuration does not open it',
    body: {
      email: 'ada@ucy.ac.cy',
      name: 'Ada',
      surname: 'Lovelace',
      organization: 'UCY',
      password: 'correct horse',
      role: 'INSTRUCTOR',
    },
    core: fails('users.registerUser', 'REGISTRATION_CLOSED', 'Instructors cannot register themselves.'),
    answer: invalid({
      message: 'Instructors cannot register themselves.',
      bad: ['role'],
      details: { role: ['Instructors cannot register themselves.'] },
    }),
  },
  {
    operation: 'registerUserCreate',
    what: 'nothing',
    body: {},
    answer: invalid({
      missing: ['email', 'name', 'organization', 'password', 'role', 'surname'],
      details: {
        email: REQUIRED,
        name: REQUIRED,
        organization: REQUIRED,
        password: REQUIRED,
        role: REQUIRED,
        surname: REQUIRED,
      },
    }),
  },

  {
    operation: 'studentCheckVerificationStatusCreate',
    what: 'a verified student',
    token: 'student',
    body: { exam_id: 12 },
    asks: ['identification.getVerification', { exam: 'exams/12' }],
    core: {
      'identification.getVerification': () =>
        Verification.fromPartial({ state: VerificationState.VERIFICATION_STATE_VERIFIED }),
    },
    answer: { status: 200, body: { message: 'Verified', resource_name: 'user', resource_bool: true } },
  },
  {
    operation: 'studentCheckVerificationStatusCreate',
    what: 'a student who asked for approval',
    token: 'student',
    body: { exam_id: '12' },
    core: {
      'identification.getVerification': () =>
        Verification.fromPartial({ state: VerificationState.VERIFICATION_STATE_APPROVAL_REQUESTED }),
    },
    answer: {
      status: 200,
      body: { message: 'Requested Manual Approval', resource_name: 'user', resource_bool: false },
    },
  },
  {
    operation: 'studentCheckVerificationStatusCreate',
    what: 'a number beyond 32 bits',
    token: 'student',
    body: { exam_id: '2147483648' },
    answer: invalid({
      bad: ['exam_id'],
      details: { exam_id: ['This field must be a whole number from 1 to 2147483647.'] },
    }),
  },
  {
    operation: 'studentCheckVerificationStatusCreate',
    what: 'an instructor asks',
    token: 'instructor',
    body: { exam_id: 12 },
    ...forbidden('identification.getVerification'),
  },
  {
    operation: 'studentCheckVerificationStatusCreate',
    what: 'an exam the student is not enrolled in',
    token: 'student',
    body: { exam_id: 12 },
    core: failsWithoutExam('identification.getVerification'),
    answer: noExam,
  },

  {
    operation: 'studentCheckupProcessCreate',
    what: 'an array',
    token: 'student',
    body: { running_processes: ['chrome.exe', 'Skype.exe', 'TeamViewer.exe'] },
    asks: [
      'processPolicies.checkProcesses',
      { processes: ['chrome.exe', 'Skype.exe', 'TeamViewer.exe'], operatingSystem: '' },
    ],
    core: { 'processPolicies.checkProcesses': () => ({ forbidden: ['Skype.exe', 'TeamViewer.exe'] }) },
    answer: {
      status: 200,
      body: { message: 'Forbidden processes are running.', resource_name: 'Skype.exe,TeamViewer.exe' },
    },
  },
  {
    operation: 'studentCheckupProcessCreate',
    what: 'lines, none of them forbidden',
    token: 'student',
    body: { running_processes: 'chrome.exe\r\nfirefox\n\n' },
    asks: ['processPolicies.checkProcesses', { processes: ['chrome.exe', 'firefox'] }],
    core: { 'processPolicies.checkProcesses': () => ({ forbidden: [] }) },
    answer: { status: 200, body: { message: 'No forbidden process is running.', resource_name: '' } },
  },
  {
    operation: 'studentCheckupProcessCreate',
    what: 'a string that holds an array',
    token: 'student',
    body: { running_processes: ' ["chrome.exe", "Skype, or so.exe"]' },
    asks: ['processPolicies.checkProcesses', { processes: ['chrome.exe', 'Skype, or so.exe'] }],
    core: { 'processPolicies.checkProcesses': () => ({ forbidden: [] }) },
    answer: { status: 200, body: { message: 'No forbidden process is running.', resource_name: '' } },
  },
  {
    operation: 'studentCheckupProcessCreate',
    what: 'no list',
    token: 'student',
    body: { running_processes: '["chrome.exe", [' },
    answer: invalid({ bad: ['running_processes'], details: { running_processes: [NO_PROCESSES] } }),
  },
  {
    operation: 'studentCheckupProcessCreate',
    what: 'no such user',
    token: 'student',
    body: { running_processes: [] },
    core: failsWithoutUser('processPolicies.checkProcesses'),
    answer: noUser,
  },

  {
    operation: 'studentIdentificationCreate',
    what: 'a claim, which proves nothing',
    token: 'student',
    body: { exam_id: 12, identification_result: 'Ada Lovelace' },
    asks: [
      'identification.recordClaim',
      { exam: 'exams/12', subject: 'identification_result', value: 'Ada Lovelace' },
    ],
    core: {
      'identification.recordClaim': () =>
        Verification.fromPartial({ state: VerificationState.VERIFICATION_STATE_PENDING }),
    },
    answer: { status: 200, body: { message: 'Pending', resource_name: 'user' } },
  },
  {
    operation: 'studentIdentificationCreate',
    what: 'a claim of a student whom the server has verified',
    token: 'student',
    body: { exam_id: 12, identification_result: 'Ada Lovelace' },
    core: {
      'identification.recordClaim': () =>
        Verification.fromPartial({ state: VerificationState.VERIFICATION_STATE_VERIFIED }),
    },
    answer: { status: 200, body: { message: 'Verified', resource_name: 'user' } },
  },
  {
    operation: 'studentIdentificationCreate',
    what: 'no claim',
    token: 'student',
    body: { exam_id: 12 },
    answer: invalid({ missing: ['identification_result'], details: { identification_result: REQUIRED } }),
  },
  {
    operation: 'studentIdentificationCreate',
    what: 'an exam the student is not enrolled in',
    token: 'student',
    body: { exam_id: 12, identification_result: 'me' },
    core: failsWithoutExam('identification.recordClaim'),
    answer: noExam,
  },

  {
    operation: 'studentListExamList',
    what: 'their exams',
    token: 'student',
    core: {
      'exams.listExams': () =>
        ListExamsResponse.fromPartial({
          exams: [EXAM, { ...EXAM, name: 'exams/13', state: ExamState.EXAM_STATE_UPCOMING }],
        }),
    },
    answer: {
      status: 200,
      body: {
        message: 'The examinations of the student.',
        resource_name: 'examination',
        resource_array: [LISTED, { ...LISTED, exam_id: '13', status: 'Upcoming' }],
      },
    },
  },
  {
    operation: 'studentListExamList',
    what: 'a core that finds the call not valid',
    token: 'student',
    core: fails('exams.listExams', 'INVALID_FIELDS', 'The request is not valid.'),
    answer: invalid({ message: 'The request is not valid.', details: {} }),
  },
  {
    operation: 'studentListExamList',
    what: 'forbidden',
    token: 'instructor',
    ...forbidden('exams.listExams'),
  },
  {
    operation: 'studentListExamList',
    what: 'no such user',
    token: 'student',
    core: failsWithoutUser('exams.listExams'),
    answer: noUser,
  },

  {
    operation: 'studentRequestManualApprovalCreate',
    what: 'a request',
    token: 'student',
    body: { exam_id: 12, manual_approval_type: 'Camera broken' },
    asks: ['identification.requestApproval', { exam: 'exams/12', approvalType: 'Camera broken' }],
    core: { 'identification.requestApproval': () => Verification.fromPartial({}) },
    answer: { status: 200, body: { message: 'The approval was requested.', resource_name: 'examination' } },
  },
  {
    operation: 'studentRequestManualApprovalCreate',
    what: 'a type of more than 64 characters',
    token: 'student',
    body: { exam_id: 12, manual_approval_type: 'x'.repeat(65) },
    answer: invalid({
      bad: ['manual_approval_type'],
      details: { manual_approval_type: ['This field may have at most 64 characters.'] },
    }),
  },
  {
    operation: 'studentRequestManualApprovalCreate',
    what: 'an exam the student is not enrolled in',
    token: 'student',
    body: { exam_id: 12, manual_approval_type: 'Camera broken' },
    core: failsWithoutExam('identification.requestApproval'),
    answer: noExam,
  },

  {
    operation: 'studentSubmitFeedbackCreate',
    what: 'a report',
    token: 'student',
    body: { exam_id: 12, cheat_mode: 'Impersonation', feedback: 'The person next door sat it for them.' },
    asks: [
      'feedback.submitFeedback',
      {
        exam: 'exams/12',
        cheatMode: CheatMode.CHEAT_MODE_IMPERSONATION,
        text: 'The person next door sat it for them.',
      },
    ],
    core: { 'feedback.submitFeedback': () => Feedback.fromPartial({}) },
    answer: { status: 200, body: { message: 'The feedback was taken.', resource_name: 'examination' } },
  },
  {
    operation: 'studentSubmitFeedbackCreate',
    what: 'a way to cheat that the document does not know',
    token: 'student',
    body: { exam_id: 12, cheat_mode: 'Telepathy', feedback: 'x'.repeat(4001) },
    answer: invalid({
      bad: ['cheat_mode', 'feedback'],
      details: {
        cheat_mode: ['This field must be one of Communication, Impersonation.'],
        feedback: ['This field may have at most 4000 characters.'],
      },
    }),
  },
  {
    operation: 'studentSubmitFeedbackCreate',
    what: 'an exam that has not started',
    token: 'student',
    body: { exam_id: 12, cheat_mode: 'Communication', feedback: '' },
    core: fails('feedback.submitFeedback', 'EXAM_STATE', 'The exam has not started.'),
    answer: invalid({
      message: 'The exam has not started.',
      details: { exam_id: ['The exam has not started.'] },
    }),
  },
  {
    operation: 'studentSubmitFeedbackCreate',
    what: 'an exam the student is not enrolled in',
    token: 'student',
    body: { exam_id: 12, cheat_mode: 'Communication', feedback: '' },
    core: failsWithoutExam('feedback.submitFeedback'),
    answer: noExam,
  },

  {
    operation: 'trustidVersionList',
    what: 'the versions',
    answer: {
      status: 200,
      body: {
        message: 'The versions of the applications.',
        resource_name: 'version',
        resource_dict: { server_version: 1.2, timestamp: NOW / 1000 },
      },
    },
  },

  {
    operation: 'updateExamConditionCreate',
    what: 'the owner starts',
    token: 'instructor',
    body: { condition: 'Start', exam_id: 12 },
    asks: ['exams.startExam', { name: 'exams/12' }],
    core: { 'exams.startExam': () => EXAM },
    answer: { status: 200, body: { message: 'The examination was started.', resource_name: 'examination' } },
  },
  {
    operation: 'updateExamConditionCreate',
    what: 'a student joins',
    token: 'student',
    body: { condition: 'Join', exam_id: 12 },
    asks: ['proctoring.joinExam', { exam: 'exams/12' }],
    core: { 'proctoring.joinExam': () => ProctoringSession.fromPartial({}) },
    answer: {
      status: 200,
      body: { message: 'The student joined the examination.', resource_name: 'examination' },
    },
  },
  {
    operation: 'updateExamConditionCreate',
    what: 'a student leaves',
    token: 'student',
    body: { condition: 'Leave', exam_id: 12 },
    asks: ['proctoring.leaveExam', { exam: 'exams/12' }],
    core: { 'proctoring.leaveExam': () => ProctoringSession.fromPartial({}) },
    answer: {
      status: 200,
      body: { message: 'The student left the examination.', resource_name: 'examination' },
    },
  },
  {
    operation: 'updateExamConditionCreate',
    what: 'a student who is not verified joins',
    token: 'student',
    body: { condition: 'Join', exam_id: 12 },
    core: fails('proctoring.joinExam', 'NOT_VERIFIED', 'Verify your identity first.'),
    answer: { status: 403, body: { message: 'Verify your identity first.' } },
  },
  {
    operation: 'updateExamConditionCreate',
    what: 'an exam that has not started',
    token: 'student',
    body: { condition: 'Join', exam_id: 12 },
    core: fails('proctoring.joinExam', 'EXAM_STATE', 'The exam has not started.'),
    answer: invalid({
      message: 'The exam has not started.',
      details: { exam_id: ['The exam has not started.'] },
    }),
  },
  {
    operation: 'updateExamConditionCreate',
    what: 'a condition that does not exist',
    token: 'instructor',
    body: { condition: 'End', exam_id: true },
    answer: invalid({
      bad: ['condition', 'exam_id'],
      details: {
        condition: ['This field must be one of Join, Leave, Start.'],
        exam_id: ['This field must be a whole number from 1 to 2147483647.'],
      },
    }),
  },
  {
    operation: 'updateExamConditionCreate',
    what: 'another organisation’s exam',
    token: 'instructor',
    body: { condition: 'Start', exam_id: 12 },
    core: failsWithoutExam('exams.startExam'),
    answer: noExam,
  },
];
