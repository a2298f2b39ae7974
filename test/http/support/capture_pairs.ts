import { Outcome, Remark } from '../../../src/grpc/gen/probity/biometrics/v1/finding.js';
import { Modality } from '../../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import { Purpose } from '../../../src/grpc/gen/probity/compliance/v1/consent_service.js';
import {
  CameraState,
  Capture,
  ChallengeState,
  ChallengeStep,
  Challenge,
  ReferenceState,
} from '../../../src/grpc/gen/probity/exams/v1/capture_service.js';
import { ExamState, VerificationState } from '../../../src/grpc/gen/probity/exams/v1/exam_service.js';
import { Verification } from '../../../src/grpc/gen/probity/exams/v1/identification_service.js';
import { CaptureAnomaly } from '../../../src/grpc/gen/probity/exams/v1/monitor_service.js';
import { AdmissionReason, AdmissionState } from '../../../src/grpc/gen/probity/exams/v1/admission.js';
import type { Pair } from './pair.js';

const TIME = new Date('2026-11-20T08:30:00.000Z');
const ISO = '2026-11-20T08:30:00.000Z';
const PICTURE = Buffer.from([0xff, 0xd8, 0xff, 0x00, 0x80]);
const JPEG = { 'content-type': 'image/jpeg' };
const GREEK = { ...JPEG, 'accept-language': 'el-GR,el;q=0.9,en;q=0.8' };

const ADMISSION = {
  admitted: false,
  state: AdmissionState.ADMISSION_STATE_PAUSED,
  reason: AdmissionReason.ADMISSION_REASON_CAMERA_LOST,
};
const admissionAnswer = { admitted: false, state: 'PAUSED', reason: 'CAMERA_LOST' };
const verification = Verification.fromPartial({
  exam: 'exams/12',
  user: 'users/u1',
  state: VerificationState.VERIFICATION_STATE_VERIFIED,
  expireTime: TIME,
  attemptsLeft: 5,
});
const verificationAnswer = { state: 'VERIFIED', expireTime: ISO, approvalRequested: false };
const capture = Capture.fromPartial({
  exam: 'exams/12',
  displayName: 'Algebra',
  state: ExamState.EXAM_STATE_STARTED,
  startTime: TIME,
  consentNeeded: true,
  referenceState: ReferenceState.REFERENCE_STATE_INCOMPLETE,
  referencePictures: 1,
  referenceWanted: 2,
  verification,
  session: 'exams/12/sessions/s1',
  nextFrame: 7,
  frameInterval: { seconds: 2n, nanos: 500_000_000 },
  heartbeatInterval: { seconds: 1n, nanos: 0 },
  grace: { seconds: 60n, nanos: 0 },
  challengeRequired: true,
  admission: ADMISSION,
  replacementExpireTime: TIME,
});
const challenge = Challenge.fromPartial({
  name: 'exams/12/challenges/c1',
  steps: [ChallengeStep.CHALLENGE_STEP_LOOK_STRAIGHT, ChallengeStep.CHALLENGE_STEP_TURN_LEFT],
  state: ChallengeState.CHALLENGE_STATE_OPEN,
  step: 1,
  progress: 0.5,
  expireTime: TIME,
  remarks: [Remark.REMARK_TURN_FURTHER],
});
const policy = (modality: Modality, languageCode: string) => ({
  ...{ modality, purpose: Purpose.PURPOSE_EXAM_IDENTITY, version: '1', languageCode },
  text: languageCode === 'el' ? 'Συμφωνώ.' : 'I agree.',
});

/** Requests of the page that captures a student. */
export const CAPTURE_PAIRS: Pair[] = [
  {
    id: 'getCapture',
    path: '/exams/12/capture',
    headers: { 'accept-language': 'el' },
    asks: ['capture.getCapture', { exam: 'exams/12' }],
    says: capture,
    also: {
      'consents.listPolicies': ({ languageCode }: { languageCode: string }) => ({
        policies: [policy(Modality.MODALITY_VOICE, ''), policy(Modality.MODALITY_FACE, languageCode)],
      }),
    },
    answer: {
      exam: { id: '12', displayName: 'Algebra', state: 'STARTED', startTime: ISO, endTime: null },
      consent: {
        needed: true,
        policies: [{ modality: 'FACE', purpose: 'EXAM_IDENTITY', version: '1', text: 'Συμφωνώ.' }],
      },
      reference: { state: 'INCOMPLETE', pictures: 1, wanted: 2, replacementExpireTime: ISO },
      verification: verificationAnswer,
      challenge: { required: true, passed: false },
      session: { id: 's1' },
      frameIntervalMs: 2500,
      heartbeatIntervalMs: 1000,
      graceMs: 60_000,
      admission: admissionAnswer,
    },
  },
  {
    id: 'assessFace',
    path: '/face-assessments',
    body: PICTURE,
    headers: JPEG,
    asks: ['faces.assessFace', { image: PICTURE }],
    says: {
      finding: {
        faceCount: 1,
        faces: [{ box: { x: 1, y: 2, width: 30, height: 40 }, score: 0.9, counts: true }],
        pose: { yaw: -3, pitch: 1, roll: 0 },
      },
      usable: false,
      remarks: [Remark.REMARK_QUALITY_TOO_LOW, Remark.REMARK_MOVE_CLOSER],
    },
    answer: {
      usable: false,
      faces: 1,
      reasons: ['QUALITY_TOO_LOW'],
      advice: ['MOVE_CLOSER'],
      words: ['The picture is not good enough.', 'Move closer.'],
      box: { x: 1, y: 2, width: 30, height: 40 },
      pose: { yaw: -3, pitch: 1, roll: 0 },
    },
  },
  {
    id: 'enrolFacePicture',
    path: '/references/face/pictures',
    body: PICTURE,
    headers: GREEK,
    asks: ['references.enrolFace', { user: 'users/me', images: [PICTURE] }],
    says: {
      reference: { complete: false, templateCount: 1 },
      images: [{ accepted: false, reasons: [], remarks: [Remark.REMARK_ANOTHER_PERSON] }],
      requiredTemplateCount: 2,
    },
    answer: {
      accepted: false,
      complete: false,
      pictures: 1,
      wanted: 2,
      reasons: ['ANOTHER_PERSON'],
      advice: [],
      words: ['Δεν φαίνεται να είναι το ίδιο πρόσωπο με τις εικόνες που έχουν ήδη καταχωριστεί.'],
    },
  },
  {
    id: 'startChallenge',
    path: '/exams/12/challenges',
    asks: ['capture.startChallenge', { exam: 'exams/12' }],
    says: challenge,
    status: 201,
    answer: { challenge: 'c1', steps: ['LOOK_STRAIGHT', 'TURN_LEFT'], expireTime: ISO },
  },
  {
    id: 'sendChallengeFrame',
    path: '/exams/12/challenges/c1/frames',
    body: PICTURE,
    headers: GREEK,
    asks: ['capture.sendChallengeFrame', { challenge: 'exams/12/challenges/c1', image: PICTURE }],
    says: challenge,
    answer: {
      state: 'OPEN',
      step: 1,
      steps: ['LOOK_STRAIGHT', 'TURN_LEFT'],
      progress: 0.5,
      expireTime: ISO,
      reasons: [],
      advice: ['TURN_FURTHER'],
      words: ['Γυρίστε λίγο περισσότερο το κεφάλι σας.'],
    },
  },
  {
    id: 'identifyForExam',
    path: '/exams/12/identification',
    body: PICTURE,
    headers: { ...JPEG, 'accept-language': 'fr' },
    asks: ['identification.identifyStudent', { exam: 'exams/12', image: PICTURE }],
    says: {
      comparison: {
        outcome: Outcome.OUTCOME_INCONCLUSIVE,
        ...{ score: 0, threshold: 0.4, model: 'm/1', reasons: ['x'] },
        remarks: [Remark.REMARK_NO_FACE, Remark.REMARK_SHOW_FACE],
      },
      verification: {
        ...verification,
        state: VerificationState.VERIFICATION_STATE_APPROVAL_REQUESTED,
        approvalRequested: true,
      },
    },
    answer: {
      outcome: 'INCONCLUSIVE',
      score: 0,
      threshold: 0.4,
      verification: { state: 'APPROVAL_REQUESTED', expireTime: ISO, approvalRequested: true },
      attemptsLeft: 5,
      reasons: ['NO_FACE'],
      advice: ['SHOW_FACE'],
      words: ['There is no face in the picture.', 'Show your face to the camera.'],
    },
  },
  {
    id: 'requestApproval',
    path: '/exams/12/approval-request',
    body: { note: 'My camera is broken.' },
    asks: [
      'identification.requestApproval',
      { exam: 'exams/12', approvalType: 'MANUAL', note: 'My camera is broken.' },
    ],
    says: verification,
    answer: verificationAnswer,
  },
  {
    id: 'joinExam',
    path: '/exams/12/join',
    asks: ['proctoring.joinExam', { exam: 'exams/12' }],
    says: { name: 'exams/12/sessions/s1' },
    also: { 'capture.getCapture': () => capture },
    answer: { session: 's1', frameIntervalMs: 2500, heartbeatIntervalMs: 1000, nextFrame: 7 },
  },
  {
    id: 'leaveExam',
    path: '/exams/12/leave',
    asks: ['proctoring.leaveExam', { exam: 'exams/12' }],
    says: { name: 'exams/12/sessions/s1' },
    status: 204,
    answer: undefined,
  },
  {
    id: 'sendFrame',
    path: `/exams/12/frames?number=7&capturedTime=${TIME.getTime()}`,
    body: PICTURE,
    headers: { ...JPEG, 'accept-language': 'el' },
    asks: [
      'capture.sendFrame',
      { exam: 'exams/12', frame: { number: 7, image: PICTURE, captureTime: TIME } },
    ],
    says: {
      finding: {
        frame: 7,
        comparison: {
          ...{ outcome: Outcome.OUTCOME_INCONCLUSIVE, score: 0, threshold: 0.4, model: '', reasons: [] },
          remarks: [Remark.REMARK_NO_FACE, Remark.REMARK_SHOW_FACE],
        },
        anomalies: [CaptureAnomaly.CAPTURE_ANOMALY_SAME_BYTES],
      },
      nextFrame: 8,
      admission: ADMISSION,
    },
    answer: {
      number: 7,
      outcome: 'INCONCLUSIVE',
      reasons: ['NO_FACE', 'SAME_BYTES'],
      advice: ['SHOW_FACE'],
      words: [
        'Δεν φαίνεται πρόσωπο στην εικόνα.',
        'Δείξτε το πρόσωπό σας στην κάμερα.',
        'Η ίδια ακριβώς εικόνα είχε σταλεί και πριν.',
      ],
      nextFrame: 8,
      admission: admissionAnswer,
    },
  },
  {
    id: 'recordHeartbeat',
    path: '/exams/12/heartbeats',
    body: { clientTime: ISO, visible: false, camera: 'LOST', lastFrame: 6 },
    asks: [
      'capture.recordHeartbeat',
      { exam: 'exams/12', clientTime: TIME, visible: false, camera: CameraState.CAMERA_STATE_LOST },
    ],
    says: { serverTime: TIME, admission: ADMISSION },
    answer: { serverTime: ISO, admission: admissionAnswer },
  },
];
