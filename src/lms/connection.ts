import type { LmsKind } from './capabilities.js';

/** An LMS of an organisation. */
export interface Connection {
  /** UUID. */
  id: string;
  organisationId: string;
  kind: LmsKind;
  displayName: string;
  /** Without a slash at the end. */
  address: string;
  /** In which its secrets are sealed. */
  containerId: string;
  /** Of its web service; null where nothing is asked of it, and it only calls us. */
  token: Buffer | null;
  /** Of the key by which it signs; null where it has none. */
  siteKey: { secret: Buffer; createdAt: number } | null;
  /** UTC milliseconds. */
  createdAt: number;
}

/** Where a token is sealed: it opens for its own connection only. */
export function tokenPurpose({ id }: Pick<Connection, 'id'>): string {
  return `lms-token:${id}`;
}
