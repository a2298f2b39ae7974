import type { UserReference } from '../../biometrics/index.js';
import {
  type Capture as CaptureMessage,
  ReferenceState as ReferenceStateMessage,
} from '../../grpc/gen/probity/exams/v1/capture_service.js';
import type { Verification as VerificationMessage } from '../../grpc/gen/probity/exams/v1/identification_service.js';
import type { Admission } from '../admission/admission.js';
import { type Exam, needsChallenge, type Span, stateAt } from '../exam.js';
import { HEARTBEAT_MS } from '../watching/heartbeat.js';
import type { Session } from '../watching/session.js';
import { presentAdmission } from './admission.js';
import { EXAM_STATES } from './exam.js';
import { examName, sessionName } from './names.js';
import { presentDuration, time } from './time.js';

/** What a student still has to do. */
export function presentCapture(
  exam: Exam,
  now: number,
  part: {
    span: Span;
    consentNeeded: boolean;
    reference: UserReference | null;
    wanted: number;
    verification: VerificationMessage;
    session: Session | undefined;
    challengePassed: boolean;
    admission: Admission;
    /** UTC milliseconds. */
    replaceableUntil: number | null;
  },
): CaptureMessage {
  const { reference, session } = part;
  return {
    exam: examName(exam),
    displayName: exam.displayName,
    state: EXAM_STATES[stateAt(exam, now)],
    startTime: new Date(part.span.opensAt ?? exam.startedAt ?? exam.scheduledAt),
    endTime: time(part.span.closesAt ?? exam.endsAt),
    consentNeeded: part.consentNeeded,
    referenceState: reference
      ? reference.complete
        ? ReferenceStateMessage.REFERENCE_STATE_COMPLETE
        : ReferenceStateMessage.REFERENCE_STATE_INCOMPLETE
      : ReferenceStateMessage.REFERENCE_STATE_NONE,
    referencePictures: reference?.templateCount ?? 0,
    referenceWanted: part.wanted,
    verification: part.verification,
    session: session ? sessionName(exam, session.id) : '',
    nextFrame: session?.nextFrame ?? 0,
    frameInterval: presentDuration(exam.frameIntervalMs),
    heartbeatInterval: presentDuration(HEARTBEAT_MS),
    grace: presentDuration(exam.admission.graceMs),
    challengeRequired: needsChallenge(exam),
    challengePassed: part.challengePassed,
    admission: presentAdmission(part.admission),
    replacementExpireTime: time(part.replaceableUntil),
  };
}
