import fc from 'fast-check';
import { z } from 'zod';
import { pageToken, paging } from '../../src/call/index.js';

const schema = z.object(paging({ standard: 100, most: 1000 }));

describe('paging', () => {
  it.each([
    [0, 100],
    [1, 1],
    [1000, 1000],
    [2_000_000, 1000],
  ])('reads a page size of %d as %d', (asked, size) => {
    expect(schema.parse({ pageSize: asked, pageToken: '' })).toEqual({ pageSize: size, pageToken: null });
  });

  it('reads its own tokens', () => {
    const cursor = fc.array(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 100 }), fc.integer()), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(cursor, (after) => {
        expect(schema.parse({ pageSize: 1, pageToken: pageToken(after) }).pageToken).toEqual(after);
      }),
    );
  });

  it('refuses what it did not write, and negative sizes', () => {
    const forged = ['x', '!!', pageToken([]), Buffer.from('{"a":1}').toString('base64url'), 'a'.repeat(3000)];
    for (const token of forged)
      expect(schema.safeParse({ pageSize: 0, pageToken: token }).success).toBe(false);
    expect(schema.safeParse({ pageSize: -1, pageToken: '' }).success).toBe(false);
    expect(schema.safeParse({ pageSize: 1.5, pageToken: '' }).success).toBe(false);
  });
});
