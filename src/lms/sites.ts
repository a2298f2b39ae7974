import {
  bulkhead,
  circuitBreaker,
  ConsecutiveBreaker,
  handleWhen,
  isBrokenCircuitError,
  isBulkheadRejectedError,
  wrap,
  type IPolicy,
} from 'cockatiel';
import { LRUCache } from 'lru-cache';
import type { Outbound } from '../outbound/index.js';
import type { Db, Storage } from '../storage/index.js';
import { LmsError, type Lms, type LmsKind } from './capabilities.js';
import { tokenPurpose, type Connection } from './connection.js';
import { moodle, moodleWebService, type MoodleAccess, type WebService } from './moodle/index.js';

/** Requests that a site gets at a time, and that wait: it is there for its students first. */
const AT_A_TIME = 4;
const WAITING = 1_000;
/** Failures in a row after which a site is left alone, and for how long. */
const FAILURES = 5;
const REST_MS = 30_000;
/** Sites whose state is remembered. */
const REMEMBERED = 1_000;

/** How each kind of LMS is spoken to. */
const KINDS: Record<LmsKind, (call: WebService, site: string) => Lms> = { MOODLE: moodle };

/** The sites behind connections. */
export interface Sites {
  /** @throws LmsError where there is no token; SealError where it cannot be opened */
  open(db: Db, connection: Connection): Promise<Lms>;
}

/** Each site is spared: few requests at a time, and none for a while once it has failed several times in a row. */
export function createSites({
  outbound,
  containers,
}: {
  outbound: Pick<Outbound, 'request'>;
  containers: Pick<Storage['containers'], 'open'>;
}): Sites {
  const spared = new LRUCache<string, IPolicy>({ max: REMEMBERED });
  const sparing = (connectionId: string): IPolicy => {
    const known = spared.get(connectionId);
    if (known) return known;
    const policy = wrap(
      bulkhead(AT_A_TIME, WAITING),
      circuitBreaker(
        handleWhen((error) => error instanceof LmsError && error.failure === 'UNAVAILABLE'),
        { halfOpenAfter: REST_MS, breaker: new ConsecutiveBreaker(FAILURES) },
      ),
    );
    spared.set(connectionId, policy);
    return policy;
  };

  return {
    async open(db, connection) {
      const { id, kind, displayName, address, containerId } = connection;
      if (!connection.token) {
        throw new LmsError(
          'REFUSED',
          `${displayName} has no token: nothing can be asked of it, it only calls here.`,
        );
      }
      const token = await containers.open(db, containerId, tokenPurpose(connection), connection.token);
      const access: MoodleAccess = { displayName, address, token: token.toString('utf8') };
      return KINDS[kind](
        sparingly(moodleWebService(outbound, access), sparing(id), displayName),
        displayName,
      );
    },
  };
}

function sparingly(call: WebService, policy: IPolicy, site: string): WebService {
  return async (...args) => {
    try {
      return await policy.execute(() => call(...args));
    } catch (error) {
      if (isBrokenCircuitError(error)) {
        throw new LmsError('UNAVAILABLE', `${site} has failed several times and is left alone for a moment.`);
      }
      if (isBulkheadRejectedError(error)) {
        throw new LmsError('UNAVAILABLE', `${site} has too many requests waiting for it.`);
      }
      throw error;
    }
  };
}
