import type { HandwritingBytes } from './finding.js';

/** Whitespace that JSON may begin with, and the brace that a trace does. No picture begins with any of them. */
const TRACE_BEGINS = /^[\t\n\r ]*\{/;
const HEAD_BYTES = 64;

/** A sample by what it begins with: a trace or, whatever else it is, a picture; the engine says whether it is one. */
export function sampleOf(bytes: Uint8Array): HandwritingBytes {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1');
  return { form: TRACE_BEGINS.test(head) ? 'TRACE' : 'IMAGE', bytes };
}
