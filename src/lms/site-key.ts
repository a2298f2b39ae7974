import { randomBytes } from 'node:crypto';
import type { Connection } from './connection.js';

/** Of the secret: as long as the hash that it keys (RFC 7518 section 3.2). */
const SECRET_BYTES = 32;

/** A new secret for a site. */
export function newSiteSecret(): Buffer {
  return randomBytes(SECRET_BYTES);
}

/** The key as an administrator carries it to the plugin: `probity_<connection>_<secret in base64url>`. */
export function siteKeyText({ id }: Pick<Connection, 'id'>, secret: Buffer): string {
  return `probity_${id}_${secret.toString('base64url')}`;
}

/** Where a site's secret is sealed: it opens for its own connection only. */
export function siteKeyPurpose({ id }: Pick<Connection, 'id'>): string {
  return `lms-site-key:${id}`;
}
