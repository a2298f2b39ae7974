import { Outcome } from '../../../src/grpc/gen/probity/biometrics/v1/finding.js';
import {
  Exam,
  ExamState,
  ExamType,
  VerificationState,
} from '../../../src/grpc/gen/probity/exams/v1/exam_service.js';
import { VerificationMethod } from '../../../src/grpc/gen/probity/exams/v1/identification_service.js';
import { CaptureAnomaly } from '../../../src/grpc/gen/probity/exams/v1/monitor_service.js';
import {
  AlertDecision,
  AlertType,
  type Alert,
} from '../../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import { AdmissionReason, AdmissionState } from '../../../src/grpc/gen/probity/exams/v1/admission.js';
import {
  ApprovalStep,
  GetStudentTimelineResponse,
  ReviewStudent,
  type WatchExamResponse,
} from '../../../src/grpc/gen/probity/exams/v1/review_service.js';

const TIME = new Date('2026-11-20T08:30:00.000Z');
const ISO = '2026-11-20T08:30:00.000Z';

const exam = Exam.fromPartial({
  name: 'exams/12',
  displayName: 'Algebra',
  type: ExamType.EXAM_TYPE_WRITTEN,
  state: ExamState.EXAM_STATE_STARTED,
  scheduleTime: TIME,
  duration: { seconds: 5400n },
  monitoring: { frameInterval: { seconds: 2n, nanos: 500_000_000 } },
  startTime: TIME,
});
export const examAnswer = {
  ...{ name: 'exams/12', displayName: 'Algebra', type: 'WRITTEN', state: 'STARTED', scheduleTime: ISO },
  ...{ durationMinutes: 90, startTime: ISO, endTime: null, frameIntervalMs: 2500 },
};
export const student = ReviewStudent.fromPartial({
  ...{ user: 'users/u1', email: 'ada@ucy.ac.cy', givenName: 'Ada', familyName: 'Lovelace' },
  verification: VerificationState.VERIFICATION_STATE_VERIFIED,
  method: VerificationMethod.VERIFICATION_METHOD_STAFF,
  verifyTime: TIME,
  session: {
    ...{ name: 'exams/12/sessions/s1', user: 'users/u1', joinTime: TIME, frameCount: 7 },
    identity: { confidence: 0.99 },
  },
  lastFrameTime: TIME,
  admission: AdmissionState.ADMISSION_STATE_PAUSED,
  admissionReason: AdmissionReason.ADMISSION_REASON_OTHER_PERSON,
  alerts: [
    { type: AlertType.ALERT_TYPE_NO_FACE, count: 3, openCount: 1, undecidedCount: 2, confirmedCount: 1 },
    { type: AlertType.ALERT_TYPE_SEVERAL_FACES, count: 1, undecidedCount: 1 },
  ],
});
const sessionAnswer = {
  ...{ name: 'exams/12/sessions/s1', joinTime: ISO, leaveTime: null, frameCount: 7, confidence: 0.99 },
};
export const studentAnswer = {
  ...{ user: 'users/u1', email: 'ada@ucy.ac.cy', givenName: 'Ada', familyName: 'Lovelace' },
  ...{ verification: 'VERIFIED', method: 'STAFF', verifyTime: ISO, approvalRequest: null },
  ...{ session: sessionAnswer, lastFrameTime: ISO, lastHeartbeatTime: null },
  alerts: [
    { type: 'NO_FACE', count: 3, open: 1, undecided: 2, confirmed: 1 },
    { type: 'SEVERAL_FACES', count: 1, open: 0, undecided: 1, confirmed: 0 },
  ],
  undecided: 3,
  admission: 'PAUSED',
  admissionReason: 'OTHER_PERSON',
};

const NOTHING = {
  ...{ attempt: null, session: null, frame: null, alert: null, decision: null, approval: null },
};

/** What `WatchExam` tells of one alert, one student and the exam. */
export function told(alert: Alert): WatchExamResponse[] {
  return [
    { number: 4, what: { $case: 'opened', value: { after: 4 } } },
    { number: 5, what: { $case: 'alert', value: { alert, student } } },
    { number: 6, what: { $case: 'alert', value: { alert, student: undefined } } },
    { number: 7, what: { $case: 'student', value: student } },
    { number: 8, what: { $case: 'exam', value: exam } },
  ];
}

/** Pairs of the rows for who reviews. */
export const reviewPairs = (alert: Alert, alertAnswer: unknown) => [
  {
    id: 'listExams',
    path: '/exams?pageSize=5&pageToken=p',
    asks: ['reviews.listReviews', { pageSize: 5, pageToken: 'p' }] as [string, object],
    says: { reviews: [{ exam, undecidedCount: 3, approvalRequestCount: 1 }], nextPageToken: 'q' },
    answer: { exams: [{ exam: examAnswer, undecided: 3, approvalRequests: 1 }], nextPageToken: 'q' },
  },
  {
    id: 'getExam',
    path: '/exams/12',
    asks: ['exams.getExam', { name: 'exams/12' }] as [string, object],
    says: exam,
    answer: examAnswer,
  },
  {
    id: 'listStudents',
    path: '/exams/12/students?pageSize=5&pageToken=p',
    asks: ['reviews.listReviewStudents', { exam: 'exams/12', pageSize: 5, pageToken: 'p' }] as [
      string,
      object,
    ],
    says: {
      students: [student, ReviewStudent.fromPartial({ user: 'users/u2' })],
      nextPageToken: 'q',
      lastEvent: 9,
    },
    answer: {
      students: [
        studentAnswer,
        {
          ...{ user: 'users/u2', email: '', givenName: '', familyName: '', verification: null, method: null },
          ...{ verifyTime: null, approvalRequest: null, session: null, lastFrameTime: null },
          ...{ lastHeartbeatTime: null, alerts: [], undecided: 0 },
          ...{ admission: null, admissionReason: null },
        },
      ],
      nextPageToken: 'q',
      lastEventId: '9',
    },
  },
  {
    id: 'getTimeline',
    path: '/exams/12/students/u1/timeline?pageSize=5&pageToken=p',
    asks: [
      'reviews.getStudentTimeline',
      { exam: 'exams/12', user: 'users/u1', pageSize: 5, pageToken: 'p' },
    ] as [string, object],
    says: GetStudentTimelineResponse.fromPartial({
      student,
      entries: [
        {
          time: TIME,
          what: {
            $case: 'attempt',
            value: { outcome: Outcome.OUTCOME_NO_MATCH, score: 0.1, threshold: 0.4, model: 'm/1' },
          },
        },
        { time: TIME, what: { $case: 'attempt', value: { outcome: Outcome.OUTCOME_INCONCLUSIVE } } },
        { time: TIME, what: { $case: 'session', value: student.session } },
        {
          time: TIME,
          what: {
            $case: 'frame',
            value: {
              ...{ session: 'exams/12/sessions/s1', frame: 3, outcome: Outcome.OUTCOME_INCONCLUSIVE },
              ...{ threshold: 0.4, model: 'm/1', reasons: ['No face.'], faceCount: 0 },
              anomalies: [CaptureAnomaly.CAPTURE_ANOMALY_SAME_BYTES],
            },
          },
        },
        { time: TIME, what: { $case: 'alert', value: alert } },
        {
          time: TIME,
          what: {
            $case: 'decision',
            value: {
              ...{ alert: alert.name, decision: AlertDecision.ALERT_DECISION_DISMISSED },
              ...{ note: 'a passer-by', decidedBy: 'users/u2' },
            },
          },
        },
        {
          time: TIME,
          what: {
            $case: 'approval',
            value: { step: ApprovalStep.APPROVAL_STEP_REQUESTED, note: 'no camera' },
          },
        },
      ],
      people: [{ user: 'users/u2', displayName: 'Maria Example' }],
      nextPageToken: 'q',
    }),
    answer: {
      student: studentAnswer,
      entries: [
        {
          ...NOTHING,
          ...{ time: ISO, kind: 'ATTEMPT' },
          attempt: { outcome: 'NO_MATCH', score: 0.1, threshold: 0.4, model: 'm/1' },
        },
        {
          ...NOTHING,
          ...{ time: ISO, kind: 'ATTEMPT' },
          attempt: { outcome: 'INCONCLUSIVE', score: null, threshold: null, model: null },
        },
        { ...NOTHING, time: ISO, kind: 'SESSION', session: sessionAnswer },
        {
          ...NOTHING,
          ...{ time: ISO, kind: 'FRAME' },
          frame: {
            ...{ session: 'exams/12/sessions/s1', frame: 3, outcome: 'INCONCLUSIVE', score: null },
            ...{ threshold: 0.4, model: 'm/1', reasons: ['No face.'], faces: 0, anomalies: ['SAME_BYTES'] },
          },
        },
        { ...NOTHING, time: ISO, kind: 'ALERT', alert: alertAnswer },
        {
          ...NOTHING,
          ...{ time: ISO, kind: 'DECISION' },
          decision: { alert: alert.name, decision: 'DISMISSED', note: 'a passer-by', decidedBy: 'users/u2' },
        },
        {
          ...NOTHING,
          ...{ time: ISO, kind: 'APPROVAL' },
          approval: { step: 'REQUESTED', note: 'no camera', by: null },
        },
      ],
      people: [{ user: 'users/u2', displayName: 'Maria Example' }],
      nextPageToken: 'q',
    },
  },
  {
    id: 'decideApproval',
    path: '/exams/12/students/u1/approval',
    body: { approve: true, note: 'known to me' },
    asks: [
      'reviews.decideApproval',
      { exam: 'exams/12', user: 'users/u1', approve: true, note: 'known to me' },
    ] as [string, object],
    says: student,
    answer: studentAnswer,
  },
  {
    // What it answers is no JSON: `events.test.ts` reads it.
    id: 'watchExam',
    path: '/exams/12/events',
    asks: ['reviews.watchExam', { exam: 'exams/12' }] as [string, object],
    says: told(alert),
    answer: undefined,
  },
];
