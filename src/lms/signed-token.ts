import { errors, jwtVerify, type JWTPayload } from 'jose';
import { z } from 'zod';
import { UUID } from '../call/index.js';
import { siteAddress } from './address.js';
import type { Connection } from './connection.js';

/** What a site signs: `launch` sends a person to Probity, `site` calls in the site's own name. */
export type TokenKind = 'launch' | 'site';

/** Seconds that a token of a kind may be good for. */
const LONGEST_S: Record<TokenKind, number> = { launch: 300, site: 60 };
const MOST_CHARACTERS: Record<TokenKind, number> = { launch: 4096, site: 2048 };
const AUDIENCE = 'probity';
/** How far the clocks of two servers may be apart. */
const TOLERANCE_S = 30;

/** RFC 7515 section 7.1, in base64url's alphabet only: the decoder skips what is not in it. */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

const common = z.object({
  iss: z.string().max(500),
  iat: z.int(),
  exp: z.int(),
  // 128 bits at least.
  jti: z.string().regex(/^[\w-]{22,64}$/),
});

/** A token that proves nothing. Why is for the log: whoever sent it is told the same for all of them. */
export class TokenRefused extends Error {
  constructor(
    readonly why: string,
    options?: ErrorOptions,
  ) {
    super(`a token of a site was refused: ${why}`, options);
    this.name = 'TokenRefused';
  }
}

export interface SignedToken {
  connection: Connection;
  jti: string;
  /** UTC milliseconds, from when on the token is refused for its age. */
  expiresAt: number;
  payload: JWTPayload;
}

/** Who signs under a key id: the connection of the site, and its secret; null where there is none. */
export type KeyOf = (connectionId: string) => Promise<{ connection: Connection; secret: Uint8Array } | null>;

/** Whether a text says of itself that it is of this kind; nothing is proven. */
export function looksLike(kind: TokenKind, token: string): boolean {
  if (token.length > MOST_CHARACTERS[kind] || !COMPACT.test(token)) return false;
  try {
    const header: unknown = JSON.parse(
      Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString('utf8'),
    );
    return typeof header === 'object' && header !== null && 'typ' in header && header.typ === typeOf(kind);
  } catch {
    return false;
  }
}

/**
 * Reads what a site signed, by RFC 8725: one algorithm, a type of their own for each use, issuer, audience and times
 * checked, and the secret looked up by a key id of ours, whatever else the header offers.
 * @throws TokenRefused
 */
export async function readSigned(
  kind: TokenKind,
  token: string,
  { keyOf, now }: { keyOf: KeyOf; now: number },
): Promise<SignedToken> {
  if (token.length > MOST_CHARACTERS[kind] || !COMPACT.test(token)) throw new TokenRefused('not a token');
  let signer: Connection | undefined;
  const { payload } = await jwtVerify(
    token,
    async ({ kid }) => {
      const found = typeof kid === 'string' && UUID.test(kid) ? await keyOf(kid) : null;
      if (!found) throw new TokenRefused('unknown key');
      signer = found.connection;
      return found.secret;
    },
    {
      algorithms: ['HS256'],
      typ: typeOf(kind),
      audience: AUDIENCE,
      requiredClaims: ['iss', 'iat', 'exp', 'jti'],
      clockTolerance: TOLERANCE_S,
      currentDate: new Date(now),
    },
  ).catch((error: unknown) => {
    throw error instanceof errors.JOSEError ? new TokenRefused(saidBy(error), { cause: error }) : error;
  });
  const claims = common.safeParse(payload);
  if (!claims.success) throw new TokenRefused('claims', { cause: claims.error });
  const { iss, iat, exp, jti } = claims.data;
  if (exp - iat > LONGEST_S[kind]) throw new TokenRefused('good for too long');
  if (iat * 1000 > now + TOLERANCE_S * 1000) throw new TokenRefused('from the future');
  // Without one there was no key.
  if (!signer || siteAddress(iss) !== signer.address) throw new TokenRefused('another issuer');
  return { connection: signer, jti, expiresAt: (exp + TOLERANCE_S) * 1000, payload };
}

function typeOf(kind: TokenKind): string {
  return `probity-${kind}+jwt`;
}

/** The claim at fault where it is one; a code otherwise. */
function saidBy(error: errors.JOSEError): string {
  return error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired
    ? `${error.code} ${error.claim}`
    : error.code;
}
