import { StatusError } from '../../call/index.js';
import type { Audit } from '../../events/index.js';
import type { Db, Storage } from '../../storage/index.js';
import { again } from '../again.js';
import { examById } from '../exam-store.js';
import type { Exam } from '../exam.js';
import type { Notifier } from '../notifier.js';
import { advance, type CaptureAnomaly, type FrameNumbers } from './capture.js';
import { createSerial } from './serial.js';
import { sessionById } from './session-store.js';
import type { Session } from './session.js';
import { TakenOver } from './taken-over.js';

/** A frame or a sample on its way in. */
export interface Arrival {
  sessionId: string;
  /** Null where the client does not number what it sends: the server does. */
  number: number | null;
  /** By the client's clock, UTC milliseconds. */
  capturedAt: number | null;
  /** Numbers that we refused for a moment: their absence is no jump. */
  owed: ReadonlySet<number>;
  /** Null where the client does not stream. */
  streamId: string | null;
}

/** One whose finding is committed. */
export interface Committed<Observation> {
  /** Number of the event that tells of it. */
  event: number;
  observation: Observation;
  /** Whether it had been committed before: it counts once. */
  repeated: boolean;
}

/** What looking at an arrival comes to: something to commit, or that it was committed before. */
export type Looked<Seen, Observation> = { seen: Seen } | { before: Committed<Observation> };

/** What is the same for everything that comes into a session. */
export interface Intake<Seen, Observation> {
  /**
   * Arrivals of one session are looked at side by side and committed in the order they were handed in; on other nodes
   * the session's row version keeps them apart. Nothing is committed once `signal` aborts: what comes after an arrival
   * that was given up would stand before it for good.
   * @param commit reads everything that it decides by, and may be called again
   */
  take(
    sessionId: string,
    signal: AbortSignal,
    looking: Promise<Looked<Seen, Observation>>,
    commit: (seen: Seen) => Promise<Committed<Observation>>,
  ): Promise<Committed<Observation>>;
  /** @throws StatusError NOT_JOINED, VERSION_CONFLICT (another stream has the session) */
  sessionOf(arrival: Pick<Arrival, 'sessionId' | 'streamId'>): Promise<Session>;
  examOf(session: Session): Promise<Exam>;
  /**
   * What was committed under the arrival's number, if anything. Other bytes under a number that was used are no second
   * arrival: on a stream they are told as a jump of what came first.
   * @throws StatusError NUMBER_TAKEN (other bytes, without a stream)
   */
  before(
    session: Session,
    arrival: Pick<Arrival, 'number' | 'streamId'>,
    sha256: string,
  ): Promise<Committed<Observation> | null>;
  /** Where the session's numbers stand once `number` is committed, and whether it jumped. */
  advanced(
    sessionId: string,
    numbers: FrameNumbers,
    number: number,
    owed: ReadonlySet<number>,
  ): Promise<{ numbers: FrameNumbers; jumped: boolean }>;
}

/** Where findings of one kind of arrival are kept. */
export interface Kept<Observation> {
  /** In the audit trail. */
  name: 'frame' | 'sample';
  observationOf(db: Db, sessionId: string, number: number): Promise<Observation | undefined>;
  eventOf(db: Db, sessionId: string, number: number): Promise<number | undefined>;
  /** The first number that is not committed. */
  nextNumber(session: Session): number;
  /** Committed numbers from `from` on. */
  committedFrom(db: Db, sessionId: string, from: number, limit: number): Promise<Set<number>>;
}

interface Observed {
  sha256: string;
  anomalies: CaptureAnomaly[];
  alerts: readonly unknown[];
}

export function createIntake<Seen extends { exam: Exam }, Observation extends Observed>(
  { storage: { db }, audit }: { storage: Pick<Storage, 'db'>; audit: Audit },
  notifier: Notifier,
  kept: Kept<Observation>,
): Intake<Seen, Observation> {
  const serial = createSerial();
  return {
    async take(sessionId, signal, looking, commit) {
      // It is awaited in its turn; until then nobody must be told of its failure.
      looking.catch(() => undefined);
      return serial.run(sessionId, async () => {
        const looked = await looking;
        if ('before' in looked) return looked.before;
        signal.throwIfAborted();
        const { seen } = looked;
        const committed = await again(() => commit(seen));
        if (!committed.repeated) {
          notifier.notify(sessionId);
          if (committed.observation.alerts.length > 0) notifier.notify(seen.exam.id);
        }
        return committed;
      });
    },

    async sessionOf({ sessionId, streamId }) {
      const session = await sessionById(db, sessionId);
      if (!session || session.leftAt !== null) {
        throw new StatusError('NOT_JOINED', 'The student is not in the exam.');
      }
      if (streamId !== null && session.streamId !== streamId) throw new TakenOver();
      return session;
    },

    async examOf({ examId }) {
      const exam = await examById(db, examId);
      if (!exam) throw new Error('A session without its exam.');
      return exam;
    },

    async before(session, { number, streamId }, sha256) {
      if (number === null) return null;
      const observation = await kept.observationOf(db, session.id, number);
      if (!observation) return null;
      const event = (await kept.eventOf(db, session.id, number)) ?? 0;
      if (observation.sha256 === sha256) return { event, observation, repeated: true };
      if (streamId === null) {
        throw new StatusError('NUMBER_TAKEN', `Another ${kept.name} has this number.`, {
          metadata: { nextNumber: String(Math.max(kept.nextNumber(session), number + 1)) },
        });
      }
      await audit.record(db, {
        organisationId: session.organisationId,
        actor: session.userId,
        subject: session.userId,
        action: `${kept.name}.number_reused`,
        target: `session/${session.id}`,
        details: { [kept.name]: number },
      });
      const anomalies: CaptureAnomaly[] = [...new Set([...observation.anomalies, 'SEQUENCE_JUMP' as const])];
      return { event, observation: { ...observation, anomalies }, repeated: true };
    },

    async advanced(sessionId, { last, next }, number, owed) {
      const above =
        number === next && last > number
          ? await kept.committedFrom(db, sessionId, number + 1, last - number)
          : new Set<number>();
      return advance({ last, next }, number, owed, (each) => above.has(each));
    },
  };
}
