import { parse } from 'secure-json-parse';
import type { HttpLimits } from './limits.js';
import { HttpRefusal } from './refusal.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const MINUS = 0x2d;
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

/**
 * The same JSON with every number as a string of its own digits: a parsed number has forgotten whether it was `1.0` or
 * `1e0`. @param bytes what `parseJson` has taken
 */
export function numbersAsText(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  let kept = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === QUOTE) {
      i = endOfString(bytes, i);
    } else if (byte === MINUS || isDigit(byte)) {
      let end = i + 1;
      while (isOfNumber(bytes[end] ?? 0)) end++;
      parts.push(bytes.subarray(kept, i), Buffer.from(`"${bytes.toString('latin1', i, end)}"`));
      kept = end;
      i = end - 1;
    }
  }
  return Buffer.concat([...parts, bytes.subarray(kept)]);
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** A digit, or one of `+-.Ee`. */
function isOfNumber(byte: number): boolean {
  return isDigit(byte) || byte === MINUS || [0x2b, 0x2e, 0x45, 0x65].includes(byte);
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
