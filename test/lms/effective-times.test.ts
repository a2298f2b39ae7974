import fc from 'fast-check';
import '../support/property-seed.js';
import { effectiveTimes, type Override } from '../../src/lms/moodle/effective-times.js';
import type { Times } from '../../src/lms/capabilities.js';

const base: Times = { opensAt: 1_000, closesAt: 2_000, limitMs: 600 };
const unset = { opensAt: null, closesAt: null, limitMs: null };
const own = (more: Partial<Override>): Override => ({ for: { person: '5' }, ...unset, ...more });
const of = (group: string, more: Partial<Override>): Override => ({ for: { group }, ...unset, ...more });
const timesOf = (overrides: Override[], groups: string[] = ['a', 'b']) =>
  effectiveTimes(base, overrides, { id: '5', groups });

describe('the times of one student', () => {
  it('are the quiz’s own where nobody says otherwise', () => {
    expect(timesOf([])).toEqual(base);
    expect(timesOf([of('c', { closesAt: 9 }), { ...own({ closesAt: 9 }), for: { person: '6' } }])).toEqual(
      base,
    );
  });

  it('are the student’s own exception, whatever their groups have', () => {
    const overrides = [own({ closesAt: 2_500 }), of('a', { closesAt: 9_000, limitMs: 900 })];
    expect(timesOf(overrides)).toEqual({ ...base, closesAt: 2_500, limitMs: 900 });
  });

  it('are the most generous of several groups, each value by itself', () => {
    const overrides = [
      of('a', { opensAt: 500, closesAt: 3_000 }),
      of('b', { opensAt: 800, closesAt: 4_000 }),
    ];
    expect(timesOf(overrides)).toEqual({ ...base, opensAt: 500, closesAt: 4_000 });
    expect(timesOf(overrides, ['b'])).toEqual({ ...base, opensAt: 800, closesAt: 4_000 });
  });

  it('have no end, or no limit, where one group has none', () => {
    const overrides = [of('a', { closesAt: 0, limitMs: 0 }), of('b', { closesAt: 9_000, limitMs: 900 })];
    expect(timesOf(overrides)).toEqual({ ...base, closesAt: 0, limitMs: 0 });
    expect(timesOf([own({ closesAt: 0 })])).toEqual({ ...base, closesAt: 0 });
  });
});

describe('whatever exceptions there are', () => {
  const time = fc.integer({ min: 0, max: 5 });
  const value = fc.option(time, { nil: null });
  const whom = fc.oneof(
    fc.constantFrom('1', '2').map((person) => ({ person })),
    fc.constantFrom('a', 'b', 'c').map((group) => ({ group })),
  );
  // Moodle refuses a second exception for the same person or group.
  const overrides = fc.uniqueArray(
    fc.record({ for: whom, opensAt: value, closesAt: value, limitMs: value }),
    { selector: (each) => JSON.stringify(each.for), maxLength: 5 },
  );
  const times = fc.record({ opensAt: time, closesAt: time, limitMs: time });
  const sitter = fc.record({
    id: fc.constantFrom('1', '2', '3'),
    groups: fc.uniqueArray(fc.constantFrom('a', 'b', 'c')),
  });
  /** None is later than any end. */
  const end = (at: number): number => (at === 0 ? Infinity : at);

  it('the own one wins; of the others the most generous does; else the quiz does', () => {
    fc.assert(
      fc.property(times, overrides, sitter, (quiz, all, student) => {
        const result = effectiveTimes(quiz, all, student);
        const mine = all.find((each) => 'person' in each.for && each.for.person === student.id);
        const groups = all.filter((each) => 'group' in each.for && student.groups.includes(each.for.group));
        for (const key of ['opensAt', 'closesAt', 'limitMs'] as const) {
          const set = groups.map((each) => each[key]).filter((each) => each !== null);
          const got = result[key];
          if (mine && mine[key] !== null) expect(got).toBe(mine[key]);
          else if (set.length === 0) expect(got).toBe(quiz[key]);
          else {
            expect(set).toContain(got);
            // No group would be better for the student.
            for (const each of set) {
              if (key === 'opensAt') expect(got).toBeLessThanOrEqual(each);
              else expect(end(got)).toBeGreaterThanOrEqual(end(each));
            }
          }
        }
      }),
    );
  });

  it('their order means nothing', () => {
    fc.assert(
      fc.property(times, overrides, sitter, (quiz, all, student) => {
        expect(effectiveTimes(quiz, [...all].reverse(), student)).toEqual(effectiveTimes(quiz, all, student));
      }),
    );
  });
});
