import { createHash, randomUUID } from 'node:crypto';
import type { JudgedSample } from '../../biometrics/index.js';
import { Code, StatusError } from '../../call/index.js';
import type { Db } from '../../storage/index.js';
import { writeAlerts } from '../alerts/raise.js';
import { requireStarted, type Exam } from '../exam.js';
import type { ExamsParts } from '../exams.js';
import { journal } from '../journal.js';
import type { Notifier } from '../notifier.js';
import { CAPTURE_POLICY, readClock, UNKNOWN_CLOCK, type CaptureAnomaly } from './capture.js';
import { appendEvent, eventOfSample } from './event-store.js';
import { identityAt, type SampleModality } from './fusion.js';
import { createIntake, type Arrival, type Committed, type Kept, type Looked } from './intake.js';
import { judgeSample } from './judging.js';
import type { SampleObservation } from './observation.js';
import { insertSample, sampleOf, samplesFrom, sawSample } from './sample-store.js';
import { saveSession } from './session-store.js';
import type { Session } from './session.js';
import { watchSample, WATCH_POLICY } from './watch.js';

/** A recording, or a batch of typing and mouse events. */
export interface IncomingSample extends Arrival {
  modality: SampleModality;
  content: Uint8Array;
}

export interface SamplePath {
  /**
   * One sample from its bytes to a committed finding.
   * @throws StatusError NOT_JOINED, EXAM_STATE, CONSENT_REQUIRED, what the judge throws (for what cannot be read only
   *   without a stream: in one it is a finding), VERSION_CONFLICT (another stream has the session)
   */
  submit(
    sample: IncomingSample,
    call: { signal: AbortSignal; deadline?: number },
  ): Promise<Committed<SampleObservation>>;
}

/** What was found in a sample, before anything of it is stored. */
interface Hearing {
  exam: Exam;
  /** Null when it could not be read. */
  judged: JudgedSample | null;
  sha256: string;
  receivedAt: number;
}

const SAMPLES: Kept<SampleObservation> = {
  name: 'sample',
  observationOf: sampleOf,
  eventOf: eventOfSample,
  nextNumber: ({ nextSample }) => nextSample,
  committedFrom: samplesFrom,
};

/** The one way a sample takes, streamed or not. */
export function createSamplePath(dependencies: ExamsParts, notifier: Notifier): SamplePath {
  const { storage, audit, consent, clock, options } = dependencies;
  const { db } = storage;
  const policy = options.watch ?? WATCH_POLICY;
  const intake = createIntake<Hearing, SampleObservation>({ storage, audit }, notifier, SAMPLES);

  return {
    submit: (sample, call) =>
      intake.take(sample.sessionId, call.signal, hear(sample, call), (heard) => commit(sample, heard)),
  };

  async function hear(
    sample: IncomingSample,
    call: { signal: AbortSignal; deadline?: number },
  ): Promise<Looked<Hearing, SampleObservation>> {
    const receivedAt = clock.now();
    const session = await intake.sessionOf(sample);
    const exam = await intake.examOf(session);
    requireStarted(exam, receivedAt);
    const sha256 = createHash('sha256').update(sample.content).digest('hex');
    const before = await intake.before(session, sample, sha256);
    if (before) return { before };
    const judged = await judgeSample(dependencies, session, exam, sample, call).catch((error: unknown) => {
      const bad = error instanceof StatusError && error.code === Code.INVALID_ARGUMENT;
      if (bad && sample.streamId !== null) return null;
      throw error;
    });
    return { seen: { exam, judged, sha256, receivedAt } };
  }

  /** As with frames, the session as read here decides, and its row version guards the writing. */
  async function commit(sample: IncomingSample, heard: Hearing): Promise<Committed<SampleObservation>> {
    const { modality, owed } = sample;
    const { judged, receivedAt } = heard;
    const session = await intake.sessionOf(sample);
    requireStarted(heard.exam, clock.now());
    const before = await intake.before(session, sample, heard.sha256);
    if (before) return before;
    const number = sample.number ?? session.lastSample + 1;
    const { lastSample: last, nextSample: next } = session;
    const { numbers, jumped } = await intake.advanced(session.id, { last, next }, number, owed);
    const { sampleClocks } = session.watch;
    const lapse = readClock(
      sampleClocks[modality] ?? UNKNOWN_CLOCK,
      sample.capturedAt,
      receivedAt,
      CAPTURE_POLICY,
    );
    const anomalies: CaptureAnomaly[] = [];
    if (await sawSample(db, session.examId, heard.sha256)) anomalies.push('SAME_BYTES');
    if (lapse.stale) anomalies.push('STALE_TIME');
    if (jumped) anomalies.push('SEQUENCE_JUMP');
    if (!judged) anomalies.push('UNREADABLE');
    const { outcome, score, threshold, modelId, reasons, logLikelihoodRatio } = judged ?? UNREADABLE;
    const comparison = { outcome, score, threshold, modelId, reasons };
    const { watch, changes } = watchSample(
      { ...session.watch, sampleClocks: { ...sampleClocks, [modality]: lapse.clock } },
      { modality, at: receivedAt, comparison, logLikelihoodRatio, anomalies },
      policy,
      randomUUID,
    );
    const observation: SampleObservation = {
      number,
      modality,
      receivedAt,
      sha256: heard.sha256,
      comparison,
      anomalies,
      identity: identityAt(watch.fusion, receivedAt, policy.fusion),
      alerts: changes.map(({ alert }) => alert),
    };
    const event = session.lastEvent + 1;
    await storage.transaction(async (tx) => {
      // It may have been taken back while the sample was judged.
      await consent.require(tx, session, modality, 'EXAM_IDENTITY');
      await saveSession(tx, {
        ...session,
        sampleCount: session.sampleCount + 1,
        lastSample: numbers.last,
        nextSample: numbers.next,
        lastEvent: event,
        watch,
      });
      await insertSample(tx, { sessionId: session.id, examId: session.examId }, observation);
      await appendEvent(tx, session.id, { number: event, kind: 'SAMPLE', sample: number, at: receivedAt });
      // What was said in the room, perhaps by others, is not kept: the finding and its score are the evidence.
      await writeAlerts(tx, dependencies, session, changes, null, receivedAt);
      await audited(tx, session, observation);
    });
    return { event, observation, repeated: false };
  }

  async function audited(tx: Db, session: Session, observation: SampleObservation): Promise<void> {
    const { number, modality, comparison, anomalies, identity, receivedAt } = observation;
    await journal(tx, audit, {
      organisationId: session.organisationId,
      actor: session.userId,
      subject: session.userId,
      action: 'sample.observed',
      target: `session/${session.id}`,
      details: {
        sample: number,
        modality,
        outcome: comparison.outcome,
        score: comparison.score,
        threshold: comparison.threshold,
        model: comparison.modelId,
        anomalies,
        impostorEvidence: identity.evidence,
      },
      at: receivedAt,
      tell: null,
    });
  }
}

const UNREADABLE: Omit<JudgedSample, 'modality'> = {
  outcome: 'INCONCLUSIVE',
  score: null,
  threshold: 0,
  modelId: '',
  reasons: ['The sample cannot be read.'],
  logLikelihoodRatio: null,
};
