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
import { RateLimiter } from 'limiter';
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
  /**
   * @param onRequest told of every request that is made
   * @throws LmsError where there is no token; SealError where it cannot be opened
   */
  open(db: Db, connection: Connection, onRequest?: () => void): Promise<Lms>;
}

/** How one site is spared. */
interface Sparing {
  policy: IPolicy;
  pace: RateLimiter;
}

/**
 * Each site is spared: few requests at a time and a second, and none for a while once it has failed several times in a
 * row.
 */
export function createSites({
  outbound,
  containers,
  requestsPerSecond,
}: {
  outbound: Pick<Outbound, 'request'>;
  containers: Pick<Storage['containers'], 'open'>;
  requestsPerSecond: number;
}): Sites {
  const spared = new LRUCache<string, Sparing>({ max: REMEMBERED });
  const sparing = (connectionId: string): Sparing => {
    const known = spared.get(connectionId);
    if (known) return known;
    const policy = wrap(
      bulkhead(AT_A_TIME, WAITING),
      circuitBreaker(
        handleWhen((error) => error instanceof LmsError && error.failure === 'UNAVAILABLE'),
        { halfOpenAfter: REST_MS, breaker: new ConsecutiveBreaker(FAILURES) },
      ),
    );
    const pace = new RateLimiter({ tokensPerInterval: requestsPerSecond, interval: 'second' });
    const made = { policy, pace };
    spared.set(connectionId, made);
    return made;
  };

  return {
    async open(db, connection, onRequest) {
      const { id, kind, displayName, address, containerId } = connection;
      if (!connection.token) {
        throw new LmsError(
          'REFUSED',
          `${displayName} has no token: nothing can be asked of it, it only calls here.`,
        );
      }
      const token = await containers.open(db, containerId, tokenPurpose(connection), connection.token);
      const access: MoodleAccess = { displayName, address, token: token.toString('utf8') };
      const call = moodleWebService(outbound, access);
      return KINDS[kind](sparingly(call, sparing(id), displayName, onRequest), displayName);
    },
  };
}

function sparingly(
  call: WebService,
  { policy, pace }: Sparing,
  site: string,
  onRequest: () => void = () => undefined,
): WebService {
  return async (name, parameters, answer, signal) => {
    try {
      return await policy.execute(async () => {
        await pace.removeTokens(1);
        signal.throwIfAborted();
        onRequest();
        return call(name, parameters, answer, signal);
      });
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
