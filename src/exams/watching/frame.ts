import { createHash, randomUUID } from 'node:crypto';
import {
  compare,
  nearIdentical,
  presentFace,
  ruleFor,
  type FaceAnalysis,
  type Remark,
  type UserReference,
} from '../../biometrics/index.js';
import { StatusError } from '../../call/index.js';
import type { Db } from '../../storage/index.js';
import type { AlertChange } from '../alerts/alert.js';
import { writeAlerts, type KeptEvidence } from '../alerts/raise.js';
import { requireStarted, type Exam } from '../exam.js';
import type { ExamsParts } from '../exams.js';
import { PARTS, referenceFor } from '../identifying/probe.js';
import { verificationOf } from '../identifying/verification-store.js';
import { comparisonOf, type Comparison } from '../identifying/verification.js';
import { journal } from '../journal.js';
import type { Notifier } from '../notifier.js';
import { CAPTURE_POLICY, readClock, type CaptureAnomaly } from './capture.js';
import { appendEvent, eventOfFrame } from './event-store.js';
import { EVIDENCE_TYPE, evidenceOf } from './evidence.js';
import { identityAt, logLikelihoodRatio } from './fusion.js';
import { createIntake, type Arrival, type Committed, type Kept, type Looked } from './intake.js';
import {
  committedFrom,
  insertObservation,
  latestFingerprints,
  observationOf,
  sawBytes,
} from './observation-store.js';
import type { Observation } from './observation.js';
import { saveSession, setMonitored, touch } from './session-store.js';
import type { Session } from './session.js';
import { watchFrame, WATCH_POLICY, withEvidence, type Watch } from './watch.js';

const DAY_MS = 86_400_000;

export interface IncomingFrame extends Arrival {
  image: Uint8Array;
  /** What the client says it runs on; empty when it does not say. */
  client: string;
}

export interface FramePath {
  /**
   * One frame from its bytes to a committed finding.
   * @throws StatusError NOT_JOINED, EXAM_STATE, CONSENT_REQUIRED, REFERENCE_MISSING, MODEL_MISMATCH,
   *   ASSURANCE_TOO_LOW, IMAGE_UNREADABLE, IMAGE_TOO_LARGE and NUMBER_TAKEN (without a stream: in one they are findings),
   *   what the engine throws, VERSION_CONFLICT (another stream has the session)
   */
  submit(
    frame: IncomingFrame,
    call: { signal: AbortSignal; deadline?: number },
  ): Promise<Committed<Observation>>;
}

/** What was found in a frame, before anything of it is stored. */
interface Look {
  exam: Exam;
  reference: UserReference;
  /** Null when the frame could not be read. */
  analysis: FaceAnalysis | null;
  comparison: Comparison;
  sha256: string;
  receivedAt: number;
}

const FRAMES: Kept<Observation> = {
  name: 'frame',
  observationOf,
  eventOf: eventOfFrame,
  nextNumber: ({ nextFrame }) => nextFrame,
  committedFrom,
};

/** The one way a frame takes, streamed or not. */
export function createFramePath(dependencies: ExamsParts, notifier: Notifier): FramePath {
  const { storage, audit, analyser, recogniser, consent, clock, options } = dependencies;
  const { db } = storage;
  const policy = options.watch ?? WATCH_POLICY;
  const intake = createIntake<Look, Observation>({ storage, audit }, notifier, FRAMES);

  return {
    submit: (frame, call) =>
      intake.take(frame.sessionId, call.signal, look(frame, call), (seen) => commit(frame, seen)),
  };

  async function look(
    frame: IncomingFrame,
    call: { signal: AbortSignal; deadline?: number },
  ): Promise<Looked<Look, Observation>> {
    const receivedAt = clock.now();
    const session = await intake.sessionOf(frame);
    const exam = await intake.examOf(session);
    requireStarted(exam, receivedAt);
    const sha256 = createHash('sha256').update(frame.image).digest('hex');
    const before = await intake.before(session, frame, sha256);
    if (before) return { before };
    const { organisationId, userId } = session;
    const reference = await referenceFor(db, { organisationId, userId }, exam.minimumAssurance, dependencies);
    const [analysis, templates] = await Promise.all([analyse(frame, call), reference.open()]);
    const comparison = analysis
      ? comparisonOf(compare(analysis, templates, recogniser))
      : unreadable(ruleFor(recogniser, reference.templateCount).match);
    return { seen: { exam, reference, analysis, comparison, sha256, receivedAt } };
  }

  async function analyse(
    { image, streamId }: IncomingFrame,
    call: { signal: AbortSignal; deadline?: number },
  ): Promise<FaceAnalysis | null> {
    try {
      return await analyser.analyse(image, PARTS, call);
    } catch (error) {
      const bad =
        error instanceof StatusError &&
        (error.reason === 'IMAGE_UNREADABLE' || error.reason === 'IMAGE_TOO_LARGE');
      if (bad && streamId !== null) return null;
      throw error;
    }
  }

  function unreadable(threshold: number): Comparison {
    const reasons = ['The picture cannot be read.'];
    const remarks: Remark[] = ['TAKE_ANOTHER'];
    return { outcome: 'INCONCLUSIVE', score: null, threshold, modelId: recogniser.id, reasons, remarks };
  }

  function ratioOf({ comparison: { score }, reference }: Look): number | null {
    if (score === null) return null;
    return logLikelihoodRatio(score, ruleFor(recogniser, reference.templateCount).calibration);
  }

  /** Everything that is decided is decided by the session as read here: its row version guards the writing. */
  async function commit(frame: IncomingFrame, seen: Look): Promise<Committed<Observation>> {
    const session = await intake.sessionOf(frame);
    requireStarted(seen.exam, clock.now());
    const before = await intake.before(session, frame, seen.sha256);
    if (before) return before;
    const number = frame.number ?? session.lastFrame + 1;
    const { lastFrame: last, nextFrame: next } = session;
    const { numbers, jumped } = await intake.advanced(session.id, { last, next }, number, frame.owed);
    const lapse = readClock(session.watch.clock, frame.capturedAt, seen.receivedAt, CAPTURE_POLICY);
    const anomalies = await anomaliesOf(session, seen, { stale: lapse.stale, jumped });
    const step = watchFrame(
      { ...session.watch, clock: lapse.clock },
      {
        at: seen.receivedAt,
        presence: seen.analysis?.presence ?? null,
        comparison: seen.comparison,
        logLikelihoodRatio: ratioOf(seen),
        liveness: seen.analysis?.primary?.liveness ?? null,
        anomalies,
      },
      policy,
      randomUUID,
    );
    const opened = step.changes.some(({ change }) => change === 'OPENED');
    const picture = opened && seen.analysis ? await evidenceOf(frame.image) : null;
    const { watch, changes } = picture ? evidenced(step) : step;
    const identity = identityAt(watch.fusion, seen.receivedAt, policy.fusion);
    const observation: Observation = {
      frame: number,
      receivedAt: seen.receivedAt,
      sha256: seen.sha256,
      comparison: seen.comparison,
      finding: seen.analysis && presentFace(seen.analysis),
      anomalies,
      impostorEvidence: identity.evidence,
      identity,
      alerts: changes.map(({ alert }) => alert),
    };
    const event = session.lastEvent + 1;
    // One that was on its way when staff vouched for the student promises no other.
    const promises =
      !session.monitored && (await verificationOf(db, session.examId, session.userId)).method !== 'STAFF';
    await storage.transaction(async (tx) => {
      // It may have been taken back while the picture was looked at.
      await consent.require(tx, session, 'FACE', 'EXAM_IDENTITY');
      const containerId = picture
        ? (session.containerId ?? (await containerOf(tx, session)))
        : session.containerId;
      await saveSession(tx, {
        ...session,
        containerId,
        frameCount: session.frameCount + 1,
        lastFrame: numbers.last,
        nextFrame: numbers.next,
        lastEvent: event,
        lastFrameAt: seen.receivedAt,
        watch,
      });
      if (promises) await setMonitored(tx, session.id, true);
      // A frame is a picture, whatever the client said of its camera. Who neither streams nor numbers has no heartbeats.
      await touch(tx, session.id, {
        cameraLostAt: null,
        ...(frame.streamId === null && frame.number === null ? { lastHeartbeatAt: null } : {}),
      });
      const fingerprint = seen.analysis?.image.fingerprint ?? null;
      await insertObservation(
        tx,
        { sessionId: session.id, examId: session.examId, fingerprint },
        observation,
      );
      await appendEvent(tx, session.id, {
        number: event,
        kind: 'FINDING',
        frame: number,
        at: seen.receivedAt,
      });
      const evidence = picture && containerId ? await keep(tx, containerId, picture, seen.receivedAt) : null;
      await writeAlerts(tx, dependencies, session, changes, evidence, seen.receivedAt);
      await audited(tx, session, observation, frame.client);
    });
    return { event, observation, repeated: false };
  }

  async function audited(tx: Db, session: Session, observation: Observation, client: string): Promise<void> {
    const { comparison, frame, anomalies, impostorEvidence, finding } = observation;
    await journal(tx, audit, {
      organisationId: session.organisationId,
      actor: session.userId,
      subject: session.userId,
      action: 'frame.observed',
      target: `session/${session.id}`,
      details: {
        frame,
        outcome: comparison.outcome,
        score: comparison.score,
        threshold: comparison.threshold,
        model: comparison.modelId,
        faces: finding?.faceCount ?? null,
        anomalies,
        impostorEvidence,
        client,
      },
      at: observation.receivedAt,
      tell: null,
    });
  }

  async function anomaliesOf(
    session: Session,
    { analysis, sha256 }: Look,
    { stale, jumped }: { stale: boolean; jumped: boolean },
  ): Promise<CaptureAnomaly[]> {
    const anomalies: CaptureAnomaly[] = [];
    if (await sawBytes(db, session.examId, sha256)) anomalies.push('SAME_BYTES');
    else if (analysis) {
      const earlier = await latestFingerprints(db, session.id, CAPTURE_POLICY.window);
      if (earlier.some((each) => nearIdentical(each, analysis.image.fingerprint))) {
        anomalies.push('NEAR_IDENTICAL');
      }
    }
    if (stale) anomalies.push('STALE_TIME');
    if (jumped) anomalies.push('SEQUENCE_JUMP');
    if (!analysis) anomalies.push('UNREADABLE');
    return anomalies;
  }

  function containerOf(tx: Db, { organisationId, userId }: Session): Promise<string> {
    return storage.containers.create(tx, { organisationId, kind: 'session', ownerId: userId });
  }

  async function keep(tx: Db, containerId: string, bytes: Buffer, at: number): Promise<KeptEvidence> {
    const expiresAt = at + options.evidenceRetentionDays * DAY_MS;
    const id = await storage.blobs.put(tx, { containerId, contentType: EVIDENCE_TYPE, bytes, expiresAt });
    return { id, expiresAt };
  }
}

/** The step with its evidence kept: the alerts that it opened say so. */
function evidenced({ watch, changes }: { watch: Watch; changes: AlertChange[] }) {
  const ids = new Set(changes.flatMap(({ change, alert }) => (change === 'OPENED' ? [alert.id] : [])));
  return {
    watch: withEvidence(watch, ids),
    changes: changes.map(({ change, alert }) => ({
      change,
      alert: ids.has(alert.id) ? { ...alert, hasEvidence: true } : alert,
    })),
  };
}
