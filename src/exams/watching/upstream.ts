import {
  invalidFields,
  toStatusError,
  validate,
  type Context,
  type Reason,
  type StatusError,
} from '../../call/index.js';
import type {
  AudioChunk,
  ClientEvent,
  Frame,
  InteractionEvents,
  MonitorRequest,
  MonitorResponse,
} from '../../grpc/gen/probity/exams/v1/monitor_service.js';
import type { Exam } from '../exam.js';
import type { ExamsDependencies } from '../exams.js';
import { presentFrame, presentSample } from '../present/monitoring.js';
import { presentDuration } from '../present/time.js';
import * as requests from '../requests.js';
import type { Bell } from './bell.js';
import { insertClientClaim } from './event-store.js';
import type { FramePath } from './frame.js';
import type { SampleModality } from './fusion.js';
import { MOST_CLIENT_EVENTS, STORE_HEARTBEAT_MS } from './heartbeat.js';
import type { InFlight } from './in-flight.js';
import type { Committed } from './intake.js';
import type { SamplePath } from './sample.js';
import { touch } from './session-store.js';
import type { Session } from './session.js';

/** Longest a frame or a sample may take in the engine before it is given back. */
const DEADLINE_MS = 10_000;
const RETRY_MS = 1_000;

/** It was not taken, through no fault of its own: it is to be sent again. */
const AGAIN: ReadonlySet<Reason> = new Set<Reason>([
  'ENGINE_OVERLOADED',
  'DEADLINE_EXCEEDED',
  'MODEL_UNAVAILABLE',
  'DATABASE_UNAVAILABLE',
]);

/** The ways that what comes up takes. */
export interface Paths {
  frames: FramePath;
  samples: SamplePath;
}

/** An answer that is not an event of the log, and what it answers. */
export interface Direct {
  response: MonitorResponse;
  answers: string;
}

/** Under which a frame or a sample is in flight. */
export const frameKey = (number: number): string => `frame ${number}`;
export const sampleKey = (number: number): string => `sample ${number}`;

type Message = MonitorResponse['message'];

/** How what came up is answered outside of the log. */
interface Answers<Observation> {
  key: string;
  number: number;
  /** Numbers that we refused: they are missing through us. */
  owed: Set<number>;
  found(observation: Observation): Message;
  /** @param retryAfterMs null: sending it again would change nothing */
  refused(reason: Reason, retryAfterMs: number | null): Message;
  /** Whether the stream goes on without it for this reason too. */
  spares(reason: Reason): boolean;
}

/** What the client sends, as it is read. */
export class Upstream {
  /** The client has said all that it will say. */
  done = false;
  /** Why the stream must end. */
  failure: StatusError | null = null;
  private stopped = false;
  private lastHeard = 0;
  private clientEvents = 0;
  private readonly owedFrames = new Set<number>();
  private readonly owedSamples = new Set<number>();

  constructor(
    private readonly dependencies: ExamsDependencies,
    private readonly paths: Paths,
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
      case 'audio':
        this.takeSample(validate(requests.audioMessage, message.value satisfies AudioChunk));
        return;
      case 'interaction':
        this.takeSample(validate(requests.interactionMessage, message.value satisfies InteractionEvents));
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
    const { exam, session, streamId } = this.held;
    const of = { sessionId: session.id, userId: session.userId };
    const owed = this.owedFrames;
    this.follow(
      this.paths.frames.submit(
        { sessionId: session.id, number, image, capturedAt: captureTime, owed, streamId, client: '' },
        this.call(),
      ),
      {
        key: frameKey(number),
        number,
        owed,
        found: (observation) => ({ $case: 'finding', value: presentFrame(exam, of, observation) }),
        refused: (reason, retryAfterMs) => ({
          $case: 'rejected',
          value: { frame: number, reason, retryAfter: presentDuration(retryAfterMs ?? RETRY_MS) },
        }),
        spares: () => false,
      },
    );
  }

  private takeSample(sample: {
    number: number;
    modality: SampleModality;
    content: Uint8Array;
    captureTime: number | null;
  }): void {
    const { number, modality, content, captureTime } = sample;
    const { exam, session, streamId } = this.held;
    const of = { sessionId: session.id, userId: session.userId };
    const owed = this.owedSamples;
    this.follow(
      this.paths.samples.submit(
        { sessionId: session.id, number, modality, content, capturedAt: captureTime, owed, streamId },
        this.call(),
      ),
      {
        key: sampleKey(number),
        number,
        owed,
        found: (observation) => ({ $case: 'sample', value: presentSample(exam, of, observation) }),
        refused: (reason, retryAfterMs) => ({
          $case: 'sampleRejected',
          value: {
            number,
            reason,
            retryAfter: retryAfterMs === null ? undefined : presentDuration(retryAfterMs),
          },
        }),
        // Nobody has to be heard to be watched: refusing a modality costs nothing but its samples.
        spares: (reason) => reason === 'CONSENT_REQUIRED',
      },
    );
  }

  private call(): { signal: AbortSignal; deadline: number } {
    const { signal, deadline } = this.ctx;
    return { signal, deadline: Math.min(deadline, Date.now() + DEADLINE_MS) };
  }

  /** Answers for what was handed in, unless the log does. */
  private follow<Observation>(
    submitted: Promise<Committed<Observation>>,
    answers: Answers<Observation>,
  ): void {
    const { flight, bell } = this.shared;
    flight.add(answers.key);
    void submitted
      .then(
        ({ event, observation, repeated }) => {
          answers.owed.delete(answers.number);
          // A new finding comes down with the event log.
          if (repeated) this.tell(answers.key, event, answers.found(observation));
        },
        (error: unknown) => this.refuse(error, answers),
      )
      .finally(() => bell.ring());
  }

  private refuse(error: unknown, answers: Answers<never>): void {
    const { reason, details } = toStatusError(error);
    const again = AGAIN.has(reason);
    if (this.ctx.signal.aborted || !(again || answers.spares(reason))) {
      this.fail(error);
      return;
    }
    answers.owed.add(answers.number);
    this.tell(answers.key, 0, answers.refused(reason, again ? (details.retryAfterMs ?? RETRY_MS) : null));
  }

  private tell(answers: string, eventNumber: number, message: Message): void {
    this.shared.direct.push({ answers, response: { eventNumber, message } });
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
