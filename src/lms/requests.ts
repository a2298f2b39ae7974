import { z } from 'zod';
import { line, oneOf, resourceName, UUID } from '../call/index.js';
import { siteAddress } from './address.js';
import type { LmsKind } from './capabilities.js';

const ADDRESS = 'must be an http or https address without user, query and fragment';

const address = z
  .string()
  .max(500, 'must have at most 500 characters')
  .transform((text, ctx): string => {
    const plain = siteAddress(text);
    if (plain !== null) return plain;
    ctx.addIssue({ code: 'custom', message: ADDRESS });
    return z.NEVER;
  });

export const connectRequest = z.object({
  kind: oneOf('LMS_KIND_MOODLE').transform((value) => value.slice('LMS_KIND_'.length) as LmsKind),
  displayName: line(1, 200),
  address,
  token: line(0, 256),
});

/** Id of a connection, from its resource name. */
export const connection = resourceName('lmsConnections/{connection}', UUID).transform(
  (parts) => parts.connection,
);

export const launchRequest = z.object({ token: z.string() });

export const openerRequest = z.object({ connection });

export const connectionRequest = z.object({ name: connection });
