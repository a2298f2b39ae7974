import { z } from 'zod';
import { named } from '../../family.js';
import {
  choice,
  dateTime,
  decimal,
  encoded,
  integer,
  picture,
  pictures,
  processes,
  source,
  text,
  walletModel,
} from './decode.js';
import {
  BIOMETRICS,
  CHEAT_MODES,
  CONDITIONS,
  EXAM_STATUSES,
  EXAM_TYPES,
  MONITORING_TYPES,
  ROLES,
  VERIFICATION_STATUSES,
} from './words.js';

/*
 * The document's models under their own names, in its order. Request models ignore what they do not list; of an
 * answer, what is not listed here never leaves.
 */

const examId = integer(1);
const operatingSystem = text(200, 0).optional();
/** What the client says its address is. */
const address = text(200, 0);

/** RFC 5321 allows 254 characters in all. */
const email = z
  .string({ error: 'This field must be a string.' })
  .max(1_024, { error: 'This field must be an e-mail address.' })
  .trim()
  .pipe(z.email({ error: 'This field must be an e-mail address.' }).max(254))
  .meta({ format: 'email' });

const flag = z.boolean({ error: 'This field must be true or false.' });

/** The core reads it; here it only must not be larger than any that it takes. */
const interactionDataset = text(1_048_576).meta({
  description: 'Typing and mouse actions as JSON text: docs/interaction-format.md.',
});

const examDetails = {
  additional_material: flag.optional(),
  duration: integer(1, 1440).meta({ description: 'Minutes.' }),
  exam_type: choice(EXAM_TYPES),
  privacy_policy: text(20_000, 0),
  scheduled_date: dateTime,
};

export const AddExam = named('AddExam', z.object({ ...examDetails, name: text(200) }));
export const BiometricsFaceRegister = named(
  'BiometricsFaceRegister',
  z.object({ image: pictures, operating_sys: operatingSystem }),
);
export const BiometricsFaceVerify = named(
  'BiometricsFaceVerify',
  z.object({ image: picture, exam_id: examId, operating_sys: operatingSystem }),
);
export const BiometricsInteractionTest = named(
  'BiometricsInteractionTest',
  z.object({ testing_dataset: interactionDataset }),
);
export const BiometricsInteractionTrain = named(
  'BiometricsInteractionTrain',
  z.object({ training_dataset: interactionDataset }),
);
/** Form of `/biometrics/monitoring/`, which the document does not name. */
export const BiometricsMonitoring = named(
  'BiometricsMonitoring',
  z.object({
    voice_base64: encoded.optional(),
    voice_emb_data: z.string().max(100_000, { error: 'This field is too long.' }).optional(),
    src: source.optional(),
    running_processes: processes,
    ip_address: address,
  }),
);
export const BiometricsMonitorFace = named(
  'BiometricsMonitorFace',
  z.object({ image: picture, exam_id: examId, operating_sys: operatingSystem }),
);
export const BiometricsMonitorFaceOral = named(
  'BiometricsMonitorFaceOral',
  z.object({
    image: picture,
    exam_id: examId,
    ip_address: address,
    running_processes: processes,
    operating_sys: operatingSystem,
  }),
);
const sample = {
  biometric_type: choice(BIOMETRICS),
  voice_base64: encoded.optional(),
  src: source.optional(),
};
export const BiometricsRegister = named('BiometricsRegister', z.object(sample));
export const BiometricsVerify = named(
  'BiometricsVerify',
  z.object({ ...sample, monitoring_type: choice(MONITORING_TYPES) }),
);
export const BiometricsUnregister = named(
  'BiometricsUnregister',
  z.object({ biometric_type: choice(BIOMETRICS) }),
);
const expoPushToken = text(256).meta({ description: 'Where the wallet is reached by push messages.' });
export const BiometricsWalletFace = named('BiometricsWalletFace', z.object({ expoPushToken }));
export const BiometricsWalletHandwriting = named('BiometricsWalletHandwriting', z.object({ expoPushToken }));
export const BiometricsWalletVoice = named('BiometricsWalletVoice', z.object({ expoPushToken }));
export type WalletHandOver = typeof BiometricsWalletFace;
export const BiometricsWalletSend = named(
  'BiometricsWalletSend',
  z.object({
    face_embeddings: walletModel,
    voice_embeddings: walletModel,
    handwriting_embeddings: walletModel.optional(),
  }),
);
export const ExamConditionUpdate = named(
  'ExamConditionUpdate',
  z.object({ condition: choice(CONDITIONS), exam_id: examId }),
);
export const InstructorManualApproveStudent = named(
  'InstructorManualApproveStudent',
  z.object({ exam_id: examId, email }),
);
export const InstructorSyncCoursesExams = named(
  'InstructorSyncCoursesExams',
  z.object({
    details: z.object(
      {
        exam_id: examId,
        students: z
          .array(
            z.object(
              { name: text(100, 0).optional(), surname: text(100, 0).optional(), email },
              { error: 'This field must be an object.' },
            ),
            { error: 'This field must be an array.' },
          )
          .min(1, 'This field must have at least one student.')
          .max(5000, 'This field may have at most 5000 students.'),
      },
      { error: 'This field must be an object.' },
    ),
  }),
);

/** `organisations` are the codes of this installation, where the document's example lists UC, UCY and UPAT. */
export function loginSchema(organisations: readonly string[]) {
  return named(
    'Login',
    z.object({ email: text(254), password: text(1024), organization: choice(organisations) }),
  );
}

const said = text(200, 0).optional();
/** Of `Monitoring`: what the client finds itself. Strings, numbers and booleans; all of them claims. */
export const Monitoring = named(
  'Monitoring',
  z.object({
    exam_id: examId,
    running_processes: processes.optional(),
    is_face_detected: flag.optional(),
    is_multiple_face_results: flag.optional(),
    face_rec_result: said,
    confidence_score: decimal.optional(),
    is_error_occurred: flag.optional(),
    error_type: said,
    is_voice_detected: flag.optional(),
    is_voice_verified: flag.optional(),
    voice_confidence_score: decimal.optional(),
    is_voice_error_occurred: flag.optional(),
    error_type_voice: said,
  }),
);
export const RefreshToken = named(
  'RefreshToken',
  z.object({ refresh: text(4096), access: text(8192).optional() }),
);

/** As `loginSchema`. */
export function registerUserSchema(organisations: readonly string[]) {
  return named(
    'RegisterUser',
    z.object({
      email,
      name: text(100),
      organization: choice(organisations),
      password: text(128, 8),
      role: choice(ROLES),
      surname: text(100),
    }),
  );
}

export const StudentCheckVerificationStatus = named(
  'StudentCheckVerificationStatus',
  z.object({ exam_id: examId }),
);
export const StudentCheckupProcess = named(
  'StudentCheckupProcess',
  z.object({ running_processes: processes }),
);
export const StudentIdentification = named(
  'StudentIdentification',
  z.object({ exam_id: examId, identification_result: text(2000, 0) }),
);
export const StudentRequestManualApproval = named(
  'StudentRequestManualApproval',
  z.object({ exam_id: examId, manual_approval_type: text(64) }),
);
export const StudentSubmitFeedback = named(
  'StudentSubmitFeedback',
  z.object({ cheat_mode: choice(CHEAT_MODES), exam_id: examId, feedback: text(4000, 0) }),
);
export const UpdateExam = named('UpdateExam', z.object({ ...examDetails, exam_id: examId }));

const message = z.string().meta({ description: 'A general message description' }).optional();
const resourceName = z.string().meta({ description: 'The name of the resource' }).optional();
const userOrExamination = z
  .enum(['user', 'examination'])
  .meta({ description: 'The name of the resource' })
  .optional();

const userOrModel = z
  .enum(['user', 'face', 'voice'])
  .meta({ description: 'The name of the resource' })
  .optional();

export const Response200 = named(
  'ResponseBodyForStatusCode200',
  z.object({
    message,
    resource_name: resourceName,
    resource_bool: z.boolean().optional(),
    extra_details: z.string().optional(),
  }),
);
export const Response200_1 = named(
  'ResponseBodyForStatusCode200_1',
  z.object({ message, resource_name: resourceName }),
);
export const Response200_2 = named(
  'ResponseBodyForStatusCode200_2',
  z.object({ message, resource_name: resourceName, resource_array: z.array(z.string()).optional() }),
);
export const Response200_3 = named(
  'ResponseBodyForStatusCode200_3',
  z.object({
    message,
    resource_name: resourceName,
    resource_dict: z.record(z.string(), z.boolean()).optional(),
  }),
);
export const Response200_4 = named(
  'ResponseBodyForStatusCode200_4',
  z.object({
    message,
    resource_name: resourceName,
    is_match: z.boolean().optional(),
    is_voice_detected: z.boolean().optional(),
  }),
);
export const Biometrics = named(
  'Biometrics',
  z.object({
    biometric_type: z.enum(BIOMETRICS),
    voice_base64: z.string().meta({ description: 'Empty: a recording is not sent back.' }),
    src: z.string().meta({ description: 'An id of this registration, which opens nothing.' }).optional(),
  }),
);
export const Response200_5 = named(
  'ResponseBodyForStatusCode200_5',
  z.object({
    message,
    resource_name: userOrModel,
    resource_array: z.array(z.string()).optional(),
  }),
);
export const Response200_6 = named(
  'ResponseBodyForStatusCode200_6',
  z.object({ message, resource_name: userOrExamination }),
);
export const Response200_7 = named(
  'ResponseBodyForStatusCode200_7',
  z.object({ message, resource_name: userOrExamination, resource_bool: z.boolean().optional() }),
);
export const Response201 = named(
  'ResponseBodyForStatusCode201',
  z.object({
    message,
    resource_name: resourceName,
    resource_obj: z.object({ access: z.string(), refresh: z.string() }).optional(),
  }),
);

const fieldNames = z.array(z.string()).optional();
const errorDetails = z
  .record(z.string(), z.array(z.string()))
  .meta({ description: 'By field, what is wrong with it; only `json` where the body could not be parsed.' })
  .optional();

export const Response400 = named(
  'ResponseBodyForStatusCode400',
  z.object({
    message,
    bad_formatted_fields: fieldNames,
    missing_required_fields: fieldNames,
    already_exists_fields: fieldNames,
    error_details: errorDetails,
  }),
);
export const Response400_1 = named(
  'ResponseBodyForStatusCode400_1',
  z.object({
    message,
    bad_formatted_fields: fieldNames,
    missing_required_fields: fieldNames,
    error_details: errorDetails,
  }),
);
export const Response401 = named('ResponseBodyForStatusCode401', z.object({ message }));
const found = z.string().meta({ description: 'A string value associated with the resource_name' }).optional();
export const Response404 = named(
  'ResponseBodyForStatusCode404',
  z.object({
    message,
    resource_name: resourceName,
    resource_str: found,
  }),
);

export const Response404_1 = named(
  'ResponseBodyForStatusCode404_1',
  z.object({
    message,
    resource_name: z.enum(['user', 'token']).meta({ description: 'The name of the resource' }).optional(),
    resource_str: found,
  }),
);
export const Response404_2 = named(
  'ResponseBodyForStatusCode404_2',
  z.object({
    message,
    resource_name: userOrModel,
    resource_str: found,
  }),
);

export const InlineResponse200 = named(
  'inline_response_200',
  z.object({
    message,
    resource_array: z.array(z.enum(BIOMETRICS)).optional(),
    resource_name: resourceName,
    resource_dict: z.partialRecord(z.enum(BIOMETRICS), z.string()).optional(),
  }),
);

export const InlineResponse200_1 = named(
  'inline_response_200_1',
  z.object({ message, resource_array: z.array(z.string()).optional(), resource_name: resourceName }),
);

const examOfList = {
  exam_id: z.string().optional(),
  name: z.string().optional(),
  status: z.enum(EXAM_STATUSES).optional(),
  scheduled_date: z.string().optional(),
  privacy_policy: z.string().optional(),
};

export const InlineResponse200_2 = named(
  'inline_response_200_2',
  z.object({
    message,
    resource_array: z
      .array(
        z.object({
          enrolled_students: z
            .array(
              z.object({
                alerts: z.string().optional(),
                email: z.string().optional(),
                name: z.string().optional(),
                surname: z.string().optional(),
                verification_status: z.enum(VERIFICATION_STATUSES).optional(),
              }),
            )
            .optional(),
          ...examOfList,
        }),
      )
      .optional(),
    resource_name: resourceName,
  }),
);
export const InlineResponse200_3 = named(
  'inline_response_200_3',
  z.object({
    message,
    resource_array: z
      .array(
        z.object({
          enrolled_students: z
            .array(
              z.object({
                name: z.string().optional(),
                surname: z.string().optional(),
                email: z.string().optional(),
              }),
            )
            .optional(),
          moodle_course_id: z.string().optional(),
          moodle_course_name: z.string().optional(),
        }),
      )
      .optional(),
    resource_name: resourceName,
  }),
);
export const InlineResponse200_4 = named(
  'inline_response_200_4',
  z.object({
    message,
    resource_array: z.array(z.object(examOfList)).optional(),
    resource_name: resourceName,
  }),
);
export const InlineResponse200_5 = named(
  'inline_response_200_5',
  z.object({
    message,
    resource_dict: z
      .object({
        server_version: z.number().optional(),
        windows_version: z.number().optional(),
        macos_version: z.number().optional(),
        timestamp: z.number().optional(),
      })
      .optional(),
    resource_name: resourceName,
  }),
);
