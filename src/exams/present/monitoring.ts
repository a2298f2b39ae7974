import { FaceFinding } from '../../grpc/gen/probity/biometrics/v1/finding.js';
import {
  CaptureAnomaly as AnomalyMessage,
  type FrameFinding,
  type SampleFinding,
} from '../../grpc/gen/probity/exams/v1/monitor_service.js';
import type { ProctoringSession } from '../../grpc/gen/probity/exams/v1/proctoring_service.js';
import type { Exam } from '../exam.js';
import type { CaptureAnomaly } from '../watching/capture.js';
import type { IdentityConfidence } from '../watching/fusion.js';
import type { Observation, SampleObservation } from '../watching/observation.js';
import type { Session } from '../watching/session.js';
import { presentOpenAlert } from './alert.js';
import { MODALITIES, presentIdentity } from './confidence.js';
import { sessionName, userName } from './names.js';
import { time } from './time.js';
import { presentComparison } from './verification.js';

const ANOMALIES: Record<CaptureAnomaly, AnomalyMessage> = {
  SAME_BYTES: AnomalyMessage.CAPTURE_ANOMALY_SAME_BYTES,
  NEAR_IDENTICAL: AnomalyMessage.CAPTURE_ANOMALY_NEAR_IDENTICAL,
  STALE_TIME: AnomalyMessage.CAPTURE_ANOMALY_STALE_TIME,
  SEQUENCE_JUMP: AnomalyMessage.CAPTURE_ANOMALY_SEQUENCE_JUMP,
  UNREADABLE: AnomalyMessage.CAPTURE_ANOMALY_UNREADABLE,
};

/** @param identity of this moment, or of the one at which the student left */
export function presentSession(
  exam: Exam,
  session: Session,
  identity: IdentityConfidence,
): ProctoringSession {
  return {
    name: sessionName(exam, session.id),
    user: userName(session.userId),
    joinTime: new Date(session.joinedAt),
    leaveTime: time(session.leftAt),
    frameCount: session.frameCount,
    identity: presentIdentity(identity),
    sampleCount: session.sampleCount,
  };
}

export function presentFrame(
  exam: Pick<Exam, 'number'>,
  of: { sessionId: string; userId: string },
  observation: Observation,
): FrameFinding {
  return {
    frame: observation.frame,
    receiveTime: new Date(observation.receivedAt),
    comparison: presentComparison(observation.comparison),
    // It may have been stored by an earlier version of the contract.
    finding: observation.finding ? FaceFinding.fromPartial(observation.finding) : undefined,
    anomalies: observation.anomalies.map((each) => ANOMALIES[each]),
    impostorEvidence: observation.impostorEvidence,
    alerts: observation.alerts.map((alert) => presentOpenAlert(exam, of, alert)),
    identity: observation.identity && presentIdentity(observation.identity),
  };
}

export function presentSample(
  exam: Pick<Exam, 'number'>,
  of: { sessionId: string; userId: string },
  observation: SampleObservation,
): SampleFinding {
  return {
    number: observation.number,
    session: sessionName(exam, of.sessionId),
    modality: MODALITIES[observation.modality],
    receiveTime: new Date(observation.receivedAt),
    comparison: presentComparison(observation.comparison),
    anomalies: observation.anomalies.map((each) => ANOMALIES[each]),
    identity: presentIdentity(observation.identity),
    alerts: observation.alerts.map((alert) => presentOpenAlert(exam, of, alert)),
  };
}
