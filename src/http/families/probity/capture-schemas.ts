import { z } from 'zod';
import { named } from '../../family.js';
import { consentPolicy, id, time, words } from './schemas.js';
import {
  admissionReason,
  admissionState,
  cameraState,
  challengeState,
  challengeStep,
  comparisonOutcome,
  examState,
  referenceState,
  verificationState,
} from './words.js';

/** Requests and answers of the page that captures a student. */

export const Picture = named(
  'Picture',
  z
    .unknown()
    .transform((value, ctx) => {
      if (Buffer.isBuffer(value)) return value;
      ctx.addIssue({ code: 'custom', message: 'must be a picture' });
      return z.NEVER;
    })
    .meta({ type: 'string', format: 'binary', description: 'JPEG, PNG or WebP, as the body itself.' }),
);
export const FrameQuery = z.object({
  number: z.coerce.number('must be a number').meta({ description: 'From `nextFrame` on.' }),
  capturedTime: z.coerce
    .number('must be a number')
    .int('must be whole')
    .min(0, 'must not be negative')
    .max(8_640_000_000_000_000, 'must be a time')
    .optional()
    .meta({ description: 'By the client’s own clock, UTC milliseconds. A claim.' }),
});
export const ApprovalRequest = named(
  'ApprovalRequest',
  z.object({ note: z.string('must be a string').max(2000, 'must have at most 2000 characters') }),
);
export const Heartbeat = named(
  'Heartbeat',
  z.object({
    clientTime: z.iso.datetime('must be a time').optional(),
    visible: z.boolean('must be true or false'),
    camera: words(cameraState.names),
  }),
);

const remarks = {
  reasons: z.array(z.string()).meta({ description: 'Codes.' }),
  advice: z.array(z.string()).meta({ description: 'Codes.' }),
  words: z.array(z.string()).meta({ description: 'Reasons and advice, by `Accept-Language`: en, el.' }),
};
const verification = z.object({
  state: z.enum(verificationState.names).nullable(),
  expireTime: time,
  approvalRequested: z.boolean(),
});
const admission = z.object({
  admitted: z.boolean(),
  state: z.enum(admissionState.names).nullable(),
  reason: z.enum(admissionReason.names).nullable(),
});
const milliseconds = z.int().meta({ description: 'Milliseconds.' });

export const Capture = named(
  'Capture',
  z.object({
    exam: z.object({
      id: z.string(),
      displayName: z.string(),
      state: z.enum(examState.names).nullable(),
      startTime: time,
      endTime: time,
    }),
    consent: z.object({ needed: z.boolean(), policies: z.array(consentPolicy) }),
    reference: z.object({
      state: z.enum(referenceState.names).nullable(),
      pictures: z.int(),
      wanted: z.int(),
      replacementExpireTime: time.meta({
        description: 'Until when staff let the face be enrolled anew, before the next identification.',
      }),
    }),
    verification,
    challenge: z.object({ required: z.boolean(), passed: z.boolean() }),
    session: z.object({ id: z.string() }).nullable(),
    frameIntervalMs: milliseconds,
    heartbeatIntervalMs: milliseconds,
    graceMs: milliseconds,
    admission,
  }),
);
export const ChallengePath = z.object({ exam: id, challenge: id });
export const StartedChallenge = named(
  'StartedChallenge',
  z.object({
    challenge: z.string(),
    steps: z.array(z.enum(challengeStep.names).nullable()),
    expireTime: time,
  }),
);
export const ChallengeAnswer = named(
  'ChallengeAnswer',
  z.object({
    state: z.enum(challengeState.names).nullable(),
    step: z
      .int()
      .meta({ description: 'Which of `steps` comes next, from 0; their number when all are done.' }),
    steps: z.array(z.enum(challengeStep.names).nullable()),
    progress: z.number().meta({ description: '0 to 1.' }),
    expireTime: time,
    ...remarks,
  }),
);
export const FaceAssessment = named(
  'FaceAssessment',
  z.object({
    usable: z.boolean().meta({ description: 'Whether the picture could be enrolled, whosever it is.' }),
    faces: z.int(),
    ...remarks,
    box: z
      .object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
      .nullable()
      .meta({ description: 'Of the most prominent face, pixels.' }),
    pose: z
      .object({ yaw: z.number(), pitch: z.number(), roll: z.number() })
      .nullable()
      .meta({ description: 'Degrees. Yaw is negative when the nose points to the right of the picture.' }),
  }),
);
export const EnrolledPicture = named(
  'EnrolledPicture',
  z.object({
    accepted: z.boolean(),
    complete: z.boolean(),
    pictures: z.int(),
    wanted: z.int(),
    ...remarks,
  }),
);
export const Identification = named(
  'Identification',
  z.object({
    outcome: z.enum(comparisonOutcome.names).nullable(),
    score: z.number(),
    threshold: z.number(),
    verification,
    attemptsLeft: z.int(),
    ...remarks,
  }),
);
export const Verification = named('Verification', verification);
export const JoinedExam = named(
  'JoinedExam',
  z.object({
    session: z.string(),
    frameIntervalMs: milliseconds,
    heartbeatIntervalMs: milliseconds,
    nextFrame: z.int(),
  }),
);
export const FrameAnswer = named(
  'FrameAnswer',
  z.object({
    number: z.int(),
    outcome: z.enum(comparisonOutcome.names).nullable(),
    ...remarks,
    nextFrame: z.int().meta({ description: 'The first frame number that is not committed.' }),
    admission,
  }),
);
export const HeartbeatAnswer = named('HeartbeatAnswer', z.object({ serverTime: time, admission }));
