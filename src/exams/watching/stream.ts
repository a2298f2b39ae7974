import { randomUUID } from 'node:crypto';
import { invalidFields, StatusError, validate, type Context } from '../../call/index.js';
import type { MonitorRequest, MonitorResponse } from '../../grpc/gen/probity/exams/v1/monitor_service.js';
import { examForStudent } from '../access.js';
import { requireStarted, type Exam } from '../exam.js';
import type { ExamsDependencies } from '../exams.js';
import { referenceFor } from '../identifying/probe.js';
import type { Notifier } from '../notifier.js';
import { presentOpenAlert } from '../present/alert.js';
import { presentFrame, presentSample } from '../present/monitoring.js';
import { sessionName } from '../present/names.js';
import { presentDuration } from '../present/time.js';
import * as requests from '../requests.js';
import { Bell } from './bell.js';
import { eventsAfter, type SessionEvent } from './event-store.js';
import { HEARTBEAT_MS } from './heartbeat.js';
import { InFlight } from './in-flight.js';
import { observationsOf } from './observation-store.js';
import { samplesOf } from './sample-store.js';
import { holderOf, openSession, sessionById, takeOver } from './session-store.js';
import type { Session } from './session.js';
import { TakenOver } from './taken-over.js';
import { frameKey, sampleKey, Upstream, type Direct, type Paths } from './upstream.js';

const MAX_IN_FLIGHT = 4;
/** How often a stream looks for what other nodes committed to its session. */
const LOOK_MS = 1_000;
const BATCH = 50;
const NONE = new Map<number, never>();

/**
 * One stream of one session. What goes down comes from the session's event log, in its order, whoever wrote it:
 * this stream, another one, or a job. So a stream that comes back is told what it missed by the same way as
 * everything else.
 */
export async function* monitorStream(
  dependencies: ExamsDependencies,
  paths: Paths,
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
  const upstream = new Upstream(dependencies, paths, { exam, session, streamId }, ctx, {
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
        flight.answered(answer.answers);
      }
      const events = await eventsAfter(db, session.id, sent, BATCH);
      for (const { response, answers } of await present(dependencies, exam, session, events)) {
        yield response;
        sent = response.eventNumber;
        if (answers !== null) flight.answered(answers);
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
    nextSample: session.nextSample,
  };
  return { eventNumber: 0, message: { $case: 'opened', value } };
}

/** Events of the log as responses, with what they answer. */
async function present(
  { storage: { db } }: ExamsDependencies,
  exam: Exam,
  session: Session,
  events: readonly SessionEvent[],
): Promise<{ response: MonitorResponse; answers: string | null }[]> {
  const of = { sessionId: session.id, userId: session.userId };
  const frames = events.flatMap((event) => (event.kind === 'FINDING' ? [event.frame] : []));
  const samples = events.flatMap((event) => (event.kind === 'SAMPLE' ? [event.sample] : []));
  const seen = frames.length > 0 ? await observationsOf(db, session.id, frames) : NONE;
  const heard = samples.length > 0 ? await samplesOf(db, session.id, samples) : NONE;
  return events.flatMap((event) => {
    const tell = (message: MonitorResponse['message'], answers: string | null) => [
      { response: { eventNumber: event.number, message }, answers },
    ];
    // Retention may have removed a finding: then nothing is left to tell.
    switch (event.kind) {
      case 'ALERT':
        return tell({ $case: 'alert', value: presentOpenAlert(exam, of, event.alert) }, null);
      case 'FINDING': {
        const finding = seen.get(event.frame);
        if (!finding) return [];
        return tell({ $case: 'finding', value: presentFrame(exam, of, finding) }, frameKey(event.frame));
      }
      case 'SAMPLE': {
        const finding = heard.get(event.sample);
        if (!finding) return [];
        return tell({ $case: 'sample', value: presentSample(exam, of, finding) }, sampleKey(event.sample));
      }
    }
  });
}
