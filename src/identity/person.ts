import { z } from 'zod';
import { line } from '../call/index.js';

/** RFC 5321 section 4.5.3.1.3: a path is at most 256 octets with its brackets. */
const EMAIL_MAX = 254;
/** As it comes, before anything is done to it. */
const RAW_MAX = 1_024;

/** An e-mail as it is stored and compared: trimmed, NFC, lower case. */
export function normaliseEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}

/** An e-mail address, normalised. The pattern is zod's, which is what HTML and mail providers accept. */
export const emailAddress = z
  .string()
  .max(RAW_MAX, `must have at most ${EMAIL_MAX} characters`)
  .transform(normaliseEmail)
  .pipe(z.email('must be an e-mail address').max(EMAIL_MAX, `must have at most ${EMAIL_MAX} characters`));

/** A given or family name: one line of 1 to 100 characters. */
export const personName = line(1, 100);
