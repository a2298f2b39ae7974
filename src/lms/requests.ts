import { z } from 'zod';
import { line, oneOf, resourceName } from '../call/index.js';
import type { LmsKind } from './capabilities.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ADDRESS = 'must be an http or https address without user, query and fragment';

/** Where a site is, as it is called: the path stays, for there may be one, the slash at its end does not. */
const address = z
  .string()
  .max(500, 'must have at most 500 characters')
  .transform((text, ctx): string => {
    const url = URL.canParse(text) ? new URL(text) : null;
    const plain = url && !url.username && !url.password && !/[?#]/.test(text);
    if (plain && /^https?:$/.test(url.protocol)) return url.href.replace(/\/+$/, '');
    ctx.addIssue({ code: 'custom', message: ADDRESS });
    return z.NEVER;
  });

export const connectRequest = z.object({
  kind: oneOf('LMS_KIND_MOODLE').transform((value) => value.slice('LMS_KIND_'.length) as LmsKind),
  displayName: line(1, 200),
  address,
  token: line(1, 256),
});

export const connectionRequest = z.object({
  name: resourceName('lmsConnections/{connection}', UUID).transform(({ connection }) => connection),
});
