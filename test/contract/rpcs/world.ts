import type { FakeLms } from '../../../scripts/fake-lms/server.js';
import type { Reason } from '../../../src/call/index.js';
import type { CallOptions, Core } from '../../../src/grpc/index.js';
import type { Relying, ScriptedProvider } from '../../support/identity-provider.js';
import type { Signer } from '../../support/moodle-site.js';

/** What the calls of one transport have come to by now. */
export interface World {
  core: Core;
  fake: FakeLms;
  idp: ScriptedProvider;
  /** Of the provider's metadata. */
  metadataUrl: string;
  admin: CallOptions;
  student: CallOptions;
  teacher: CallOptions;
  connection: string;
  signer: Signer;
  launchToken: string;
  exam: string;
  user: string;
  challenge: string;
  alert: string;
  sync: string;
  provider: string;
  relying: Relying;
  refreshToken: string;
}

/** One rpc: a call that works and what it says, and one that is refused. They are made in the order of the table. */
export interface Row {
  works: (world: World) => Promise<unknown>;
  says: (world: World) => unknown;
  fails: (world: World) => Promise<unknown>;
  reason: Reason;
}

export const UCY = 'organisations/UCY';
export const NOBODY = '01900000-0000-7000-8000-000000000000';
export const FIRST = { pageSize: 0, pageToken: '' };

/** That a list has such an entry. */
export const some = (given: object): unknown => expect.arrayContaining([expect.objectContaining(given)]);
export const anyTime = (): unknown => expect.any(Date);
