import { setTimeout as sleep } from 'node:timers/promises';
import { status, type Client, type Metadata, type ServiceError } from '@grpc/grpc-js';
import type { Duration } from '../../src/grpc/gen/google/protobuf/duration.js';
import {
  ClientEventType,
  type FrameFinding,
  type MonitorRequest,
  type MonitorResponse,
  MonitorServiceService,
} from '../../src/grpc/gen/probity/exams/v1/monitor_service.js';
import type { Alert } from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';

const RECONNECT_MS = 1000;

export type Seen = { finding: FrameFinding } | { alert: Alert };

/**
 * A student's Monitor stream: sends each of `pictures`, one at a time, and yields every finding and alert. Ends
 * when the pictures do.
 *
 * A broken stream is taken up again where it broke: the server repeats every event that was not seen, and the
 * frame it has not committed is sent again. Throws what a new stream cannot mend.
 */
export async function* watch(
  client: Client,
  metadata: Metadata,
  exam: string,
  pictures: AsyncIterator<Buffer>,
): AsyncGenerator<Seen> {
  let lastEvent = 0;
  let picture = await pictures.next();

  while (!picture.done) {
    const { path, requestSerialize, responseDeserialize } = MonitorServiceService.monitor;
    const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata);
    let heartbeat: NodeJS.Timeout | undefined;
    const send = (message: MonitorRequest['message']): void => void stream.write({ message });
    try {
      const responses = (stream as AsyncIterable<MonitorResponse>)[Symbol.asyncIterator]();
      const next = async (): Promise<MonitorResponse> => {
        const response = await responses.next();
        if (response.done) throw new Broken();
        return response.value;
      };

      send({ $case: 'open', value: { exam, resumeAfter: lastEvent } });
      const first = (await next()).message;
      if (first?.$case !== 'opened') throw new Error('The server answered something else than Opened first.');
      const opened = first.value;
      heartbeat = setInterval(
        () =>
          send({
            $case: 'event',
            value: { type: ClientEventType.CLIENT_EVENT_TYPE_HEARTBEAT, time: new Date() },
          }),
        milliseconds(opened.heartbeatInterval),
      );

      let due = Date.now();
      for (let number = opened.nextFrame; !picture.done; number++) {
        await sleep(Math.max(0, due - Date.now()));
        due = Date.now() + milliseconds(opened.frameInterval);
        const image = picture.value;
        const frame = (): void => send({ $case: 'frame', value: { number, image, captureTime: new Date() } });
        frame();
        for (let answered = false; !answered;) {
          const { eventNumber, message } = await next();
          lastEvent = Math.max(lastEvent, eventNumber);
          if (message?.$case === 'rejected') {
            await sleep(milliseconds(message.value.retryAfter));
            frame();
          } else if (message?.$case === 'alert') {
            yield { alert: message.value };
          } else if (message?.$case === 'finding') {
            yield { finding: message.value };
            answered = message.value.frame === number;
          }
        }
        picture = await pictures.next();
      }
    } catch (error) {
      if (!(error instanceof Broken) && (error as Partial<ServiceError>).code !== status.UNAVAILABLE)
        throw error;
      await sleep(RECONNECT_MS);
    } finally {
      clearInterval(heartbeat);
      stream.on('error', () => undefined);
      stream.cancel();
    }
  }
}

/** The server ended the stream without an error. */
class Broken extends Error {}

function milliseconds(duration: Duration | undefined): number {
  return duration ? Number(duration.seconds) * 1000 + duration.nanos / 1_000_000 : 0;
}
