import { spawnSync } from 'node:child_process';
import { open, readFile, rm } from 'node:fs/promises';
import { createConnection } from 'mysql2/promise';
import { capture } from '../../scripts/demo/camera.js';
import type { CallOptions, Core } from '../../src/grpc/index.js';
import type { StatusError } from '../../src/call/index.js';
import { send, type Answer } from '../http/support/facade.js';
import { eventually } from '../support/eventually.js';
import { describeWithModels, PORTRAITS } from '../support/faces.js';
import { startMariaDb, type MariaDb } from '../support/mariadb.js';
import { dataDirectory, startService, type Service } from './service.js';
import { joinExam, PASSWORD, startExam, type Account, type Sitting } from './sitting.js';

/* What is outside of the service fails while it serves. */

async function failureOf(call: Promise<unknown>): Promise<StatusError> {
  return call.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => error as StatusError,
  );
}

describeWithModels('MariaDB stopped and started again', () => {
  let mariadb: MariaDb;
  let service: Service;
  let core: Core;
  let sitting: Sitting;
  let student: CallOptions;

  beforeAll(async () => {
    mariadb = await startMariaDb();
    const connection = await createConnection(mariadb.url);
    await connection.query('CREATE DATABASE probity').finally(() => connection.end());
    service = await startService({
      PROBITY_DATABASE_URL: `${mariadb.url}/probity`,
      PROBITY_DATA_DIR: await dataDirectory(),
    });
    core = await service.connect();
    sitting = await startExam(core, await service.admin());
    student = await joinExam(core, sitting, 'student@ucy.test');
  });
  afterAll(() => mariadb.stop());

  const frame = async (n: number): Promise<Answer> =>
    send(`${service.url}/biometrics/monitoring_face/`, 'POST', {
      token: student.token!,
      body: {
        image: (await capture(PORTRAITS.obama3, n)).toString('base64'),
        exam_id: sitting.exam.split('/')[1],
      },
    });
  const sessions = () =>
    core.proctoring.listSessions({ exam: sitting.exam, pageSize: 0, pageToken: '' }, sitting.instructor);

  it('is 503 and UNAVAILABLE with a hint meanwhile; then it serves as before, with what it took', async () => {
    expect((await frame(0)).status).toBe(200);
    await mariadb.halt();

    const refused = await frame(1);
    expect([refused.status, refused.body]).toEqual([503, { message: expect.any(String) as string }]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await failureOf(sessions())).toMatchObject({
      reason: 'DATABASE_UNAVAILABLE',
      code: 14,
      details: { retryAfterMs: expect.any(Number) as number },
    });
    const login = { email: 'student@ucy.test', password: PASSWORD, organization: 'UCY' };
    expect((await send(`${service.url}/login`, 'POST', { body: login })).status).toBe(503);
    const unready = await send(`${service.url}/readyz`, 'GET');
    expect([unready.status, unready.body]).toMatchObject([
      503,
      { checks: { database: false, models: true } },
    ]);
    expect((await send(`${service.url}/healthz`, 'GET')).status).toBe(200);

    await mariadb.resume();
    await eventually(async () => expect((await send(`${service.url}/readyz`, 'GET')).status).toBe(200));
    expect((await sessions()).sessions.map(({ frameCount }) => frameCount)).toEqual([1]);
    expect((await frame(1)).status).toBe(200);
    expect((await sessions()).sessions.map(({ frameCount }) => frameCount)).toEqual([2]);
    service.signal('SIGTERM');
    expect(await service.ended).toEqual({ code: 0, signal: null });
  });
});

/** A file system of its own, which only the command in it sees and which goes with it. */
const alone = (directory: string): string[] => [
  ...['unshare', '--mount', 'sh', '-c'],
  ...['mount -t tmpfs -o size=64m none "$0" && exec "$@"', directory],
];
const mountable = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
if (!mountable)
  console.warn('skipped: a full disk under SQLite: mounting a small one needs root and unshare');

(mountable ? describeWithModels : describe.skip)('a disk that is full under SQLite', () => {
  it('is a clear 503, keeps what was acknowledged, and passes', async () => {
    const dataDir = await dataDirectory();
    const service = await startService({ PROBITY_DATA_DIR: dataDir }, { within: alone(dataDir) });
    // The service's own view of its directory.
    const inside = `/proc/${service.pid}/root${dataDir}`;
    const core = await service.connect();
    const [admin] = JSON.parse(await readFile(`${inside}/initial-admins.json`, 'utf8')) as Account[];
    const { instructor } = await startExam(core, admin!, 'organisations/UC');

    const added: string[] = [];
    const add = async (name: string): Promise<Answer> => {
      const answer = await send(`${service.url}/instructor/add_exam`, 'POST', {
        token: instructor.token!,
        body: {
          ...{ name, duration: 60, exam_type: 'Written', privacy_policy: 'x'.repeat(20_000) },
          scheduled_date: new Date(Date.now() + 3_600_000).toISOString(),
        },
      });
      if (answer.status === 200) added.push(name);
      return answer;
    };
    expect((await add('before')).status).toBe(200);
    await fillUp(`${inside}/ballast`);
    // The log that SQLite writes ahead has some room of its own.
    let last = await add('first');
    for (let n = 0; last.status === 200 && n < 2_000; n++) last = await add(`exam ${n}`);
    expect([last.status, last.body]).toEqual([503, { message: 'The database has no room left to write.' }]);
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await send(`${service.url}/healthz`, 'GET')).status).toBe(200);

    await rm(`${inside}/ballast`);
    expect((await add('after')).status).toBe(200);
    const { exams } = await core.exams.listExams({ pageSize: 1000, pageToken: '' }, instructor);
    const listed = exams.map(({ displayName }) => displayName).filter((name) => name !== 'Algebra');
    expect(listed.sort()).toEqual([...added].sort());
    service.signal('SIGTERM');
    expect(await service.ended).toEqual({ code: 0, signal: null });
  });
});

/** Writes until nothing more fits. */
async function fillUp(file: string): Promise<void> {
  const ballast = await open(file, 'w');
  try {
    for (const size of [65_536, 4_096, 1]) {
      for (;;) {
        const { bytesWritten } = await ballast.write(Buffer.alloc(size));
        if (bytesWritten < size) break;
      }
    }
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  } finally {
    await ballast.close();
  }
}
