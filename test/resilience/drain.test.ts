import { credentials, Client } from '@grpc/grpc-js';
import { capture } from '../../scripts/demo/camera.js';
import type { CallOptions, Core } from '../../src/grpc/index.js';
import { send } from '../http/support/facade.js';
import { describeWithModels, PORTRAITS } from '../support/faces.js';
import { Recorder } from './recorder.js';
import { dataDirectory, startService, type Service } from './service.js';
import { joinExam, startExam, type Sitting } from './sitting.js';

const DRAIN_SECONDS = 60;

describeWithModels('SIGTERM while calls are in flight', () => {
  let service: Service;
  let core: Core;
  let sitting: Sitting;
  let student: CallOptions;

  beforeAll(async () => {
    service = await startService({
      PROBITY_DATA_DIR: await dataDirectory(),
      PROBITY_DRAIN_SECONDS: String(DRAIN_SECONDS),
    });
    core = await service.connect();
    sitting = await startExam(core, await service.admin());
    student = await joinExam(core, sitting, 'student@ucy.test');
  });

  it('lets them finish, ends streams with a word, and exits with status 0 in time', async () => {
    const shots = await Promise.all(Array.from({ length: 4 }, (_, n) => capture(PORTRAITS.obama3, n)));
    const health = watchHealth(`localhost:${service.grpcPort}`);
    expect(await health.next()).toBe(SERVING);
    const recorder = new Recorder(sitting.exam, student, shots.slice(0, 1));
    const streaming = recorder.stream(core);
    await recorder.until(() => recorder.acknowledged.size === 1);

    // One worker: they wait for each other, and the last are far from done when the signal comes.
    const overRest = shots.slice(1).map((image) =>
      send(`${service.url}/biometrics/monitoring_face/`, 'POST', {
        token: student.token!,
        body: { image: image.toString('base64'), exam_id: sitting.exam.split('/')[1] },
      }),
    );
    const overGrpc = shots.map((image) => core.faces.assessFace({ image }, student));
    await Promise.any([...overRest, ...overGrpc]);
    const begun = Date.now();
    service.signal('SIGTERM');

    expect(await health.next()).toBe(NOT_SERVING);
    health.close();
    const answers = await Promise.all(overRest);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const assessed = await Promise.all(overGrpc);
    expect(assessed.map(({ finding }) => finding?.faceCount)).toEqual([1, 1, 1, 1]);
    expect((await streaming).end).toMatchObject({ reason: 'DRAINING', details: { retryAfterMs: 1000 } });
    expect(await service.ended).toEqual({ code: 0, signal: null });
    expect(Date.now() - begun).toBeLessThan(DRAIN_SECONDS * 1000);
    expect(service.lines.at(-1)).toContain('"stopped"');
    // Nothing went wrong on the way.
    expect(service.lines.filter((line) => (JSON.parse(line) as { level: number }).level >= 50)).toEqual([]);
    await expect(send(`${service.url}/readyz`, 'GET')).rejects.toThrow();
  });
});

/** `grpc.health.v1.HealthCheckResponse.ServingStatus`. */
const SERVING = 1;
const NOT_SERVING = 2;

/** What the standard health service says of the whole server, one change after the other. */
function watchHealth(address: string): { next(): Promise<number | undefined>; close(): void } {
  const client = new Client(address, credentials.createInsecure());
  const path = '/grpc.health.v1.Health/Watch';
  const bytes = (buffer: Buffer): Buffer => buffer;
  const call = client.makeServerStreamRequest(path, bytes, bytes, Buffer.alloc(0));
  call.on('error', () => undefined); // The server ends it.
  const statuses = (call as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  return {
    // Field 1, a varint: 0x08 and the status.
    next: async () => ((await statuses.next()) as IteratorResult<Buffer, undefined>).value?.[1],
    close: () => client.close(),
  };
}
