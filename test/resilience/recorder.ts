import { isDeepStrictEqual } from 'node:util';
import { toStatusError, type StatusError } from '../../src/call/index.js';
import type { CallOptions, Core } from '../../src/grpc/index.js';
import type {
  MonitorOpened,
  MonitorRequest,
  MonitorResponse,
} from '../../src/grpc/gen/probity/exams/v1/monitor_service.js';
import type { Alert } from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';

/**
 * A student's client: sends the frames of a session over as many Monitor streams as it takes, and remembers every
 * event it was told. Throws when an event number is skipped, or comes again with another content.
 */
export class Recorder {
  /** By event number. */
  readonly events = new Map<number, MonitorResponse['message']>();
  /** Numbers of frames whose finding arrived. */
  readonly acknowledged = new Set<number>();
  /** How often a frame was given back. */
  rejections = 0;
  /** Highest number that was ever handed to a stream. */
  sent = 0;
  private watchers: { holds: () => boolean; resolve: () => void; reject: (why: Error) => void }[] = [];

  constructor(
    private readonly exam: string,
    private readonly student: CallOptions,
    /** Frame n is `frames[n - 1]`. */
    private readonly frames: readonly Buffer[],
  ) {}

  get lastEvent(): number {
    return this.events.size;
  }

  /** Every alert that was told of, as it was told last, by name. */
  alerts(): Map<string, Alert> {
    const alerts = new Map<string, Alert>();
    for (const [, message] of [...this.events].sort(([a], [b]) => a - b)) {
      if (message?.$case === 'finding')
        for (const alert of message.value.alerts) alerts.set(alert.name, alert);
      if (message?.$case === 'alert') alerts.set(message.value.name, message.value);
    }
    return alerts;
  }

  /** Resolves when `holds` does, tried after every event; rejects when the stream ends first. */
  async until(holds: () => boolean): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve, reject) => this.watchers.push({ holds, resolve, reject }));
  }

  /**
   * One stream, from where the last one broke, until it breaks, ends, or `signal` aborts. Answers what was opened and
   * why it ended, null where the server ended it in order.
   */
  async stream(
    core: Core,
    signal?: AbortSignal,
  ): Promise<{ opened: MonitorOpened; end: StatusError | null }> {
    const upstream = new Upstream({ $case: 'open', value: { exam: this.exam, resumeAfter: this.lastEvent } });
    const call = { ...this.student, ...(signal && { signal }) };
    let opened: MonitorOpened | undefined;
    let end: StatusError | null = null;
    try {
      for await (const response of core.monitor.monitor(upstream.requests(), call)) {
        if (response.message?.$case === 'opened') {
          opened = response.message.value;
          this.feed(upstream, opened.nextFrame, opened.maxFramesInFlight);
        } else this.take(upstream, response);
      }
    } catch (thrown) {
      end = toStatusError(thrown);
    }
    upstream.close();
    for (const { reject } of this.watchers.splice(0)) {
      reject(new Error(`the stream ended: ${end?.message ?? 'in order'}`, { cause: end?.cause }));
    }
    if (!opened) throw end ?? new Error('The server answered something else than Opened first.');
    return { opened, end };
  }

  private feed(upstream: Upstream, from: number, count: number): void {
    upstream.next = from;
    for (let i = 0; i < count; i++) this.sendNext(upstream);
  }

  private sendNext(upstream: Upstream): void {
    if (upstream.next <= this.frames.length) this.send(upstream, upstream.next++);
  }

  private send(upstream: Upstream, number: number): void {
    const image = this.frames[number - 1]!;
    this.sent = Math.max(this.sent, number);
    upstream.send({ $case: 'frame', value: { number, image, captureTime: new Date() } });
  }

  private take(upstream: Upstream, { eventNumber, message }: MonitorResponse): void {
    if (message?.$case === 'rejected') {
      this.rejections++;
      this.send(upstream, message.value.frame);
      return;
    }
    const known = this.events.get(eventNumber);
    if (known ? !isDeepStrictEqual(known, message) : eventNumber !== this.lastEvent + 1) {
      throw new Error(`Event ${eventNumber} after ${this.lastEvent}, known: ${String(known !== undefined)}`);
    }
    this.events.set(eventNumber, message);
    if (message?.$case === 'finding') {
      this.acknowledged.add(message.value.frame);
      // What is repeated answers frames of an earlier stream.
      if (message.value.frame >= upstream.first) this.sendNext(upstream);
    }
    const held = this.watchers.filter(({ holds }) => holds());
    this.watchers = this.watchers.filter((watcher) => !held.includes(watcher));
    for (const { resolve } of held) resolve();
  }
}

/** What goes up, as it is sent. */
class Upstream {
  next = 0;
  first = Infinity;
  private readonly outgoing: MonitorRequest[];
  private wake: () => void = () => undefined;
  private closed = false;

  constructor(open: MonitorRequest['message']) {
    this.outgoing = [{ message: open }];
  }

  send(message: MonitorRequest['message']): void {
    if (message?.$case === 'frame') this.first = Math.min(this.first, message.value.number);
    this.outgoing.push({ message });
    this.wake();
  }

  close(): void {
    this.closed = true;
    this.wake();
  }

  async *requests(): AsyncGenerator<MonitorRequest> {
    while (!this.closed) {
      const request = this.outgoing.shift();
      if (request) yield request;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
