import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LmsKind } from '../../src/grpc/gen/probity/lms/v1/lms_service.js';
import type { AdmissionChange } from '../../src/lms/ports.js';
import { createOutbound, type Outbound } from '../../src/outbound/index.js';
import { databases } from '../support/databases.js';
import { jobContext } from '../exams/jobs.js';
import { signerOf, type Signer } from '../support/moodle-site.js';
import { createWorld, type World } from './world.js';

/** All but the timers. */
const OTHER_CLOCKS = [
  ...(['Date', 'hrtime', 'performance', 'nextTick', 'queueMicrotask'] as const),
  ...(['setImmediate', 'clearImmediate', 'setInterval', 'clearInterval'] as const),
];

describe.each(databases)('states that Moodle is told, on $name', ({ open }) => {
  let world: World;
  let outbound: Outbound;
  let site: Signer;
  /** What the web service of the Moodle was sent, and how it answers. */
  let sent: URLSearchParams[];
  let moodle: { status: number; body: string };
  /** What happens instead of an answer. */
  let silent: (() => void) | null;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      sent.push(new URLSearchParams(Buffer.concat(chunks).toString()));
      if (silent) silent();
      else response.writeHead(moodle.status, { 'content-type': 'application/json' }).end(moodle.body);
    });
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  beforeEach(async () => {
    sent = [];
    silent = null;
    moodle = { status: 200, body: '{"accepted":1}' };
    outbound = createOutbound({ enabled: true, allow: ['127.0.0.1'], retryDelayMs: 1 });
    world = await createWorld(await open(), { outbound });
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const request = { kind: LmsKind.LMS_KIND_MOODLE, displayName: 'Moodle', address, token: 'secret' };
    const { name } = await world.lms.handlers.lms.connectLms(request, world.ctx());
    const { siteKey } = await world.lms.handlers.lms.createSiteKey({ name }, world.ctx());
    site = signerOf(siteKey, address, world.clock.now);
    await world.launch(site);
  });
  afterEach(async () => {
    jest.useRealTimers();
    await outbound.close();
  });

  const change = async (revision: number, said: Partial<AdmissionChange> = {}): Promise<void> => {
    const { db } = world.storage;
    const [examId = ''] = (await db('lms_exams').pluck('exam_id')) as string[];
    const [userId = ''] = (await db('lms_accounts').pluck('user_id')) as string[];
    const told = { admitted: true, state: 'IDENTIFIED', reason: 'NONE', at: world.clock.now() } as const;
    await world.storage.transaction((tx) =>
      world.lms.admissionChanged(tx, {
        ...{ ...told, examId, userId, revision, ...said },
      }),
    );
  };
  const run = () => world.lms.jobs.find(({ name }) => name === 'lms-push')!.run(jobContext());
  const waiting = () => world.storage.db('lms_pushes').select('revision', 'attempts');

  test('is told the newest of each student, once, by the ids it has', async () => {
    await change(1);
    await change(2, { admitted: false, state: 'PAUSED', reason: 'OTHER_PERSON' });
    await run();
    await run();
    expect(sent.map((form) => Object.fromEntries(form))).toEqual([
      {
        ...{ wstoken: 'secret', wsfunction: 'quizaccess_probity_set_states', moodlewsrestformat: 'json' },
        ...{ 'states[0][quizid]': '12', 'states[0][userid]': '5', 'states[0][admitted]': '0' },
        ...{ 'states[0][state]': 'PAUSED', 'states[0][reason]': 'OTHER_PERSON', 'states[0][revision]': '2' },
      },
    ]);
    expect(await waiting()).toEqual([]);
  });

  test('is told again while it does not answer, later each time, and at last no more', async () => {
    moodle = {
      status: 200,
      body: '{"exception":"x","errorcode":"invalidrecord","message":"no such function"}',
    };
    await change(1);
    await run();
    await run();
    expect(sent).toHaveLength(1);
    expect(await waiting()).toEqual([{ revision: 1, attempts: 1 }]);
    for (const delay of [10, 20, 40, 80, 160, 320, 640]) {
      world.clock.advance(delay * 1000 - 1);
      await run();
      world.clock.advance(1);
      await run();
    }
    expect(sent).toHaveLength(8);
    expect(await waiting()).toEqual([]);
  });

  test('a site that fails, or whose token cannot be opened, keeps no other waiting', async () => {
    const { db } = world.storage;
    await change(1);
    const bad = {
      kind: LmsKind.LMS_KIND_MOODLE,
      displayName: 'Bad',
      address: 'http://127.0.0.1:9',
      token: 'x',
    };
    const failing: string[] = [];
    for (const token of [Buffer.from('not sealed by us'), null]) {
      const { name } = await world.lms.handlers.lms.connectLms(
        { ...bad, address: `${bad.address}/${failing.length}` },
        world.ctx(),
      );
      const id = name.split('/')[1]!;
      failing.push(id);
      if (token) await db('lms_connections').where({ id }).update({ token });
      const [push] = (await db('lms_pushes').select()) as object[];
      const due = Array.from({ length: 600 }, (_, n) => ({
        ...push,
        connection_id: id,
        user_id: `${failing.length}/${n}`,
        due_at: 1,
      }));
      await db.batchInsert('lms_pushes', due, 40);
      const [exam] = (await db('lms_exams').select()) as object[];
      await db('lms_exams').insert({ ...exam, connection_id: id, exam_id: id });
      await db('lms_pushes').where('connection_id', id).update({ exam_id: id });
      const people = Array.from({ length: 600 }, (_, n) => ({
        ...{
          connection_id: id,
          external_id: String(n),
          organisation_id: 'UCY',
          user_id: `${failing.length}/${n}`,
          created_at: 1,
        },
      }));
      await db.batchInsert('lms_accounts', people, 40);
    }
    await run();
    expect(sent.map((form) => form.get('states[0][revision]'))).toEqual(['1']);
    expect(await db('lms_pushes').whereNotIn('connection_id', failing)).toEqual([]);
    expect(await db('lms_pushes').where('attempts', 1).select()).toHaveLength(1_000);
    await run();
    expect(await db('lms_pushes').where('attempts', 1).select()).toHaveLength(1_200);
  });

  test('a site that never answers in time is left alone after five times', async () => {
    jest.useFakeTimers({ doNotFake: OTHER_CLOCKS });
    silent = () => {
      jest.advanceTimersByTime(15_000);
    };
    await change(1);
    for (let n = 1; n <= 6; n++) {
      await run();
      expect(await waiting()).toEqual([{ revision: 1, attempts: n }]);
      world.clock.advance(1_000_000);
    }
    expect(sent).toHaveLength(5);
  });

  test('a newer state does not wait for an older one that failed', async () => {
    moodle = { status: 200, body: 'null' };
    await change(1);
    await run();
    moodle = { status: 200, body: '{"accepted":1}' };
    await change(2);
    await run();
    expect(sent.at(-1)!.get('states[0][revision]')).toBe('2');
    expect(await waiting()).toEqual([]);
  });

  test('who is erased is not told of; a site without a token is told nothing', async () => {
    await change(1);
    const [id = ''] = (await world.storage.db('lms_accounts').pluck('user_id')) as string[];
    expect(await world.storage.transaction((tx) => world.lms.subjectData.erase(tx, id))).toMatchObject({
      ...{ lms_pushes: 1, lms_accounts: 1 },
    });
    await run();
    await world.launch(site);
    await world.storage.db('lms_connections').update({ token: Buffer.alloc(0) });
    await change(3);
    expect([sent, await waiting()]).toEqual([[], []]);
  });
});
