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
  /** In which its token is sealed. */
  containerId: string;
  token: Buffer;
  /** UTC milliseconds. */
  createdAt: number;
}

/** Where a token is sealed: it opens for its own connection only. */
export function tokenPurpose({ id }: Pick<Connection, 'id'>): string {
  return `lms-token:${id}`;
}
