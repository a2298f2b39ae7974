import { z } from 'zod';
import { named } from '../../family.js';
import { Alert, time } from './schemas.js';
import {
  admissionReason,
  admissionState,
  alertDecision,
  alertType,
  approvalStep,
  captureAnomaly,
  examState,
  examType,
  outcome,
  verificationMethod,
  verificationState,
} from './words.js';

/* What a reviewer sees, and decides. In the manner of `schemas.ts`. */

const id = z.string().min(1).max(100);
export const StudentPath = z.object({ exam: id, user: id });

const exam = z.object({
  name: z.string(),
  displayName: z.string(),
  type: z.enum(examType.names).nullable(),
  state: z.enum(examState.names).nullable(),
  scheduleTime: time,
  durationMinutes: z.number(),
  startTime: time,
  endTime: time,
  frameIntervalMs: z.number(),
});
export const Exam = named('Exam', exam);
export const Exams = named(
  'Exams',
  z.object({
    exams: z.array(
      z.object({
        exam,
        undecided: z.int().meta({ description: 'Alerts on which nobody decided yet.' }),
        approvalRequests: z.int().meta({ description: 'Students who wait to be approved by hand.' }),
      }),
    ),
    nextPageToken: z.string(),
  }),
);

const session = z.object({
  name: z.string(),
  joinTime: time,
  leaveTime: time,
  frameCount: z.int(),
  confidence: z.number().nullable().meta({
    description: 'How sure it is that it is the student, 0 to 1: a summary, not a measured probability.',
  }),
});
const student = z.object({
  user: z.string(),
  email: z.string(),
  givenName: z.string(),
  familyName: z.string(),
  verification: z.enum(verificationState.names).nullable(),
  method: z.enum(verificationMethod.names).nullable(),
  verifyTime: time,
  approvalRequest: z.string().nullable(),
  session: session.nullable(),
  lastFrameTime: time,
  lastHeartbeatTime: time,
  alerts: z.array(
    z.object({
      type: z.enum(alertType.names).nullable(),
      count: z.int(),
      open: z.int(),
      undecided: z.int(),
      confirmed: z.int(),
    }),
  ),
  undecided: z.int().meta({ description: 'Alerts of any kind on which nobody decided yet.' }),
  admission: z.enum(admissionState.names).nullable(),
  admissionReason: z.enum(admissionReason.names).nullable(),
});
export const Student = named('ReviewStudent', student);
export const Students = named(
  'ReviewStudents',
  z.object({
    students: z.array(student),
    nextPageToken: z.string(),
    lastEventId: z.string().meta({ description: 'What the stream of events tells after it is new.' }),
  }),
);

const score = z.number().nullable();
export const Timeline = named(
  'StudentTimeline',
  z.object({
    student,
    entries: z.array(
      z.object({
        time,
        kind: z.enum(['ATTEMPT', 'SESSION', 'FRAME', 'ALERT', 'DECISION', 'APPROVAL']).nullable(),
        attempt: z
          .object({
            outcome: z.enum(outcome.names).nullable(),
            score,
            threshold: score,
            model: z.string().nullable(),
          })
          .nullable()
          .meta({ description: 'The student tried to prove who they are.' }),
        session: session.nullable().meta({ description: 'The student joined.' }),
        frame: z
          .object({
            session: z.string(),
            frame: z.int(),
            outcome: z.enum(outcome.names).nullable(),
            score,
            threshold: score,
            model: z.string().nullable(),
            reasons: z.array(z.string()),
            faces: z.int().nullable(),
            anomalies: z.array(z.enum(captureAnomaly.names)),
          })
          .nullable()
          .meta({ description: 'A frame did not match.' }),
        alert: Alert.nullable(),
        decision: z
          .object({
            alert: z.string(),
            decision: z.enum(alertDecision.names).nullable(),
            note: z.string().nullable(),
            decidedBy: z.string().nullable(),
          })
          .nullable()
          .meta({ description: 'A person decided on an alert; a later decision is another entry.' }),
        approval: z
          .object({
            step: z.enum(approvalStep.names).nullable(),
            note: z.string().nullable(),
            by: z.string().nullable(),
          })
          .nullable(),
      }),
    ),
    people: z
      .array(z.object({ user: z.string(), displayName: z.string() }))
      .meta({ description: 'Who decided and approved, on this page.' }),
    nextPageToken: z.string(),
  }),
);

export const DecideApproval = named(
  'StudentApproval',
  z.object({
    approve: z.boolean('must be true or false'),
    note: z.string().max(2000, 'must have at most 2000 characters').optional(),
  }),
);

export const OpenEvent = named(
  'OpenEvent',
  z
    .object({ after: z.int() })
    .meta({ description: 'The stream is open; what comes after this event follows.' }),
);
export const AlertEvent = named(
  'AlertEvent',
  z.object({ alert: Alert, student: student.nullable() }).meta({
    description: 'An alert began, ended or was decided on, as it now is.',
  }),
);
export const StudentEvent = named(
  'StudentEvent',
  z.object({ student }).meta({ description: 'A student changed otherwise, as they now are.' }),
);
export const ExamEvent = named(
  'ExamEvent',
  z.object({ exam }).meta({ description: 'The exam, or who sits it, changed: list its students again.' }),
);
