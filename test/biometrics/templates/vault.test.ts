import fc from 'fast-check';
import {
  createTemplateVault,
  type Template,
  type TemplateVault,
} from '../../../src/biometrics/templates/index.js';
import type { Storage } from '../../../src/storage/index.js';
import { databases } from '../../support/databases.js';

const invalid = { reason: 'TEMPLATE_INVALID' };
const face: Template = {
  modality: 'FACE',
  modelId: 'face-recognise-mobilefacenet-512/1',
  subject: null,
  vector: Float32Array.from({ length: 512 }, (_, i) => Math.fround(Math.sin(i) / 16)),
};

describe.each(databases)('templates in the vault on $name', ({ open }) => {
  let storage: Storage;
  let vault: TemplateVault;
  beforeAll(async () => {
    storage = await open();
    vault = createTemplateVault(storage);
  });

  const container = (ownerId: string, organisationId = 'UC') =>
    storage.transaction((tx) =>
      storage.containers.create(tx, { organisationId, kind: 'reference', ownerId }),
    );

  it('open again where they were sealed', async () => {
    expect(await vault.import('UC', await vault.export('UC', face))).toEqual(face);
    const ann = await container('ann');
    const bound = { ...face, subject: 'ann' };
    expect(await vault.open(storage.db, ann, await vault.seal(storage.db, ann, bound))).toEqual(bound);
  });

  it('do not open when any bit of them was changed', async () => {
    const sealed = await vault.export('UC', face);
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.nat(7), async (at, bit) => {
        const changed = Buffer.from(sealed);
        changed[at]! ^= 1 << bit;
        await expect(vault.import('UC', changed)).rejects.toMatchObject(invalid);
      }),
      { numRuns: 200 },
    );
  });

  it('do not open when cut, extended, or made up', async () => {
    const sealed = await vault.export('UC', face);
    const rubbish = [
      Buffer.alloc(0),
      Buffer.from('PBT1'),
      Buffer.alloc(100_000, 7),
      sealed.subarray(0, -1),
      Buffer.concat([sealed, Buffer.of(0)]),
    ];
    for (const bytes of rubbish) await expect(vault.import('UC', bytes)).rejects.toMatchObject(invalid);
  });

  it('do not open for another organisation, another person, or as something else', async () => {
    const sealed = await vault.export('UC', face);
    await expect(vault.import('UCY', sealed)).rejects.toMatchObject(invalid);
    // Nor when the other organisation has templates of its own.
    await vault.export('UCY', face);
    await expect(vault.import('UCY', sealed)).rejects.toMatchObject(invalid);
    const [ann, bob] = [await container('ann'), await container('bob')];
    const hers = await vault.seal(storage.db, ann, { ...face, subject: 'ann' });
    await expect(vault.open(storage.db, bob, hers)).rejects.toMatchObject(invalid);
    const note = await storage.containers.seal(storage.db, ann, 'note', Buffer.from('hello'));
    await expect(vault.open(storage.db, ann, note)).rejects.toMatchObject(invalid);
  });

  // ISO/IEC 24745: renewability, unlinkability, revocability.
  it('are renewed each time, share nothing across organisations, and are revoked with their key', async () => {
    const [once, again] = [await vault.export('UC', face), await vault.export('UC', face)];
    const elsewhere = await vault.export('UCY', face);
    expect(once.equals(again)).toBe(false);
    // Of random bytes, one in 256 agrees; 2 kB of the same face under two keys must look no more alike.
    const agreeing = (a: Buffer, b: Buffer): number => {
      const bodies = [a.subarray(24), b.subarray(24)] as const;
      return bodies[0].filter((byte, i) => byte === bodies[1][i]).length / bodies[0].length;
    };
    expect(agreeing(once, elsewhere)).toBeLessThan(0.02);
    expect(agreeing(once, again)).toBeLessThan(0.02);
    const ann = await container('ann');
    const sealed = await vault.seal(storage.db, ann, { ...face, subject: 'ann' });
    await storage.containers.destroy(storage.db, ann);
    await expect(vault.open(storage.db, ann, sealed)).rejects.toMatchObject(invalid);
  });
});
