import { z } from 'zod';
import type { Assurance } from '../biometrics/index.js';
import { line, matchName, oneOf, paging, resourceName, UUID } from '../call/index.js';
import type { AlertDecision } from './alerts/alert.js';
import type { EnrolmentDetails } from './enrolment.js';
import type { ExamDetails, ExamType, LivenessPolicy } from './exam.js';
import type { CheatMode } from './feedback-store.js';
import { platform } from './processes/platform.js';
import type { OperatingSystem } from './processes/process-policy.js';
import { asSearch, searchFields } from './search-request.js';
import { ENROLMENT_FIELDS, EXAM_FIELDS } from './search.js';
import type { SampleModality } from './watching/fusion.js';

const MOST_MINUTES = 1440;
const MOST_STUDENTS = 5000;
const MOST_PROCESSES = 2000;
const MOST_RULES = 200;
const DEFAULT_INTERVAL_MS = 10_000;
/** Frames of a session: four a second for more than two days. */
const MOST_FRAMES = 1_000_000;

/** By the name of the field that a sample comes in. */
const MODALITY_OF = { audio: 'VOICE', interaction: 'INTERACTION' } as const satisfies Record<
  string,
  SampleModality
>;

const exam = resourceName('exams/{exam}').transform((parts) => parts.exam);
const alert = resourceName('exams/{exam}/alerts/{alert}').refine(
  (parts) => UUID.test(parts.alert),
  'must look like exams/{number}/alerts/{uuid}',
);
const user = resourceName('users/{user}').transform((parts) => parts.user);
const content = z.instanceof(Uint8Array).refine((bytes) => bytes.length > 0, 'must not be empty');
const image = content;

/** Milliseconds of a google.protobuf.Duration; fractions of a millisecond are dropped. */
const duration = z
  .object({ seconds: z.bigint(), nanos: z.int() })
  .transform(({ seconds, nanos }) => Number(seconds) * 1000 + Math.trunc(nanos / 1_000_000));

const durationMinutes = duration.pipe(
  z
    .number()
    .refine((ms) => ms % 60_000 === 0, 'must be whole minutes')
    .refine((ms) => ms >= 60_000 && ms <= MOST_MINUTES * 60_000, `must be 1 to ${MOST_MINUTES} minutes`)
    .transform((ms) => ms / 60_000),
);

const frameIntervalMs = duration
  .pipe(z.number().min(1_000, 'must be 1 to 60 s').max(60_000, 'must be 1 to 60 s'))
  .optional()
  .transform((ms) => ms ?? DEFAULT_INTERVAL_MS);

const liveness = oneOf(
  'LIVENESS_POLICY_UNSPECIFIED',
  'LIVENESS_POLICY_NEVER_BLOCK',
  'LIVENESS_POLICY_ASK_AGAIN',
  'LIVENESS_POLICY_CHALLENGE',
).transform((value): LivenessPolicy => {
  return value === 'LIVENESS_POLICY_UNSPECIFIED'
    ? 'NEVER_BLOCK'
    : (value.slice('LIVENESS_POLICY_'.length) as LivenessPolicy);
});

const minimumAssurance = oneOf(
  'ASSURANCE_UNSPECIFIED',
  'ASSURANCE_SELF_ASSERTED',
  'ASSURANCE_SINGLE_SIGN_ON',
  'ASSURANCE_STAFF_APPROVED',
  'ASSURANCE_DOCUMENT',
).transform((value): Assurance => {
  return value === 'ASSURANCE_UNSPECIFIED'
    ? 'SELF_ASSERTED'
    : (value.slice('ASSURANCE_'.length) as Assurance);
});

const monitoring = z
  .object({ frameInterval: frameIntervalMs, liveness, minimumAssurance })
  .optional()
  .transform((given) => ({
    frameIntervalMs: given?.frameInterval ?? DEFAULT_INTERVAL_MS,
    livenessPolicy: given?.liveness ?? 'NEVER_BLOCK',
    minimumAssurance: given?.minimumAssurance ?? 'SELF_ASSERTED',
  }));

/** What the owner decides, by its name in the proto. */
const details = {
  displayName: line(1, 200),
  type: oneOf('EXAM_TYPE_ORAL', 'EXAM_TYPE_WRITTEN').transform(
    (value) => value.slice('EXAM_TYPE_'.length) as ExamType,
  ),
  scheduleTime: z
    .date({ error: 'must be a time' })
    .refine((time) => time.getTime() >= 0, 'must not be before 1970')
    .transform((time) => time.getTime()),
  duration: durationMinutes,
  privacyPolicy: z.string().max(20_000, 'must have at most 20000 characters'),
  additionalMaterial: z.boolean(),
  monitoring,
};
type Detail = keyof typeof details;

const examDetails = z.object(details);

/** Paths of an update mask, and what they change. */
const PATHS: Record<string, Detail> = {
  display_name: 'displayName',
  type: 'type',
  schedule_time: 'scheduleTime',
  duration: 'duration',
  privacy_policy: 'privacyPolicy',
  additional_material: 'additionalMaterial',
  monitoring: 'monitoring',
};
const MASK = Object.keys(PATHS).join(', ');

/** What a request says of an exam, in the words of the rules. */
function inDomain(given: Partial<z.output<typeof examDetails>>): Partial<ExamDetails> {
  const { scheduleTime, duration: minutes, monitoring: watching, ...same } = given;
  return {
    ...same,
    ...(scheduleTime === undefined ? {} : { scheduledAt: scheduleTime }),
    ...(minutes === undefined ? {} : { durationMinutes: minutes }),
    ...watching,
  };
}

// Every detail was given, so none of the result's is missing.
export const createExamRequest = z
  .object({ exam: examDetails })
  .transform((request) => inDomain(request.exam) as ExamDetails);

/** Only what the mask names is read; an empty mask names everything. */
export function updateExamRequest(mask: readonly string[]) {
  const named = mask.length === 0 ? Object.values(PATHS) : mask.flatMap((path) => PATHS[path] ?? []);
  const chosen = Object.fromEntries(named.map((detail) => [detail, details[detail]]));
  return z
    .object({
      exam: z.object(chosen).extend({ name: exam }),
      updateMask: z.array(z.string().refine((path) => path in PATHS, `must be one of ${MASK}`)).optional(),
    })
    .transform((request) => {
      // Read by the very schemas of `details`; which of them is known only when the request is.
      const { name, ...given } = request.exam as { name: string } & Partial<z.output<typeof examDetails>>;
      return { exam: name, details: inDomain(given) };
    });
}

export const nameRequest = z.object({ name: exam });
export const examRequest = z.object({ exam });
export const listExamsRequest = z.object(paging({ standard: 100, most: 1000 }));
export const searchExamsRequest = z.object(searchFields(EXAM_FIELDS)).transform(asSearch);
export const listStudentsRequest = z.object({ exam, ...paging({ standard: 100, most: 5000 }) });
export const listSessionsRequest = z.object({ exam, ...paging({ standard: 100, most: 1000 }) });
export const listAlertsRequest = z.object({
  exam,
  /** Empty: of all students. */
  user: z.union([z.literal('').transform(() => null), user]),
  ...paging({ standard: 100, most: 1000 }),
});

/** As the directory stores it; RFC 5321 section 4.5.3.1.3 for the length. */
const email = z
  .string()
  .max(1_024, 'must have at most 254 characters')
  .transform((text) => text.trim().normalize('NFC').toLowerCase())
  .pipe(z.email('must be an e-mail address').max(254, 'must have at most 254 characters'));

export const enrolRequest = z.object({
  exam,
  students: z
    .array(
      z
        .object({ email, givenName: line(0, 100), familyName: line(0, 100) })
        // An LMS may know no name; nobody is without one in the register.
        .transform(({ email: address, givenName, familyName }) => ({
          email: address,
          givenName: givenName || address.slice(0, address.indexOf('@')),
          familyName: familyName || '-',
        })),
    )
    .min(1, 'needs at least one student')
    .max(MOST_STUDENTS, `takes at most ${MOST_STUDENTS} students`),
});

/** The number of an enrolment; 0, which none has, where it is no number. */
const enrolment = resourceName('enrolments/{enrolment}').transform((parts) =>
  /^[1-9][0-9]{0,9}$/.test(parts.enrolment) ? Number(parts.enrolment) : 0,
);

/** What the organisation says of an enrolment, by its name in the proto. */
const enrolmentDetails = {
  displayName: line(1, 200),
  externalId: line(0, 255),
  individualInfo: z.string().max(20_000, 'must have at most 20000 characters'),
  individualInfoHtml: z.boolean(),
  skipRequirements: z.boolean(),
  openTime: z
    .date()
    .optional()
    .transform((value) => value?.getTime() ?? null),
};
type GivenEnrolment = { [K in keyof typeof enrolmentDetails]: z.output<(typeof enrolmentDetails)[K]> };

function enrolmentInDomain({ openTime, ...same }: Partial<GivenEnrolment>): Partial<EnrolmentDetails> {
  return { ...same, ...(openTime === undefined ? {} : { openAt: openTime }) };
}

// Every detail was given, so none of the result's is missing.
export const createEnrolmentRequest = z
  .object({ enrolment: z.object({ exam, email, ...enrolmentDetails }) })
  .transform(({ enrolment: { exam: of, email: address, ...given } }) => ({
    exam: of,
    email: address,
    details: enrolmentInDomain(given) as EnrolmentDetails,
  }));

/** Paths of an update mask, and what they change. */
const ENROLMENT_PATHS: Record<string, 'email' | keyof GivenEnrolment> = {
  email: 'email',
  display_name: 'displayName',
  external_id: 'externalId',
  individual_info: 'individualInfo',
  individual_info_html: 'individualInfoHtml',
  skip_requirements: 'skipRequirements',
  open_time: 'openTime',
};
const ENROLMENT_MASK = Object.keys(ENROLMENT_PATHS).join(', ');

/** Only what the mask names is read; an empty mask names everything. */
export function updateEnrolmentRequest(mask: readonly string[]) {
  const paths = mask.length === 0 ? Object.keys(ENROLMENT_PATHS) : mask;
  const schemas = { email, ...enrolmentDetails };
  const chosen = Object.fromEntries(
    paths.flatMap((path) => {
      const detail = ENROLMENT_PATHS[path];
      return detail ? [[detail, schemas[detail]]] : [];
    }),
  );
  return z
    .object({
      enrolment: z.object(chosen).extend({ name: enrolment }),
      updateMask: z
        .array(z.string().refine((path) => path in ENROLMENT_PATHS, `must be one of ${ENROLMENT_MASK}`))
        .optional(),
    })
    .transform((request) => {
      // Read by the very schemas above; which of them is known only when the request is.
      const given = request.enrolment as { name: number; email?: string } & Partial<GivenEnrolment>;
      const { name, email: address, ...rest } = given;
      return { name, email: address, details: enrolmentInDomain(rest), fields: paths };
    });
}

export const enrolmentRequest = z.object({ name: enrolment });
export const searchEnrolmentsRequest = z
  .object({
    /** Empty: of all exams. */
    exam: z.union([z.literal('').transform(() => null), exam]),
    ...searchFields(ENROLMENT_FIELDS),
  })
  .transform(({ exam: of, ...asked }) => ({ exam: of, search: asSearch(asked) }));

export const identifyRequest = z.object({ exam, image, operatingSystem: line(0, 200).transform(platform) });
export const claimRequest = z.object({
  exam,
  subject: line(1, 64),
  value: z.string().max(2000, 'must have at most 2000 characters'),
});
const note = z.string().max(2000, 'must have at most 2000 characters');
export const requestApprovalRequest = z.object({ exam, approvalType: line(1, 64), note });
export const approveRequest = z.object({ exam, email });
export const decideApprovalRequest = z.object({ exam, user, approve: z.boolean(), note });

const time = z
  .date()
  .optional()
  .transform((value) => value?.getTime() ?? null);
const frameNumber = z.int().min(1, 'must be at least 1').max(MOST_FRAMES, `must be at most ${MOST_FRAMES}`);

export const frameRequest = z.object({ exam, image, operatingSystem: line(0, 200).transform(platform) });
export const sendFrameRequest = z.object({
  exam,
  frame: z.object({ number: frameNumber, image, captureTime: time }),
});
const challenge = resourceName('exams/{exam}/challenges/{challenge}').refine(
  (parts) => UUID.test(parts.challenge),
  'must look like exams/{number}/challenges/{uuid}',
);
export const challengeFrameRequest = z
  .object({ challenge, image })
  .transform((request) => ({ ...request.challenge, image: request.image }));
export const heartbeatRequest = z
  .object({
    exam,
    clientTime: time,
    visible: z.boolean(),
    camera: oneOf('CAMERA_STATE_LIVE', 'CAMERA_STATE_LOST'),
  })
  .transform(({ camera, ...rest }) => ({ ...rest, cameraLost: camera === 'CAMERA_STATE_LOST' }));
/** The exam; null for the one that the student has joined. */
const examOrJoined = z.union([z.literal('').transform(() => null), exam]);

export const sampleRequest = z.object({
  exam: examOrJoined,
  sample: z
    .discriminatedUnion('$case', [
      z.object({ $case: z.literal('audio'), value: content }),
      z.object({ $case: z.literal('interaction'), value: content }),
    ])
    .transform(({ $case, value }) => ({ modality: MODALITY_OF[$case], content: value })),
});
export const evidenceRequest = z.object({ alert });
export const reviewRequest = z.object({
  alert,
  decision: oneOf('ALERT_DECISION_DISMISSED', 'ALERT_DECISION_CONFIRMED').transform(
    (value) => value.slice('ALERT_DECISION_'.length) as AlertDecision,
  ),
  note,
});

export const listReviewsRequest = z.object(paging({ standard: 100, most: 1000 }));
export const listReviewStudentsRequest = z.object({ exam, ...paging({ standard: 100, most: 1000 }) });
export const timelineRequest = z.object({ exam, user, ...paging({ standard: 100, most: 1000 }) });
export const watchExamRequest = z.object({
  exam,
  after: z.int().min(0, 'must not be negative').optional(),
});

export const openMessage = z.object({ exam, resumeAfter: z.int().min(0) });
export const frameMessage = z.object({
  number: frameNumber,
  /** Empty bytes are an unreadable frame, which is a finding. */
  image: z.instanceof(Uint8Array),
  captureTime: time,
});
const sampleNumber = frameNumber;
/** Empty bytes are an unreadable sample, which is a finding. */
export const audioMessage = z
  .object({ number: sampleNumber, audio: z.instanceof(Uint8Array), captureTime: time })
  .transform(({ audio: content, ...rest }) => ({ ...rest, content, modality: MODALITY_OF.audio }));
export const interactionMessage = z
  .object({ number: sampleNumber, interaction: z.instanceof(Uint8Array), captureTime: time })
  .transform(({ interaction: content, ...rest }) => ({
    ...rest,
    content,
    modality: MODALITY_OF.interaction,
  }));
export const eventMessage = z.object({
  type: oneOf(
    'CLIENT_EVENT_TYPE_HEARTBEAT',
    'CLIENT_EVENT_TYPE_CAMERA_LOST',
    'CLIENT_EVENT_TYPE_CAMERA_RESTORED',
    'CLIENT_EVENT_TYPE_WINDOW_HIDDEN',
    'CLIENT_EVENT_TYPE_WINDOW_VISIBLE',
  ),
  time,
});

/** Whose process policy: an exam's by number, or an organisation's by code. */
export type PolicyName = { exam: string; organisation: null } | { exam: null; organisation: string };

const policyName = z.string().transform((name, ctx): PolicyName => {
  const ofExam = matchName('exams/{exam}/processPolicy', name);
  if (ofExam) return { ...ofExam, organisation: null };
  const ofOrganisation = matchName('organisations/{organisation}/processPolicy', name);
  if (ofOrganisation) return { ...ofOrganisation, exam: null };
  const message = 'must look like exams/{exam}/processPolicy or organisations/{organisation}/processPolicy';
  ctx.addIssue({ code: 'custom', message });
  return z.NEVER;
});

const rule = z.object({
  pattern: line(1, 100),
  operatingSystem: z
    .enum(
      [
        'OPERATING_SYSTEM_UNSPECIFIED',
        'OPERATING_SYSTEM_WINDOWS',
        'OPERATING_SYSTEM_MACOS',
        'OPERATING_SYSTEM_LINUX',
      ],
      { error: 'must be a system of the contract, or none' },
    )
    .transform((value): OperatingSystem | null => {
      const word = value.slice('OPERATING_SYSTEM_'.length);
      return word === 'UNSPECIFIED' ? null : (word as OperatingSystem);
    }),
});

export const policyNameRequest = z.object({ name: policyName });
export const updatePolicyRequest = z.object({
  policy: z.object({
    name: policyName,
    rules: z.array(rule).max(MOST_RULES, `takes at most ${MOST_RULES} rules`),
  }),
});

const processNames = z
  .array(z.string().max(1024, 'must have at most 1024 characters'))
  .max(MOST_PROCESSES, `takes at most ${MOST_PROCESSES} processes`);
/** As the client says it: which rules are for it is the policy's matter. */
const system = line(0, 200);

export const checkProcessesRequest = z.object({ processes: processNames, operatingSystem: system });
export const reportDeviceRequest = z.object({
  exam: examOrJoined,
  processes: z
    .object({ names: processNames })
    .optional()
    .transform((given) => given?.names ?? null),
  operatingSystem: system,
  claims: z
    .record(line(1, 64), z.string().max(200, 'must have at most 200 characters'))
    .refine((claims) => Object.keys(claims).length <= 32, 'takes at most 32 claims'),
});

export const submitFeedbackRequest = z.object({
  exam,
  cheatMode: oneOf('CHEAT_MODE_COMMUNICATION', 'CHEAT_MODE_IMPERSONATION').transform(
    (value) => value.slice('CHEAT_MODE_'.length) as CheatMode,
  ),
  text: z.string().max(4000, 'must have at most 4000 characters'),
});
export const listFeedbackRequest = z.object({ exam, ...paging({ standard: 100, most: 1000 }) });
