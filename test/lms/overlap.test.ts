import { createProvisioning } from '../../src/exams/provisioning.js';
import { linkPeople } from '../../src/lms/accounts.js';
import { insertAccount } from '../../src/lms/account-store.js';
import { examOfActivity } from '../../src/lms/activities.js';
import type { Connection } from '../../src/lms/connection.js';
import type { ExternalAccounts, Person, Provisioning } from '../../src/lms/ports.js';
import { tombstone, withoutErased } from '../../src/lms/sync/erased.js';
import { createProvisioner } from '../../src/lms/sync/provisioning.js';
import { putTombstone, tombstonesOf } from '../../src/lms/sync/tombstone-store.js';
import { again, type Db } from '../../src/storage/index.js';
import { deferred } from '../contract/harness.js';
import { databases } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { createWorld, type World } from './world.js';

const ADA = {
  externalId: '5',
  email: 'ada@ucy.test',
  givenName: 'Ada',
  familyName: 'L',
  role: 'STUDENT',
} as const;
const QUIZ = { id: 'quiz:12', name: 'Mid-term', courseId: '2' };
const signal = new AbortController().signal;

/** What somebody else commits in the middle is written by the same transaction: READ COMMITTED shows either alike. */
describe.each(databases)('what two write at the same time, on $name', ({ open }) => {
  let world: World;
  let connection: Connection;
  beforeEach(async () => {
    world = await createWorld(await open());
    const { connection: own } = await world.connect();
    connection = { id: own, organisationId: 'UCY' } as Connection;
  });
  const provisionerWith = (change: Partial<Provisioning> = {}) =>
    createProvisioner({
      ...{ storage: world.storage, audit: world.audit, clock: world.clock },
      ...{ directory: world.identity.directory, externalAccounts: world.identity.externalAccounts },
      exams: { ...createProvisioning({ audit: world.audit, clock: world.clock }), ...change },
    });
  const within = <T>(work: (tx: Db) => Promise<T>) => again(() => world.storage.transaction(work));

  test('whom a launch links while a sync does is one person, and no conflict', async () => {
    const user: Person = { id: 'ada', ...ADA };
    const accounts: ExternalAccounts = {
      promote: () => Promise.resolve(),
      async ensure(tx) {
        await insertAccount(tx, connection, { externalId: '5', userId: user.id }, 1);
        return [user];
      },
    };
    const linked = await within((tx) => linkPeople(tx, accounts, connection, [ADA], 1));
    expect([...linked]).toEqual([['5', 'ada']]);
    // Somebody else with that account is one all the same.
    const other = { ...ADA, externalId: '6' };
    const ensured: ExternalAccounts = { ...accounts, ensure: () => Promise.resolve([user]) };
    expect([...(await within((tx) => linkPeople(tx, ensured, connection, [other], 1)))]).toEqual([
      ['6', null],
    ]);
  });

  test('of two that make the exam of an activity anew, one finds the other’s', async () => {
    const exams = createProvisioning({ audit: world.audit, clock: world.clock });
    const first = await within((tx) => examOfActivity(tx, exams, connection, QUIZ, null, 1));
    await world.storage.db('exams').delete();
    let calls = 0;
    const overlapping: Pick<Provisioning, 'exam' | 'make'> = {
      exam: (db, id) => exams.exam(db, id),
      async make(tx, organisationId, name) {
        if (calls++ === 0) await examOfActivity(tx, exams, connection, QUIZ, null, 1);
        return exams.make(tx, organisationId, name);
      },
    };
    const second = await world.storage
      .transaction((tx) => examOfActivity(tx, overlapping, connection, QUIZ, null, 1))
      .catch((error: unknown) => error);
    expect(second).toMatchObject({ reason: 'VERSION_CONFLICT' });
    const third = await within((tx) => examOfActivity(tx, overlapping, connection, QUIZ, null, 1));
    expect(third.exam.id).not.toBe(first.exam.id);
    expect(await world.storage.db('exams').pluck('id')).toEqual([third.exam.id]);
  });

  test('whoever is erased meanwhile is left out of what is written', async () => {
    const told: string[][] = [];
    const digest = tombstone(world.audit, connection, '5');
    const work = (tx: Db) =>
      withoutErased(tx, world.audit, connection, ['4', '5'], async (erased) => {
        told.push([...erased]);
        if (told.length === 1) await putTombstone(tx, connection.id, digest, 1);
      });
    await expect(world.storage.transaction(work)).rejects.toMatchObject({ reason: 'VERSION_CONFLICT' });
    await putTombstone(world.storage.db, connection.id, digest, 1);
    await within(work);
    expect(told).toEqual([[], ['5']]);
    // Once more, after they had come back: the later erasure is the one that counts.
    await insertAccount(world.storage.db, connection, { externalId: '5', userId: 'ada' }, 1);
    const twice = (tx: Db) =>
      withoutErased(tx, world.audit, connection, ['5'], () => putTombstone(tx, connection.id, digest, 2));
    await expect(world.storage.transaction(twice)).rejects.toMatchObject({ reason: 'VERSION_CONFLICT' });
  });

  test('who was erased after the list of people was read is not made again', async () => {
    const times = { opensAt: 0, closesAt: 0, limitMs: 0 };
    const activity = { ...QUIZ, kind: 'QUIZ', visible: true, times } as const;
    const entries = ['4', '5'].map((id) => ({
      member: { ...ADA, id, email: `${id}@ucy.test`, role: 'STUDENT' as const, groups: [] },
      times,
    }));
    await putTombstone(world.storage.db, connection.id, tombstone(world.audit, connection, '5'), 1);
    const done = await provisionerWith().provision(connection, activity, entries, signal);
    expect(done.problems).toEqual([{ personId: '', why: 'NO_TEACHER' }]);
    expect(await world.storage.db('users').where('email', 'like', '%@ucy.test').pluck('email')).toEqual([
      '4@ucy.test',
    ]);
  });

  test('a whole course is taken out of its exams in steps', async () => {
    const { db } = world.storage;
    for (let n = 1; n <= 450; n++) {
      await insertAccount(db, connection, { externalId: String(n), userId: `user ${n}` }, 1);
    }
    const exams = createProvisioning({ audit: world.audit, clock: world.clock });
    await within((tx) => examOfActivity(tx, exams, connection, QUIZ, null, 1));
    const steps: number[] = [];
    const provisioner = provisionerWith({
      withdraw: (_tx, _exam, userIds) => Promise.resolve(steps.push(userIds.length)),
    });
    const people = Array.from({ length: 450 }, (_, n) => String(n + 1));
    await provisioner.release(connection, '2', people, signal);
    expect(steps).toEqual([200, 200, 50]);
  });
});

describe.each(databases.filter(({ name }) => name === 'mariadb'))('on $name', ({ open }) => {
  test('an erasure that is not committed yet is waited for by who is about to remember its person', async () => {
    const { storage, connect } = await createWorld(await open());
    const { connection } = await connect();
    const put = deferred();
    const done = deferred();
    const erasing = storage.transaction(async (tx) => {
      await putTombstone(tx, connection, 'ada', 1);
      put.resolve();
      await done.promise;
    });
    await put.promise;
    const known = storage.transaction((tx) => tombstonesOf(tx, connection, ['ada']));
    const waits = async (): Promise<void> => {
      const waiting = storage.db('information_schema.innodb_trx').where('trx_state', 'LOCK WAIT');
      expect(await waiting.where('trx_query', 'like', '%lms_tombstones%')).toHaveLength(1);
    };
    // InnoDB tells anew what waits only to who did not ask for 100 ms.
    await Promise.race([known, eventually(waits, { everyMs: 150 })]);
    done.resolve();
    await erasing;
    expect([...(await known)]).toEqual([['ada', 1]]);
  });
});
