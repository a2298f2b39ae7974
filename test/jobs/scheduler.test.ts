import pino from 'pino';
import {
  createScheduler,
  LeaseLost,
  type Job,
  type JobContext,
  type JobRun,
  type Scheduler,
} from '../../src/jobs/index.js';
import type { Storage } from '../../src/storage/index.js';
import { TestClock } from '../support/clock.js';
import { databases, type Place } from '../support/databases.js';
import { eventually } from '../support/eventually.js';

const LEASE_MS = 3_000;
const NEVER = '0 0 29 2 *';

/** A run that the test holds open. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe.each(databases)('the scheduler on $name', ({ open, place }) => {
  let at: Place;
  let clock: TestClock;
  let storage: Storage;
  const nodes: Scheduler[] = [];
  const runs: JobRun[] = [];
  beforeEach(async () => {
    at = await place();
    clock = new TestClock();
    storage = await open(at);
    runs.length = 0;
  });
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.stop(1_000)));
  });

  function node(name: string, run: Job['run'], store = storage, cron = NEVER): Scheduler {
    const scheduler = createScheduler({
      storage: store,
      log: pino({ level: 'silent' }),
      node: name,
      clock,
      onRun: (done) => runs.push(done),
    });
    scheduler.add({ name: 'job', cron, leaseMs: LEASE_MS, run });
    nodes.push(scheduler);
    return scheduler;
  }
  const expiry = async (): Promise<unknown> => (await storage.db('leases').pluck('expires_at'))[0];

  it('runs a slot on one of two nodes, and tells it its ticket', async () => {
    const tickets: number[] = [];
    const run = ({ ticket }: JobContext): Promise<void> => {
      tickets.push(ticket);
      return Promise.resolve();
    };
    const [a, b] = [node('a', run), node('b', run, await open(at))];
    for (let slot = 1; slot <= 5; slot++) {
      clock.advance(1_000);
      const results = await Promise.all([a.wake('job', clock.now()), b.wake('job', clock.now())]);
      expect(results.sort()).toEqual(['held', 'ok']);
    }
    expect(tickets).toEqual([1, 2, 3, 4, 5]);
    expect(runs).toHaveLength(5);
  });

  it('does not overlap on a node', async () => {
    const { opened, open: finish } = gate();
    const a = node('a', () => opened);
    const first = a.wake('job');
    clock.advance(1_000);
    expect(await a.wake('job')).toBe('running');
    finish();
    expect(await first).toBe('ok');
    expect(await a.wake('job')).toBe('ok');
  });

  it('keeps the lease of a run that lasts, and gives it back at the end', async () => {
    const { opened, open: finish } = gate();
    const begun = gate();
    const a = node('a', () => (begun.open(), opened));
    const b = node('b', () => Promise.resolve(), await open(at));
    const first = a.wake('job');
    await begun.opened;
    for (let i = 0; i < 6; i++) {
      clock.advance(LEASE_MS / 3);
      await eventually(async () => expect(await expiry()).toBe(clock.now() + LEASE_MS));
      expect(await b.wake('job')).toBe('held');
    }
    finish();
    expect(await first).toBe('ok');
    clock.advance(1);
    expect(await b.wake('job')).toBe('ok');
  });

  it('takes over from a node that died, and stops one that only slept', async () => {
    const { opened, open: finish } = gate();
    let seen: AbortSignal | undefined;
    let fenced: Promise<unknown> | undefined;
    const a = node('a', async ({ signal, fence }) => {
      seen = signal;
      await opened;
      fenced = storage.transaction(fence);
      await fenced;
    });
    const first = a.wake('job');
    await eventually(() => expect(seen).toBeDefined());
    // Node a's clock stands still: nothing is renewed until it goes on.
    const awake = new TestClock(clock.now() + LEASE_MS);
    const b = createScheduler({
      storage: await open(at),
      log: pino({ level: 'silent' }),
      node: 'b',
      clock: awake,
    });
    nodes.push(b);
    const tickets: number[] = [];
    b.add({
      name: 'job',
      cron: NEVER,
      leaseMs: LEASE_MS,
      run: ({ ticket }) => {
        tickets.push(ticket);
        return Promise.resolve();
      },
    });
    expect(await b.wake('job')).toBe('ok');
    expect(tickets).toEqual([2]);

    clock.advance(LEASE_MS / 3);
    await eventually(() => expect(seen?.aborted).toBe(true));
    expect(seen?.reason).toBeInstanceOf(LeaseLost);
    finish();
    expect(await first).toBe('lost');
    await expect(fenced).rejects.toThrow(LeaseLost);
  });

  it('tries again after a failure', async () => {
    let tries = 0;
    const a = node('a', () => (++tries === 1 ? Promise.reject(new Error('once')) : Promise.resolve()));
    expect(await a.wake('job')).toBe('failed');
    clock.advance(1);
    expect(await a.wake('job')).toBe('ok');
    expect(runs.map(({ job, outcome }) => [job, outcome])).toEqual([
      ['job', 'failed'],
      ['job', 'ok'],
    ]);
  });

  it('survives a database that is away', async () => {
    const away = await open(at);
    const a = node('a', () => Promise.resolve(), away);
    await away.close();
    expect(await a.wake('job')).toBe('failed');
  });

  it('drains: waits for a run, and aborts one that takes too long', async () => {
    const quick = gate();
    const a = node('a', () => quick.opened);
    const first = a.wake('job');
    await eventually(async () => expect(await storage.db('leases').pluck('holder')).toEqual(['a']));
    const stopped = a.stop(60_000);
    expect(await a.wake('job')).toBe('running');
    quick.open();
    await stopped;
    expect(await first).toBe('ok');

    clock.advance(1);
    let seen: AbortSignal | undefined;
    const b = node('b', ({ signal }) => {
      seen = signal;
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          resolve();
        });
      });
    });
    const long = b.wake('job');
    await eventually(() => expect(seen).toBeDefined());
    await b.stop(0);
    expect(seen?.aborted).toBe(true);
    await long;
  });

  it('is woken by cron', async () => {
    let ran = 0;
    const run = (): Promise<void> => {
      ran++;
      return Promise.resolve();
    };
    const a = node('a', run, storage, '* * * * * *');
    a.start();
    await eventually(() => expect(ran).toBeGreaterThan(0));
    await a.stop(1_000);
  });

  it('refuses what it could never run', () => {
    const a = node('a', () => Promise.resolve());
    const job = { name: 'other', cron: '* * * * *', leaseMs: 1, run: () => Promise.resolve() };
    expect(() => {
      a.add({ ...job, name: 'job' });
    }).toThrow(/two jobs/);
    expect(() => {
      a.add({ ...job, cron: 'daily' });
    }).toThrow(/no valid schedule/);
    expect(() => a.wake('nothing')).toThrow(/no job/);
  });
});
