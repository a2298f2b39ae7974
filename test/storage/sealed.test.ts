import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import {
  KEY_BYTES,
  openSealed,
  OVERHEAD_BYTES,
  seal,
  SealError,
  type SealProblem,
} from '../../src/storage/sealed.js';

const key = randomBytes(KEY_BYTES);
const bytes = fc.uint8Array({ maxLength: 2_000 });

function problemOf(open: () => unknown): SealProblem | 'none' {
  try {
    open();
    return 'none';
  } catch (error) {
    if (error instanceof SealError) return error.problem;
    throw error;
  }
}

describe('the sealed codec', () => {
  it('gives back what it was given, and nothing of it shows', () => {
    fc.assert(
      fc.property(bytes, fc.string(), (plaintext, context) => {
        const sealed = seal(key, context, plaintext);
        expect(sealed.length).toBe(plaintext.length + OVERHEAD_BYTES);
        expect(openSealed(key, context, sealed)).toEqual(Buffer.from(plaintext));
        // Eight bytes in a row by chance: 2^-64 a place.
        if (plaintext.length >= 8) expect(sealed.includes(Buffer.from(plaintext))).toBe(false);
      }),
    );
  });

  it('refuses every single changed bit', () => {
    fc.assert(
      fc.property(bytes, fc.nat(), (plaintext, where) => {
        const sealed = seal(key, 'context', plaintext);
        const bit = where % (sealed.length * 8);
        sealed[bit >> 3]! ^= 1 << (bit & 7);
        expect(problemOf(() => openSealed(key, 'context', sealed))).toBe(
          bit < 32 ? 'format' : 'authentication',
        );
      }),
    );
  });

  it('refuses every bit of one small message in turn', () => {
    const sealed = seal(key, 'context', Buffer.from('x'));
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(problemOf(() => openSealed(key, 'context', changed))).not.toBe('none');
    }
  });

  it('refuses what is cut short or prolonged', () => {
    fc.assert(
      fc.property(bytes, fc.nat(), (plaintext, cut) => {
        const sealed = seal(key, 'context', plaintext);
        expect(problemOf(() => openSealed(key, 'context', sealed.subarray(0, cut % sealed.length)))).not.toBe(
          'none',
        );
        expect(problemOf(() => openSealed(key, 'context', Buffer.concat([sealed, Buffer.of(0)])))).toBe(
          'authentication',
        );
      }),
    );
  });

  it('opens under its own key and context only', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (context, other) => {
        const sealed = seal(key, context, Buffer.from('template'));
        expect(problemOf(() => openSealed(randomBytes(KEY_BYTES), context, sealed))).toBe('authentication');
        fc.pre(context !== other);
        expect(problemOf(() => openSealed(key, other, sealed))).toBe('authentication');
      }),
    );
  });

  it('never seals alike', () => {
    const sealed = new Set(
      Array.from({ length: 100 }, () => seal(key, 'c', Buffer.from('same')).toString('hex')),
    );
    expect(sealed.size).toBe(100);
  });

  it('does not let rubbish throw anything else', () => {
    fc.assert(
      fc.property(bytes, (rubbish) => {
        expect(problemOf(() => openSealed(key, 'c', rubbish))).not.toBe('none');
      }),
    );
  });
});
