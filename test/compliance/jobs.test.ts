import type { SubjectData } from '../../src/compliance/index.js';
import { databases } from '../support/databases.js';
import { picture } from '../biometrics/services/world.js';
import { createWorld, FACE, runJob, VERSION, type World } from './world.js';

const DAY = 86_400_000;

/** A domain with that many expired things, which deletes as many as it may. */
function stock(name: string, things: number): SubjectData & { asked: number[] } {
  const asked: number[] = [];
  return {
    name,
    asked,
    export: () => Promise.resolve(null),
    erase: () => Promise.resolve({}),
    expire(_now, limit) {
      asked.push(limit);
      const deleted = Math.min(things, limit);
      things -= deleted;
      return Promise.resolve(deleted);
    },
  };
}

describe.each(databases)('retention on $name', ({ open }) => {
  it('deletes what has expired everywhere, and nothing else', async () => {
    const world = await createWorld(await open());
    const { storage, clock } = world;
    const ann = (await world.user()).id;
    const { consents } = world.compliance.handlers;
    await consents.grantConsent({ ...FACE, policyVersion: VERSION }, world.as(ann));
    await consents.revokeConsent(FACE, world.as(ann));
    clock.advance(1);
    await consents.grantConsent({ ...FACE, policyVersion: VERSION }, world.as(ann));
    const request = { user: 'users/me', images: [picture('ann', 1)] };
    await world.biometrics.handlers.references.enrolFace(request, world.as(ann));
    const [container] = await storage.containers.ofOwner(storage.db, 'UC', ann);
    const blob = (expiresAt: number) =>
      storage.blobs.put(storage.db, {
        containerId: container!.id,
        contentType: 'image/jpeg',
        bytes: Buffer.of(1),
        expiresAt,
      });
    await blob(clock.now() + DAY);
    await blob(clock.now() + 900 * DAY);

    await runJob(world, 'retention');
    expect(Object.fromEntries(world.expired)).toMatchObject({ biometrics: 0, consents: 0, blobs: 0 });
    clock.advance(31 * DAY);
    await runJob(world, 'retention');
    expect(Object.fromEntries(world.expired)).toMatchObject({ biometrics: 0, consents: 1, blobs: 1 });
    clock.advance(400 * DAY);
    await runJob(world, 'retention');
    expect(Object.fromEntries(world.expired)).toMatchObject({ biometrics: 1, consents: 0 });
    expect(await storage.db('biometric_references')).toHaveLength(0);
  });

  it('keeps the last word of somebody who said no', async () => {
    const world = await createWorld(await open());
    const ann = (await world.user()).id;
    const { consents } = world.compliance.handlers;
    await consents.grantConsent({ ...FACE, policyVersion: VERSION }, world.as(ann));
    await consents.revokeConsent(FACE, world.as(ann));
    world.clock.advance(1000 * DAY);
    await runJob(world, 'retention');
    expect(await world.storage.db('consents')).toHaveLength(1);
  });

  it('forgets finished erasures in the end', async () => {
    const world = await createWorld(await open());
    const ann = (await world.user()).id;
    await world.compliance.handlers.subjects.eraseSubject({ user: 'users/me' }, world.as(ann));
    world.clock.advance(30 * DAY);
    await runJob(world, 'retention');
    expect(await world.storage.db('erasure_requests')).toHaveLength(1);
    world.clock.advance(1);
    await runJob(world, 'retention');
    expect(await world.storage.db('erasure_requests')).toHaveLength(0);
  });
});

describe('the retention job', () => {
  it('works in batches until nothing is left', async () => {
    const things = stock('things', 1200);
    const world: World = await createWorld(await databases[0]!.open(), [things]);
    await runJob(world, 'retention');
    expect(things.asked).toEqual([500, 500, 500]);
    expect(world.expired.get('things')).toBe(1200);
  });

  it('stops between batches when it is told to', async () => {
    const things = stock('things', 1200);
    const world = await createWorld(await databases[0]!.open(), [things]);
    const stop = new AbortController();
    const { expire } = things;
    things.expire = (now, limit) => {
      stop.abort();
      return expire(now, limit);
    };
    const job = world.compliance.jobs.find(({ name }) => name === 'retention')!;
    const log = world.as('nobody').log;
    await job.run({ signal: stop.signal, ticket: 1, log, fence: () => Promise.resolve() });
    expect(things.asked).toEqual([500]);
  });

  it('goes on with the other parts when one fails, and says so', async () => {
    const [bad, good] = [stock('bad', 5), stock('good', 5)];
    bad.expire = () => Promise.reject(new Error('lost'));
    const world = await createWorld(await databases[0]!.open(), [bad, good]);
    await expect(runJob(world, 'retention')).rejects.toThrow('incomplete');
    expect(world.expired.get('good')).toBe(5);
  });
});
