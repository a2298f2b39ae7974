import type { Duration } from '../../../../grpc/gen/google/protobuf/duration.js';
import type { Admission } from '../../../../grpc/gen/probity/exams/v1/capture_service.js';
import type { Verification } from '../../../../grpc/gen/probity/exams/v1/identification_service.js';
import { VerificationState } from '../../../../grpc/gen/probity/exams/v1/exam_service.js';
import { pictureBody } from '../../../body.js';
import { operation, type Operation } from '../../../family.js';
import { policyAnswer, time } from '../answers.js';
import * as schemas from '../capture-schemas.js';
import { ExamPath } from '../schemas.js';
import { anomaliesAnswer, LANGUAGES, remarksAnswer } from '../sentences.js';
import {
  admissionReason,
  admissionState,
  cameraState,
  challengeState,
  challengeStep,
  comparisonOutcome,
  examState,
  modality,
  referenceState,
  verificationState,
} from '../words.js';

const TAG = 'Capture';
const ERRORS = [400, 401, 403, 404, 405, 409, 500];
const WITH_BODY = [...ERRORS, 415];

const ofExam = {
  tag: TAG,
  auth: 'token',
  params: ExamPath,
} as const;
const ofPicture = {
  tag: TAG,
  auth: 'token',
  body: schemas.Picture,
  decoder: pictureBody,
} as const;

/** Rows of the page that captures a student, all as the student. */
export const CAPTURE: readonly Operation[] = [
  operation({
    ...ofExam,
    id: 'getCapture',
    method: 'GET',
    path: '/exams/:exam/capture',
    summary: 'What a student has to do before and during an exam, and how far they are',
    status: 200,
    success: 'The checklist',
    answer: schemas.Capture,
    errors: [400, 401, 404, 405, 500],
    async run({ params }, { core, options, language }) {
      const capture = await core.capture.getCapture({ exam: `exams/${params.exam}` }, options);
      const { policies } = await core.consents.listPolicies({ languageCode: language(LANGUAGES) }, options);
      return {
        exam: {
          id: params.exam,
          displayName: capture.displayName,
          state: examState.fromCore(capture.state),
          startTime: time(capture.startTime),
          endTime: time(capture.endTime),
        },
        consent: {
          needed: capture.consentNeeded,
          policies: policies
            .filter((policy) => policy.modality === modality.toCore('FACE'))
            .map(policyAnswer),
        },
        reference: {
          state: referenceState.fromCore(capture.referenceState),
          pictures: capture.referencePictures,
          wanted: capture.referenceWanted,
          replacementExpireTime: time(capture.replacementExpireTime),
        },
        verification: verificationAnswer(capture.verification),
        challenge: { required: capture.challengeRequired, passed: capture.challengePassed },
        session: capture.session === '' ? null : { id: idOf(capture.session) },
        frameIntervalMs: milliseconds(capture.frameInterval),
        heartbeatIntervalMs: milliseconds(capture.heartbeatInterval),
        graceMs: milliseconds(capture.grace),
        admission: admissionAnswer(capture.admission),
      };
    },
  }),
  operation({
    ...ofPicture,
    id: 'assessFace',
    method: 'POST',
    path: '/face-assessments',
    summary: 'Looks at a picture and says what would make it better; nothing is kept',
    status: 200,
    success: 'What was found',
    answer: schemas.FaceAssessment,
    errors: WITH_BODY,
    async run({ body }, { core, options, language }) {
      const { finding, usable, remarks } = await core.faces.assessFace({ image: body }, options);
      return {
        usable,
        faces: finding?.faceCount ?? 0,
        ...remarksAnswer(remarks, language(LANGUAGES)),
        box: finding?.faces[0]?.box ?? null,
        pose: finding?.pose ?? null,
      };
    },
  }),
  operation({
    ...ofPicture,
    id: 'enrolFacePicture',
    method: 'POST',
    path: '/references/face/pictures',
    summary: 'Adds a picture to one’s own face reference',
    fields: { 'images[0]': 'picture' },
    status: 200,
    success: 'What became of it; a picture that is not taken is an answer, and not an error',
    answer: schemas.EnrolledPicture,
    errors: WITH_BODY,
    async run({ body }, { core, options, language }) {
      const request = { user: 'users/me', images: [body] };
      const { reference, images, requiredTemplateCount } = await core.references.enrolFace(request, options);
      return {
        accepted: images[0]?.accepted ?? false,
        complete: reference?.complete ?? false,
        pictures: reference?.templateCount ?? 0,
        wanted: requiredTemplateCount,
        ...remarksAnswer(images[0]?.remarks ?? [], language(LANGUAGES)),
      };
    },
  }),
  operation({
    ...ofExam,
    id: 'startChallenge',
    method: 'POST',
    path: '/exams/:exam/challenges',
    summary: 'Opens an active challenge: movements in random order; an open one is given up',
    status: 201,
    success: 'What is asked for. Left and right are the student’s own; pictures are not mirrored',
    answer: schemas.StartedChallenge,
    errors: [...ERRORS, 429],
    async run({ params }, { core, options }) {
      const challenge = await core.capture.startChallenge({ exam: `exams/${params.exam}` }, options);
      return {
        challenge: idOf(challenge.name),
        steps: challenge.steps.map(challengeStep.fromCore),
        expireTime: time(challenge.expireTime),
      };
    },
  }),
  operation({
    ...ofPicture,
    ...ofExam,
    params: schemas.ChallengePath,
    id: 'sendChallengeFrame',
    method: 'POST',
    path: '/exams/:exam/challenges/:challenge/frames',
    fields: { image: 'picture', challenge: 'challenge' },
    summary: 'Sends a frame of a challenge, each after the answer to the one before',
    status: 200,
    success: 'The challenge, as it stands. Passed, it is good for one identification within two minutes',
    answer: schemas.ChallengeAnswer,
    errors: [...WITH_BODY, 429],
    async run({ params, body }, { core, options, language }) {
      const challenge = `exams/${params.exam}/challenges/${params.challenge}`;
      const answer = await core.capture.sendChallengeFrame({ challenge, image: body }, options);
      return {
        state: challengeState.fromCore(answer.state),
        step: answer.step,
        steps: answer.steps.map(challengeStep.fromCore),
        progress: answer.progress,
        expireTime: time(answer.expireTime),
        ...remarksAnswer(answer.remarks, language(LANGUAGES)),
      };
    },
  }),
  operation({
    ...ofPicture,
    ...ofExam,
    id: 'identifyForExam',
    method: 'POST',
    path: '/exams/:exam/identification',
    summary: 'Compares a picture with one’s reference, and verifies oneself for the exam where it matches',
    status: 200,
    success: 'The comparison, and the verification as it now is',
    answer: schemas.Identification,
    errors: [...WITH_BODY, 429],
    async run({ params, body }, { core, options, language }) {
      const request = { exam: `exams/${params.exam}`, image: body, operatingSystem: '' };
      const { comparison, verification } = await core.identification.identifyStudent(request, options);
      return {
        outcome: comparisonOutcome.fromCore(comparison?.outcome ?? ''),
        score: comparison?.score ?? 0,
        threshold: comparison?.threshold ?? 0,
        verification: verificationAnswer(verification),
        attemptsLeft: verification?.attemptsLeft ?? 0,
        ...remarksAnswer(comparison?.remarks ?? [], language(LANGUAGES)),
      };
    },
  }),
  operation({
    ...ofExam,
    id: 'requestApproval',
    method: 'POST',
    path: '/exams/:exam/approval-request',
    summary: 'Asks staff to approve oneself by hand, without any biometric',
    body: schemas.ApprovalRequest,
    status: 200,
    success: 'The verification as it now is',
    answer: schemas.Verification,
    errors: WITH_BODY,
    async run({ params, body }, { core, options }) {
      const request = { exam: `exams/${params.exam}`, approvalType: 'MANUAL', note: body.note };
      return verificationAnswer(await core.identification.requestApproval(request, options));
    },
  }),
  operation({
    ...ofExam,
    id: 'joinExam',
    method: 'POST',
    path: '/exams/:exam/join',
    summary: 'Joins a started exam, verified; or answers the session that is open',
    status: 200,
    success: 'The session, and how often to send what',
    answer: schemas.JoinedExam,
    errors: ERRORS,
    async run({ params }, { core, options }) {
      const exam = `exams/${params.exam}`;
      const { name } = await core.proctoring.joinExam({ exam }, options);
      const capture = await core.capture.getCapture({ exam }, options);
      return {
        session: idOf(name),
        frameIntervalMs: milliseconds(capture.frameInterval),
        heartbeatIntervalMs: milliseconds(capture.heartbeatInterval),
        nextFrame: capture.nextFrame,
      };
    },
  }),
  operation({
    ...ofExam,
    id: 'leaveExam',
    method: 'POST',
    path: '/exams/:exam/leave',
    summary: 'Leaves an exam that one has joined',
    status: 204,
    success: 'The session has ended',
    errors: ERRORS,
    async run({ params }, { core, options }) {
      await core.proctoring.leaveExam({ exam: `exams/${params.exam}` }, options);
      return undefined;
    },
  }),
  operation({
    ...ofPicture,
    ...ofExam,
    id: 'sendFrame',
    method: 'POST',
    path: '/exams/:exam/frames',
    query: schemas.FrameQuery,
    fields: { 'frame.image': 'picture', 'frame.number': 'number', 'frame.capture_time': 'capturedTime' },
    summary: 'Sends a frame of one’s session',
    status: 200,
    success: 'What was found; it is committed. What was not answered is sent again under its number',
    answer: schemas.FrameAnswer,
    errors: [...WITH_BODY, 429],
    async run({ params, query, body }, { core, options, language }) {
      const { number, capturedTime } = query;
      const captureTime = capturedTime === undefined ? undefined : new Date(capturedTime);
      const frame = { number, image: body, captureTime };
      const request = { exam: `exams/${params.exam}`, frame };
      const { finding, nextFrame, admission } = await core.capture.sendFrame(request, options);
      const remarks = remarksAnswer(finding?.comparison?.remarks ?? [], language(LANGUAGES));
      const anomalies = anomaliesAnswer(finding?.anomalies ?? [], language(LANGUAGES));
      return {
        number: finding?.frame ?? number,
        outcome: comparisonOutcome.fromCore(finding?.comparison?.outcome ?? ''),
        reasons: [...remarks.reasons, ...anomalies.reasons],
        advice: remarks.advice,
        words: [...remarks.words, ...anomalies.words],
        nextFrame,
        admission: admissionAnswer(admission),
      };
    },
  }),
  operation({
    ...ofExam,
    id: 'recordHeartbeat',
    method: 'POST',
    path: '/exams/:exam/heartbeats',
    summary: 'A sign of life of one’s session, every second',
    body: schemas.Heartbeat,
    status: 200,
    success: 'It lives',
    answer: schemas.HeartbeatAnswer,
    errors: WITH_BODY,
    async run({ params, body }, { core, options }) {
      const request = {
        exam: `exams/${params.exam}`,
        clientTime: body.clientTime === undefined ? undefined : new Date(body.clientTime),
        visible: body.visible,
        camera: cameraState.toCore(body.camera),
      };
      const { serverTime, admission } = await core.capture.recordHeartbeat(request, options);
      return { serverTime: time(serverTime), admission: admissionAnswer(admission) };
    },
  }),
];

function verificationAnswer(verification: Verification | undefined) {
  const state = verification?.state ?? VerificationState.VERIFICATION_STATE_UNSPECIFIED;
  return {
    state: verificationState.fromCore(state),
    expireTime: time(verification?.expireTime),
    approvalRequested: verification?.approvalRequested ?? false,
  };
}

function admissionAnswer(admission: Admission | undefined) {
  return {
    admitted: admission?.admitted ?? false,
    state: admissionState.fromCore(admission?.state ?? ''),
    reason: admissionReason.fromCore(admission?.reason ?? ''),
  };
}

/** The last part of a resource name. */
function idOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function milliseconds(duration: Duration | undefined): number {
  return Number(duration?.seconds ?? 0n) * 1000 + Math.round((duration?.nanos ?? 0) / 1_000_000);
}
