import { connect, type Socket } from 'node:net';
import path from 'node:path';
import type { CallOptions, Core } from '../../src/grpc/index.js';
import type { StatusError } from '../../src/call/index.js';
import { send } from '../http/support/facade.js';
import { describeWithModels, PORTRAITS } from '../support/faces.js';
import { eventually } from '../support/eventually.js';
import { dataDirectory, startService, type Service } from './service.js';
import { logIn } from './sitting.js';

/* A model's run that never returns, in the service as it is run: only the worker of this suite knows how to hang. */

const HANGS = Buffer.concat([PORTRAITS.obama1, Buffer.from('a run that never returns')]);
/** A slow machine must have brought the picture to a worker by then; half of a request waits for 10 s. */
const DEADLINE_MS = 3_000;

describeWithModels('a hung inference run', () => {
  let service: Service;
  let core: Core;
  let admin: CallOptions;

  beforeAll(async () => {
    const preload = path.join(__dirname, 'hang/preload.cjs');
    service = await startService(
      { PROBITY_DATA_DIR: await dataDirectory() },
      { nodeOptions: ['--require', preload] },
    );
    core = await service.connect();
    admin = await logIn(core, await service.admin());
  });

  const detect = (image: Buffer, call: CallOptions = {}) =>
    core.faces.detectFaces({ image }, { ...admin, ...call });
  const hang = async (): Promise<StatusError> => {
    const failed = detect(HANGS, { deadline: Date.now() + DEADLINE_MS });
    return failed.then(
      () => Promise.reject(new Error('it did not hang')),
      (error: unknown) => error as StatusError,
    );
  };

  it('fails to its caller with DEADLINE_EXCEEDED, and the service answers on', async () => {
    expect(await hang()).toMatchObject({ reason: 'DEADLINE_EXCEEDED' });
    // The one worker is lost; after the grace a spare takes its place.
    expect((await detect(PORTRAITS.obama2, { deadline: Date.now() + 60_000 })).faces).toHaveLength(1);
    expect(await core.models.listModels({}, admin)).toMatchObject({ workers: 1, queuedJobs: 0 });
    const ready = await send(`${service.url}/readyz`, 'GET');
    expect([ready.status, ready.body]).toMatchObject([200, { checks: { models: true } }]);
  });

  it('at the limit is not ready any more, drains and ends with status 1; nothing aborts', async () => {
    const probe = await halfAsked(service.httpPort, '/readyz');
    expect(await hang()).toMatchObject({ reason: 'DEADLINE_EXCEEDED' });
    await eventually(() => expect(service.lines.join('\n')).toContain('inference workers are stuck'));
    // Asked on a connection that was open before: no new ones are taken.
    const answer = await probe.finish();
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toContain('"models":false');
    expect(await service.ended).toEqual({ code: 1, signal: null });
    expect(service.lines.at(-1)).toContain('"stopped"');
  });
});

/** A request whose headers are not complete until `finish`, which answers all that came back. */
async function halfAsked(port: number, at: string): Promise<{ finish(): Promise<string> }> {
  const socket: Socket = connect(port, '127.0.0.1');
  const answer: Buffer[] = [];
  socket.on('data', (chunk) => answer.push(chunk));
  await new Promise<void>((resolve) => {
    socket.write(`GET ${at} HTTP/1.1\r\nHost: localhost\r\n`, () => resolve());
  });
  return {
    finish: () =>
      new Promise((resolve, reject) => {
        socket.once('error', reject);
        socket.once('close', () => resolve(Buffer.concat(answer).toString()));
        socket.write('Connection: close\r\n\r\n');
      }),
  };
}
