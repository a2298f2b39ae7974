import type { Context } from '../../src/call/index.js';
import {
  ClientEventType,
  type MonitorRequest,
  type MonitorResponse,
} from '../../src/grpc/gen/probity/exams/v1/monitor_service.js';
import type { Exams } from '../../src/exams/index.js';

/** A client of the Monitor stream: what it sends is read when the server asks for it. */
export class MonitorClient {
  readonly received: MonitorResponse[] = [];
  /** Requests that the server has read. */
  read = 0;
  private readonly queue: MonitorRequest[] = [];
  private wake: (() => void) | null = null;
  private closed = false;
  private readonly responses: AsyncIterator<MonitorResponse>;
  private readonly abort: AbortController;

  constructor(exams: Pick<Exams, 'handlers'>, ctx: Context) {
    this.abort = new AbortController();
    const incoming = this.requests();
    const stream = exams.handlers.monitor.monitor(incoming, { ...ctx, signal: this.abort.signal });
    this.responses = stream[Symbol.asyncIterator]();
  }

  open(exam: string, resumeAfter = 0): this {
    return this.send({ message: { $case: 'open', value: { exam, resumeAfter } } });
  }

  frame(number: number, image: Buffer, captureTime?: Date): this {
    return this.send({ message: { $case: 'frame', value: { number, image, captureTime } } });
  }

  audio(number: number, audio: Buffer, captureTime?: Date): this {
    return this.send({ message: { $case: 'audio', value: { number, audio, captureTime } } });
  }

  interaction(number: number, interaction: Buffer): this {
    const value = { number, interaction, captureTime: undefined };
    return this.send({ message: { $case: 'interaction', value } });
  }

  event(type: ClientEventType): this {
    return this.send({ message: { $case: 'event', value: { type, time: undefined } } });
  }

  heartbeat(): this {
    return this.event(ClientEventType.CLIENT_EVENT_TYPE_HEARTBEAT);
  }

  send(request: MonitorRequest): this {
    this.queue.push(request);
    this.wake?.();
    return this;
  }

  /** Says no more. */
  end(): this {
    this.closed = true;
    this.wake?.();
    return this;
  }

  /** The next response; undefined at the end of the stream. */
  async next(): Promise<MonitorResponse | undefined> {
    const next = await this.responses.next();
    if (next.done) return undefined;
    this.received.push(next.value);
    return next.value;
  }

  async take(count: number): Promise<MonitorResponse[]> {
    const taken: MonitorResponse[] = [];
    while (taken.length < count) {
      const response = await this.next();
      if (!response) break;
      taken.push(response);
    }
    return taken;
  }

  /** Everything until the server ends the stream. */
  async rest(): Promise<MonitorResponse[]> {
    return this.take(Number.POSITIVE_INFINITY);
  }

  /** The connection is gone. */
  async cut(): Promise<void> {
    this.abort.abort();
    this.end();
    await this.responses.return?.().catch(() => undefined);
  }

  private async *requests(): AsyncGenerator<MonitorRequest> {
    for (;;) {
      const request = this.queue.shift();
      if (request) {
        this.read++;
        yield request;
      } else if (this.closed) return;
      else {
        await new Promise<void>((resolve) => (this.wake = resolve));
        this.wake = null;
      }
    }
  }
}

/** `finding 3`, `sample 2`, `alert`, `rejected 4`, `opened`: what a response is, in short. */
export function short({ message }: MonitorResponse): string {
  switch (message?.$case) {
    case 'finding':
      return `finding ${message.value.frame}`;
    case 'rejected':
      return `rejected ${message.value.frame} ${message.value.reason}`;
    case 'sample':
      return `sample ${message.value.number}`;
    case 'sampleRejected':
      return `sample rejected ${message.value.number} ${message.value.reason}`;
    default:
      return message?.$case ?? 'nothing';
  }
}
