import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { isPublic, type Allowance } from './allowance.js';
import { OutboundError } from './error.js';

/** An address of a host. `family` is 4 or 6. */
export interface Resolved {
  address: string;
  family: number;
}

/** All addresses of a host name; rejects where there are none. */
export type Resolve = (host: string) => Promise<Resolved[]>;

const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Connects where it is allowed to and nowhere else. A name is resolved once, by the connection itself, and the
 * connection is made to the addresses that were looked at: a second answer of its name server (DNS rebinding) is
 * never asked for.
 */
export function guardedConnector(allowance: Allowance, resolve: Resolve): buildConnector.connector {
  const connectorFor = (protocol: string): buildConnector.connector =>
    buildConnector({
      timeout: CONNECT_TIMEOUT_MS,
      autoSelectFamily: true,
      lookup: guardedLookup(protocol, allowance, resolve),
    });
  const plain = connectorFor('http:');
  const secure = connectorFor('https:');
  return (options, callback) => {
    const { hostname, protocol } = options;
    // An address in place of a name is never looked up.
    const refusal = isIP(hostname) ? refusalOf(protocol, hostname, hostname, allowance) : null;
    if (refusal) callback(refusal, null);
    else (protocol === 'https:' ? secure : plain)(options, callback);
  };
}

function guardedLookup(protocol: string, allowance: Allowance, resolve: Resolve): LookupFunction {
  return (host, _options, callback) => {
    resolve(host).then(
      (addresses) => {
        const refusals = addresses.map(({ address }) => refusalOf(protocol, host, address, allowance));
        const allowed = addresses.filter((_, index) => !refusals[index]);
        // `autoSelectFamily` makes Node ask for all addresses.
        callback(allowed.length > 0 ? null : (refusals[0] ?? new Error(`${host} has no address`)), allowed);
      },
      (error: unknown) => callback(error as Error, []),
    );
  };
}

function refusalOf(
  protocol: string,
  host: string,
  address: string,
  allowance: Allowance,
): OutboundError | null {
  if (allowance.names(host, address)) return null;
  if (!isPublic(address)) {
    return new OutboundError(
      'ADDRESS_REFUSED',
      `${host} is not an address of the public internet, and PROBITY_OUTBOUND_ALLOW does not name it.`,
    );
  }
  if (protocol === 'https:') return null;
  return new OutboundError(
    'PLAINTEXT_REFUSED',
    `${host} would be called without TLS, and PROBITY_OUTBOUND_ALLOW does not name it.`,
  );
}
