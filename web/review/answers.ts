/* What the family `probity` answers a reviewer, as far as this page reads it. */

export type AlertType =
  | 'NO_FACE'
  | 'SEVERAL_FACES'
  | 'DIFFERENT_PERSON'
  | 'SPOOF_SUSPECTED'
  | 'REPLAYED_FRAME'
  | 'REPLAYED_SAMPLE'
  | 'STREAM_INTERRUPTED'
  | 'INCONCLUSIVE_TOO_LONG'
  | 'REFERENCE_CHANGED'
  | 'FORBIDDEN_PROCESS';
export type Decision = 'DISMISSED' | 'CONFIRMED';

export interface Exam {
  /** `exams/12`. */
  name: string;
  displayName: string;
  state: 'UPCOMING' | 'STARTED' | 'COMPLETED' | null;
  scheduleTime: string | null;
  durationMinutes: number;
  startTime: string | null;
  endTime: string | null;
}

export interface ExamInList {
  exam: Exam;
  undecided: number;
  approvalRequests: number;
}

export interface Session {
  joinTime: string | null;
  leaveTime: string | null;
  frameCount: number;
}

export interface AlertCount {
  type: AlertType | null;
  count: number;
  open: number;
  undecided: number;
  confirmed: number;
}

export interface Student {
  /** `users/…`. */
  user: string;
  email: string;
  givenName: string;
  familyName: string;
  verification: 'PENDING' | 'APPROVAL_REQUESTED' | 'VERIFIED' | null;
  method: 'SERVER_MATCH' | 'STAFF' | null;
  verifyTime: string | null;
  approvalRequest: string | null;
  session: Session | null;
  lastFrameTime: string | null;
  alerts: AlertCount[];
  undecided: number;
  admission: 'NOT_IDENTIFIED' | 'IDENTIFIED' | 'MONITORED' | 'APPROVED' | 'PAUSED' | null;
  admissionReason: 'NONE' | 'NOT_YET' | 'EXPIRED' | 'CAPTURE_LOST' | 'CAMERA_LOST' | 'OTHER_PERSON' | null;
}

export interface Students {
  students: Student[];
  nextPageToken: string;
  lastEventId: string;
}

export interface Contribution {
  modality: 'FACE' | 'VOICE' | 'INTERACTION' | null;
  /** Nats. */
  evidence: number;
  observations: number;
  score: number | null;
  threshold: number | null;
  model: string | null;
}

export interface Alert {
  /** `exams/12/alerts/…`. */
  name: string;
  user: string;
  type: AlertType | null;
  /** In the server's words, English. */
  reason: string;
  score: number | null;
  threshold: number | null;
  model: string | null;
  beginTime: string | null;
  endTime: string | null;
  occurrences: number;
  hasEvidence: boolean;
  decision: Decision | null;
  decisionNote: string | null;
  decidedBy: string | null;
  decideTime: string | null;
  contributions: Contribution[];
}

export interface Alerts {
  alerts: Alert[];
  nextPageToken: string;
}

export type Outcome = 'MATCH' | 'NO_MATCH' | 'INCONCLUSIVE';

export interface Entry {
  time: string | null;
  attempt: {
    outcome: Outcome | null;
    score: number | null;
    threshold: number | null;
    model: string | null;
  } | null;
  session: Session | null;
  frame: {
    frame: number;
    outcome: Outcome | null;
    score: number | null;
    threshold: number | null;
    model: string | null;
    reasons: string[];
    faces: number | null;
  } | null;
  alert: Alert | null;
  decision: {
    alert: string;
    decision: Decision | null;
    note: string | null;
    decidedBy: string | null;
  } | null;
  approval: {
    step: 'REQUESTED' | 'APPROVED' | 'WITHDRAWN' | null;
    note: string | null;
    by: string | null;
  } | null;
}

export interface Timeline {
  student: Student;
  entries: Entry[];
  people: { user: string; displayName: string }[];
  nextPageToken: string;
}

/** `GET users/{user}/references`. */
export interface References {
  references: {
    modality: string | null;
    /** Until when staff let it be enrolled anew. */
    replacementExpireTime: string | null;
  }[];
}

/** `POST users/{user}/references/{modality}/replacement`. */
export interface Replacement {
  expireTime: string | null;
}

/** What the stream of an exam's events tells. */
export type Told =
  | { event: 'open'; data: { after: number } }
  | { event: 'alert'; data: { alert: Alert; student: Student | null } }
  | { event: 'student'; data: { student: Student } }
  | { event: 'exam'; data: { exam: Exam } }
  | { event: 'end'; data: { reason: string } };

export const fullName = ({ givenName, familyName }: Student): string => `${givenName} ${familyName}`.trim();

/** The last part of a resource name. */
export const idOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
