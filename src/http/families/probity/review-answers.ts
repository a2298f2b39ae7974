import type { z } from 'zod';
import type { Exam } from '../../../grpc/gen/probity/exams/v1/exam_service.js';
import type { ProctoringSession } from '../../../grpc/gen/probity/exams/v1/proctoring_service.js';
import type {
  GetStudentTimelineResponse,
  ReviewStudent,
  TimelineEntry,
  WatchExamResponse,
} from '../../../grpc/gen/probity/exams/v1/review_service.js';
import type { ServerEvent } from '../../family.js';
import { alertAnswer, orNull, time } from './answers.js';
import type * as schemas from './review-schemas.js';
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

type Answer<S extends z.ZodType> = z.input<S>;
type Duration = Exam['duration'];

const milliseconds = (duration: Duration): number =>
  duration ? Number(duration.seconds) * 1000 + duration.nanos / 1_000_000 : 0;

export function examAnswer(exam: Exam): Answer<typeof schemas.Exam> {
  return {
    name: exam.name,
    displayName: exam.displayName,
    type: examType.fromCore(exam.type),
    state: examState.fromCore(exam.state),
    scheduleTime: time(exam.scheduleTime),
    durationMinutes: milliseconds(exam.duration) / 60_000,
    startTime: time(exam.startTime),
    endTime: time(exam.endTime),
    frameIntervalMs: milliseconds(exam.monitoring?.frameInterval),
  };
}

export function studentAnswer(student: ReviewStudent): Answer<typeof schemas.Student> {
  return {
    user: student.user,
    email: student.email,
    givenName: student.givenName,
    familyName: student.familyName,
    verification: verificationState.fromCore(student.verification),
    method: verificationMethod.fromCore(student.method),
    verifyTime: time(student.verifyTime),
    approvalRequest: orNull(student.approvalRequest),
    session: student.session ? sessionAnswer(student.session) : null,
    lastFrameTime: time(student.lastFrameTime),
    lastHeartbeatTime: time(student.lastHeartbeatTime),
    alerts: student.alerts.map((each) => ({
      type: alertType.fromCore(each.type),
      count: each.count,
      open: each.openCount,
      undecided: each.undecidedCount,
      confirmed: each.confirmedCount,
    })),
    undecided: student.alerts.reduce((sum, each) => sum + each.undecidedCount, 0),
    admission: admissionState.fromCore(student.admission),
    admissionReason: admissionReason.fromCore(student.admissionReason),
  };
}

function sessionAnswer(session: ProctoringSession) {
  return {
    name: session.name,
    joinTime: time(session.joinTime),
    leaveTime: time(session.leaveTime),
    frameCount: session.frameCount,
    confidence: session.identity?.confidence ?? null,
  };
}

export function timelineAnswer(timeline: GetStudentTimelineResponse): Answer<typeof schemas.Timeline> {
  if (!timeline.student) throw new Error('the core answered a timeline of nobody');
  return {
    student: studentAnswer(timeline.student),
    entries: timeline.entries.map(entryAnswer),
    people: timeline.people,
    nextPageToken: timeline.nextPageToken,
  };
}

type Entry = Answer<typeof schemas.Timeline>['entries'][number];

const NOTHING = {
  ...{ kind: null, attempt: null, session: null, frame: null, alert: null, decision: null, approval: null },
} satisfies Partial<Entry>;

function entryAnswer(entry: TimelineEntry): Entry {
  return { ...NOTHING, time: time(entry.time), ...what(entry) };
}

function what({ what: happened }: TimelineEntry): Partial<Entry> {
  switch (happened?.$case) {
    case 'attempt': {
      const { outcome: found, score = null, threshold = null, model } = happened.value;
      const attempt = { outcome: outcome.fromCore(found), score, threshold, model: orNull(model) };
      return { kind: 'ATTEMPT', attempt };
    }
    case 'session':
      return { kind: 'SESSION', session: sessionAnswer(happened.value) };
    case 'frame': {
      const {
        session,
        frame,
        score = null,
        threshold,
        model,
        reasons,
        faceCount = null,
        ...of
      } = happened.value;
      return {
        kind: 'FRAME',
        frame: {
          ...{ session, frame, outcome: outcome.fromCore(of.outcome), score, threshold },
          ...{ model: orNull(model), reasons, faces: faceCount },
          anomalies: of.anomalies.flatMap((each) => captureAnomaly.fromCore(each) ?? []),
        },
      };
    }
    case 'alert':
      return { kind: 'ALERT', alert: alertAnswer(happened.value) };
    case 'decision': {
      const { alert, decision, note, decidedBy } = happened.value;
      return {
        kind: 'DECISION',
        decision: {
          ...{ alert, decision: alertDecision.fromCore(decision) },
          ...{ note: orNull(note), decidedBy: orNull(decidedBy) },
        },
      };
    }
    case 'approval': {
      const { step, note, by } = happened.value;
      const approval = { step: approvalStep.fromCore(step), note: orNull(note), by: orNull(by) };
      return { kind: 'APPROVAL', approval };
    }
    default:
      return {};
  }
}

/** What the core tells of an exam, as server-sent events. */
export async function* eventAnswers(stream: AsyncIterable<WatchExamResponse>): AsyncGenerator<ServerEvent> {
  for await (const { number, what: happened } of stream) {
    const id = String(number);
    switch (happened?.$case) {
      case 'opened':
        yield { id, event: 'open', data: happened.value };
        break;
      case 'alert': {
        const { alert, student } = happened.value;
        const data = { alert: alert && alertAnswer(alert), student: student ? studentAnswer(student) : null };
        yield { id, event: 'alert', data };
        break;
      }
      case 'student':
        yield { id, event: 'student', data: { student: studentAnswer(happened.value) } };
        break;
      case 'exam':
        yield { id, event: 'exam', data: { exam: examAnswer(happened.value) } };
        break;
      default: // Of a newer core, which says nothing to this façade.
    }
  }
}
