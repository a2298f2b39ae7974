import fc from 'fast-check';
import '../support/property-seed.js';
import { believable, difference, type Known } from '../../src/lms/sync/difference.js';

const ids = fc.constantFrom('1', '2', '3', '4', '5');
const hashes = fc.constantFrom('a', 'b');
const known = fc
  .uniqueArray(fc.tuple(ids, fc.record({ hash: hashes, removedAt: fc.option(fc.nat(), { nil: null }) })), {
    selector: ([id]) => id,
  })
  .map((entries) => new Map<string, Known>(entries));
const seen = fc
  .uniqueArray(fc.tuple(ids, hashes), { selector: ([id]) => id })
  .map((entries) => new Map(entries));

/** What is remembered once a difference was written. */
function applied(before: ReadonlyMap<string, Known>, now: ReadonlyMap<string, string>): Map<string, Known> {
  const found = difference(before, now);
  const after = new Map(before);
  for (const id of [...found.added, ...found.changed, ...found.restored]) {
    after.set(id, { hash: now.get(id)!, removedAt: null });
  }
  for (const id of found.missing) after.set(id, { ...after.get(id)!, removedAt: 1 });
  return after;
}

describe('what the LMS lists now, compared with what is remembered', () => {
  it('written down, is what is listed; nothing is forgotten', () => {
    fc.assert(
      fc.property(known, seen, (before, now) => {
        const after = applied(before, now);
        const listed = [...after].filter(([, { removedAt }]) => removedAt === null);
        expect(new Map(listed.map(([id, { hash }]) => [id, hash]))).toEqual(now);
        for (const id of before.keys()) expect(after.has(id)).toBe(true);
      }),
    );
  });

  it('is nothing the second time', () => {
    fc.assert(
      fc.property(known, seen, (before, now) => {
        expect(difference(applied(before, now), now)).toEqual({
          added: [],
          changed: [],
          restored: [],
          missing: [],
        });
      }),
    );
  });

  it('names each thing once', () => {
    fc.assert(
      fc.property(known, seen, (before, now) => {
        const all = Object.values(difference(before, now)).flat() as string[];
        expect(new Set(all).size).toBe(all.length);
      }),
    );
  });

  it('an empty answer is believed only where nothing was listed', () => {
    fc.assert(
      fc.property(known, seen, (before, now) => {
        const wasListed = [...before.values()].some(({ removedAt }) => removedAt === null);
        expect(believable(before, now)).toBe(now.size > 0 || !wasListed);
      }),
    );
  });
});
