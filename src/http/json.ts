import { parse } from 'secure-json-parse';
import type { HttpLimits } from './limits.js';
import { HttpRefusal } from './refusal.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

const unparsable = (message: string): HttpRefusal => new HttpRefusal('BODY_UNPARSABLE', message);

/**
 * Parses a JSON body of UTF-8 bytes. Nesting and the number of values are checked before anything is built, so that
 * a small body cannot become a large structure; keys that would reach a prototype are refused.
 *
 * @throws HttpRefusal BODY_UNPARSABLE
 */
export function parseJson(
  bytes: Buffer,
  limits: Pick<HttpLimits, 'maxJsonDepth' | 'maxJsonValues'>,
): unknown {
  checkShape(bytes, limits);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unparsable('The body is not UTF-8.');
  }
  try {
    return parse(text, undefined, { protoAction: 'error', constructorAction: 'error' });
  } catch {
    throw unparsable('The body is not valid JSON.');
  }
}

/** Counts brackets and commas outside of strings. Whether they are well placed is the parser's matter. */
function checkShape(bytes: Buffer, limits: Pick<HttpLimits, 'maxJsonDepth' | 'maxJsonValues'>): void {
  let depth = 0;
  let values = 1;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === QUOTE) {
      i = endOfString(bytes, i);
    } else if (OPENING.has(byte)) {
      if (++depth > limits.maxJsonDepth)
        throw unparsable(`The body nests deeper than ${limits.maxJsonDepth}.`);
    } else if (CLOSING.has(byte)) {
      depth--;
    } else if (byte === COMMA && ++values > limits.maxJsonValues) {
      throw unparsable(`The body has more than ${limits.maxJsonValues} values.`);
    }
  }
}

/** Index of the quote that closes the string opened at `start`; the last byte where none does. */
function endOfString(bytes: Buffer, start: number): number {
  for (let end = bytes.indexOf(QUOTE, start + 1); end !== -1; end = bytes.indexOf(QUOTE, end + 1)) {
    let backslashes = 0;
    while (bytes[end - 1 - backslashes] === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return bytes.length;
}
