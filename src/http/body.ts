import type { IncomingMessage } from 'node:http';
import { parse as parseContentType } from 'content-type';
import getRawBody from 'raw-body';
import { StatusError } from '../call/index.js';
import { parseJson } from './json.js';
import type { HttpLimits } from './limits.js';
import { HttpRefusal } from './refusal.js';

/** Reads a request's body into the value that an operation's schema is about. */
export interface Decoder {
  /** Media types as a document lists them, for instance `application/json`. */
  readonly mediaTypes: readonly string[];
  /** @throws HttpRefusal */
  decode(request: IncomingMessage, limits: HttpLimits): Promise<unknown>;
}

/** `application/json` in UTF-8, not compressed. A request without any body counts as an empty object. */
export const jsonBody: Decoder = {
  mediaTypes: ['application/json'],
  async decode(request, limits) {
    if (!hasBody(request)) return {};
    requireMediaType(request, this.mediaTypes);
    return parseJson(await readBody(request, limits.maxBodyBytes), limits);
  },
};

/** A picture as the body itself. */
export const pictureBody: Decoder = {
  mediaTypes: ['image/jpeg', 'image/png', 'image/webp'],
  async decode(request, limits) {
    requireMediaType(request, this.mediaTypes);
    return readBody(request, limits.maxBodyBytes);
  },
};

export function hasBody(request: IncomingMessage): boolean {
  return (
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  );
}

/** @throws HttpRefusal UNSUPPORTED_MEDIA_TYPE, also for what is compressed or in another charset than UTF-8 */
export function requireMediaType(request: IncomingMessage, accepted: readonly string[]): void {
  const refuse = (): never => {
    throw new HttpRefusal('UNSUPPORTED_MEDIA_TYPE', `The body must be ${accepted.join(' or ')}.`);
  };
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') refuse();
  let charset: string | undefined;
  try {
    const type = parseContentType(request.headers['content-type'] ?? '');
    if (!accepted.includes(type.type)) refuse();
    charset = type.parameters.charset?.toLowerCase();
  } catch {
    refuse();
  }
  if (charset && !['utf-8', 'utf8', 'us-ascii'].includes(charset)) refuse();
}

/** @throws HttpRefusal BODY_TOO_LARGE. @throws StatusError CANCELLED where the client went away */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const length = request.headers['content-length'];
  try {
    return await getRawBody(request, { limit, length: length ?? null });
  } catch (thrown) {
    const type = (thrown as { type?: string }).type;
    if (type === 'entity.too.large') {
      throw new HttpRefusal('BODY_TOO_LARGE', `The body is larger than ${limit} bytes.`);
    }
    throw new StatusError(
      'CANCELLED',
      'The request ended before its body was complete.',
      {},
      { cause: thrown },
    );
  }
}
