import { randomUUID } from 'node:crypto';
import {
  invalidFields,
  StatusError,
  toStatusError,
  validate,
  type Context,
  type Reason,
} from '../call/index.js';
import type {
  ClientEvent,
  Frame,
  MonitorRequest,
  MonitorResponse,
} from '../grpc/gen/probity/exams/v1/monitor_service.js';
import { examForStudent } from './access.js';
import { Bell } from './bell.js';
import { eventsAfter, insertClientClaim, type SessionEvent } from './event-store.js';
import { requireStarted, type Exam } from './exam.js';
import type { ExamsDependencies } from './exams.js';
import type { FramePath } from './frame.js';
import { InFlight } from './in-flight.js';
import type { Notifier } from './notifier.js';
import type { Observation } from './observation.js';
import { observationsOf } from './observation-store.js';
import { presentDuration, presentFrame, presentOpenAlert, sessionName } from './presenter.js';
import { referenceFor } from './probe.js';
import * as requests from './requests.js';
import type { Session } from './session.js';
import { holderOf, openSession, sessionById, takeOver, touch } from './session-store.js';
import { TakenOver } from './taken-over.js';

const MAX_IN_FLIGHT = 4;
const HEARTBEAT_MS = 1_000;
/** A heartbeat is stored at most this often; well below what counts as silence. */
const STORE_HEARTBEAT_MS = 2_000;
/** How often a stream looks for what other nodes committed to its session. */
const LOOK_MS = 1_000;
/** Longest a frame may take in the engine before it is given back. */
const FRAME_DEADLINE_MS = 10_000;
const RETRY_MS = 1_000;
const BATCH = 50;
/** Client events, other than heartbeats, that one stream stores. */
const MOST_CLIENT_EVENTS = 1_000;

/** The frame was not taken, through no fault of its own: it is to be sent again. */
const AGAIN: ReadonlySet<Reason> = new Set<Reason>([
  'ENGINE_OVERLOADED',
  'DEADLINE_EXCEEDED',
  'MODEL_UNAVAILABLE',
  'DATABASE_UNAVAILABLE',
]);

/** An answer that is not an event of the log, and the frame that it answers. */
interface Direct {
  response: MonitorResponse;
  frame: number;
}

/**
 * One stream of one session. What goes down comes from the session's event log, in its order, whoever wrote it:
 * this stream, another one, or a job. So a stream that comes back is told what it missed by the same way as
 * everything else.
 */
export async function* monitorStream(
  dependencies: ExamsDependencies,
  frames: FramePath,
  notifier: Notifier,
  incoming: AsyncIterable<MonitorRequest>,
  ctx: Context,
): AsyncGenerator<MonitorResponse> {
  const reader = incoming[Symbol.asyncIterator]();
  const streamId = randomUUID();
  const { db } = dependencies.storage;
  const { exam, session, resumeAfter } = await open(dependencies, await reader.next(), streamId, ctx);
  notifier.notify(session.id);

  const bell = new Bell();
  const flight = new InFlight(MAX_IN_FLIGHT);
  const direct: Direct[] = [];
  const upstream = new Upstream(dependencies, frames, { exam, session, streamId }, ctx, {
    bell,
    flight,
    direct,
  });
  const unsubscribe = notifier.subscribe(session.id, () => bell.ring());
  const ring = (): void => bell.ring();
  ctx.signal.addEventListener('abort', ring, { once: true });
  try {
    yield opened(exam, session);
    upstream.start(reader);
    for (let sent = resumeAfter; ;) {
      ctx.signal.throwIfAborted();
      for (let answer = direct.shift(); answer; answer = direct.shift()) {
        yield answer.response;
        flight.answered(answer.frame);
      }
      const events = await eventsAfter(db, session.id, sent, BATCH);
      for (const { number, response, frame } of await present(dependencies, exam, session, events)) {
        yield response;
        sent = number;
        if (frame !== null) flight.answered(frame);
      }
      if (events.length > 0 || direct.length > 0) continue;
      if (upstream.failure) throw upstream.failure;
      if (upstream.done && flight.size === 0) return;
      const holder = await holderOf(db, session.id);
      if (holder?.streamId !== streamId) throw new TakenOver();
      // The exam is over, or the student has left: everything that happened was told.
      if (holder.leftAt !== null) return;
      // While the client is not read from, it cannot be heard: it is not its silence.
      if (flight.full) await upstream.heard();
      await bell.wait(LOOK_MS);
    }
  } finally {
    ctx.signal.removeEventListener('abort', ring);
    unsubscribe();
    upstream.stop();
    // Not awaited: it answers only when the read that is under way does.
    void reader.return?.().catch(() => undefined);
  }
}

/**
 * The session that the first message opens, held by this stream from now on.
 * @throws StatusError INVALID_FIELDS, EXAM_NOT_FOUND, EXAM_STATE, NOT_JOINED, and what `referenceFor` throws: a
 *   stream whose frames could not be compared is refused at once
 */
async function open(
  dependencies: ExamsDependencies,
  first: IteratorResult<MonitorRequest>,
  streamId: string,
  ctx: Context,
): Promise<{ exam: Exam; session: Session; resumeAfter: number }> {
  const message = first.done ? undefined : first.value.message;
  if (message?.$case !== 'open') {
    throw invalidFields([{ field: 'open', problem: 'missing', description: 'must be the first message' }]);
  }
  const { exam: number, resumeAfter } = validate(requests.openMessage, message.value);
  const { storage, clock } = dependencies;
  const { db } = storage;
  const { exam, principal } = await examForStudent(db, ctx, number);
  const now = clock.now();
  requireStarted(exam, now);
  const joined = await openSession(db, exam.id, principal.userId);
  if (!joined) throw notJoined();
  await referenceFor(db, principal, exam.minimumAssurance, dependencies);
  await takeOver(db, joined.id, streamId, now);
  // What the stream before has committed until now belongs to what is not to be sent again.
  const session = await sessionById(db, joined.id);
  if (!session) throw notJoined();
  return { exam, session, resumeAfter };
}

function notJoined(): StatusError {
  return new StatusError('NOT_JOINED', 'The student has not joined this exam.');
}

function opened(exam: Exam, session: Session): MonitorResponse {
  const value = {
    session: sessionName(exam, session.id),
    nextFrame: session.nextFrame,
    frameInterval: presentDuration(exam.frameIntervalMs),
    heartbeatInterval: presentDuration(HEARTBEAT_MS),
    maxFramesInFlight: MAX_IN_FLIGHT,
  };
  return { eventNumber: 0, message: { $case: 'opened', value } };
}

/** Events of the log as responses, with the frames that they answer. */
async function present(
  { storage }: ExamsDependencies,
  exam: Exam,
  session: Session,
  events: readonly SessionEvent[],
): Promise<{ number: number; response: MonitorResponse; frame: number | null }[]> {
  const of = { sessionId: session.id, userId: session.userId };
  const wanted = events.flatMap((event) => (event.kind === 'FINDING' ? [event.frame] : []));
  const found =
    wanted.length > 0 ? await observationsOf(storage.db, session.id, wanted) : new Map<number, never>();
  return events.flatMap((event) => {
    const { number } = event;
    if (event.kind === 'ALERT') {
      const value = presentOpenAlert(exam, of, event.alert);
      return { number, frame: null, response: { eventNumber: number, message: { $case: 'alert', value } } };
    }
    const observation: Observation | undefined = found.get(event.frame);
    // Retention may have removed it; its frame is answered all the same by what is left: nothing.
    if (!observation) return [];
    const value = presentFrame(exam, of, observation);
    return {
      number,
      frame: event.frame,
      response: { eventNumber: number, message: { $case: 'finding', value } },
    };
  });
}

/** What the client sends, as it is read. */
class Upstream {
  /** The client has said all that it will say. */
  done = false;
  /** Why the stream must end. */
  failure: StatusError | null = null;
  private stopped = false;
  private lastHeard = 0;
  private clientEvents = 0;
  /** Frames that we refused: their numbers are missing through us. */
  private readonly owed = new Set<number>();

  constructor(
    private readonly dependencies: ExamsDependencies,
    private readonly frames: FramePath,
    private readonly held: { exam: Exam; session: Session; streamId: string },
    private readonly ctx: Context,
    private readonly shared: { bell: Bell; flight: InFlight; direct: Direct[] },
  ) {
    this.lastHeard = dependencies.clock.now();
  }

  start(reader: AsyncIterator<MonitorRequest>): void {
    this.read(reader).catch((error: unknown) => this.fail(error));
  }

  stop(): void {
    this.stopped = true;
  }

  /** A sign of life, stored now and then. */
  async heard(): Promise<void> {
    const now = this.dependencies.clock.now();
    if (now - this.lastHeard < STORE_HEARTBEAT_MS) return;
    this.lastHeard = now;
    await touch(this.dependencies.storage.db, this.held.session.id, { lastHeartbeatAt: now });
  }

  private async read(reader: AsyncIterator<MonitorRequest>): Promise<void> {
    while (!this.stopped) {
      await this.shared.flight.room();
      const next = await reader.next();
      if (next.done === true) break;
      await this.take(next.value);
    }
    this.done = true;
    this.shared.bell.ring();
  }

  private async take({ message }: MonitorRequest): Promise<void> {
    switch (message?.$case) {
      case 'frame':
        this.takeFrame(message.value);
        return;
      case 'event':
        await this.takeEvent(message.value);
        return;
      case 'open':
      case undefined:
        throw invalidFields([
          { field: 'open', problem: 'bad_format', description: 'comes once, as the first message' },
        ]);
    }
  }

  private takeFrame(frame: Frame): void {
    const { number, image, captureTime } = validate(requests.frameMessage, frame);
    const { flight, bell } = this.shared;
    flight.add(number);
    const call = {
      signal: this.ctx.signal,
      deadline: Math.min(this.ctx.deadline, Date.now() + FRAME_DEADLINE_MS),
    };
    const { session, streamId } = this.held;
    const coming = {
      sessionId: session.id,
      number,
      image,
      capturedAt: captureTime,
      owed: this.owed,
      streamId,
      client: '',
    };
    void this.frames
      .submit(coming, call)
      .then(
        ({ event, observation, repeated }) => {
          this.owed.delete(number);
          // A new finding comes down with the event log.
          if (repeated) this.answer(number, event, observation);
        },
        (error: unknown) => this.refuse(number, error),
      )
      .finally(() => bell.ring());
  }

  private answer(frame: number, eventNumber: number, observation: Observation): void {
    const { exam, session } = this.held;
    const value = presentFrame(exam, { sessionId: session.id, userId: session.userId }, observation);
    this.shared.direct.push({ frame, response: { eventNumber, message: { $case: 'finding', value } } });
  }

  private refuse(frame: number, error: unknown): void {
    const { reason, details } = toStatusError(error);
    if (!AGAIN.has(reason) || this.ctx.signal.aborted) {
      this.fail(error);
      return;
    }
    this.owed.add(frame);
    const value = { frame, reason, retryAfter: presentDuration(details.retryAfterMs ?? RETRY_MS) };
    this.shared.direct.push({
      frame,
      response: { eventNumber: 0, message: { $case: 'rejected', value } },
    });
  }

  private async takeEvent(event: ClientEvent): Promise<void> {
    const { type, time } = validate(requests.eventMessage, event);
    await this.heard();
    if (type === 'CLIENT_EVENT_TYPE_HEARTBEAT') return;
    if (++this.clientEvents > MOST_CLIENT_EVENTS) return;
    const { db } = this.dependencies.storage;
    const { id: sessionId } = this.held.session;
    const at = this.dependencies.clock.now();
    await insertClientClaim(db, {
      sessionId,
      type: type.slice('CLIENT_EVENT_TYPE_'.length),
      clientTime: time,
      at,
    });
    if (type === 'CLIENT_EVENT_TYPE_CAMERA_LOST') await touch(db, sessionId, { cameraLostAt: at });
  }

  private fail(error: unknown): void {
    this.failure ??= toStatusError(error);
    this.shared.bell.ring();
  }
}
