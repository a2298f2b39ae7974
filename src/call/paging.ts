import { z } from 'zod';
import { invalidFields } from './status.js';

/** A cursor: where the page before ended, as the values of the columns it was ordered by. */
export type Cursor = (string | number)[];

const cursor = z
  .array(z.union([z.string().max(512), z.number()]))
  .min(1)
  .max(4);

/** `next_page_token` for a page that ended at `after`. Opaque to callers, not secret, never trusted. */
export function pageToken(after: Cursor): string {
  return Buffer.from(JSON.stringify(after)).toString('base64url');
}

/**
 * The fields `page_size` and `page_token` (AIP-158): 0 means `standard`, more than `most` means `most`.
 * Spread it into a request's schema: `z.object({ ...paging({ standard: 100, most: 1000 }), … })`.
 */
export function paging(size: { standard: number; most: number }) {
  return {
    pageSize: z
      .int('must be a whole number')
      .min(0, 'must not be negative')
      .transform((asked) => Math.min(asked === 0 ? size.standard : asked, size.most)),
    pageToken: z
      .string()
      .max(2048, 'is not a token of this service')
      .transform((token, ctx): Cursor | null => {
        if (token === '') return null;
        const read = cursor.safeParse(parse(token));
        if (read.success) return read.data;
        ctx.addIssue({ code: 'custom', message: 'is not a token of this service' });
        return z.NEVER;
      }),
  };
}

/**
 * A number of a cursor. Tokens are written by us and can be written by anybody: what is none must not reach a query.
 * @throws StatusError INVALID_FIELDS
 */
export function numberAt(after: Cursor, index: number): number {
  const value = after[index];
  if (typeof value === 'number') return value;
  const description = 'is not a token of this service';
  throw invalidFields([{ field: 'page_token', problem: 'bad_format', description }]);
}

function parse(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
