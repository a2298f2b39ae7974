import { randomUUID } from 'node:crypto';
import { decodeJwt, errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { StatusError, type Role } from '../call/index.js';
import { CLOCK_TOLERANCE_MS, type SigningKeys } from './signing-keys.js';

const ALGORITHM = 'EdDSA';
/** RFC 9068 section 2.1: no other kind of token can be mistaken for an access token. */
const TYPE = 'at+jwt';

/** Longer ones are not ours; refused before anything is decoded. */
const TOKEN_MAX = 2_048;

/** RFC 7515 section 7.1, in base64url's alphabet only: the decoder skips what is not in it. */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Tokens whose signature was found good, so that a client's next frame need not be proven again. */
const CACHED = 5_000;

const claims = z.object({ sub: z.uuid(), org: z.string(), role: z.string(), sid: z.uuid() });

/** What an access token says. Its role is for whoever reads it offline; here the user's row decides. */
export interface AccessClaims {
  userId: string;
  organisationId: string;
  role: Role;
  loginId: string;
}

interface Proven {
  said: Omit<AccessClaims, 'role'>;
  /** The key that proved it. */
  kid: string;
  /** UTC milliseconds. */
  endsAt: number;
}

export interface AccessTokens {
  /** Signs a token that ends at `expiresAt`, UTC milliseconds. */
  issue(said: AccessClaims, expiresAt: number): Promise<string>;
  /** What a valid token says of its bearer. Throws TOKEN_INVALID or TOKEN_EXPIRED. */
  verify(token: string): Promise<Omit<AccessClaims, 'role'>>;
  /** Whose token it is or, however long ago, was; null where we never issued it. */
  subjectOf(token: string): Promise<string | null>;
}

/**
 * JSON Web Tokens by RFC 8725: one algorithm, a type of their own, issuer and audience checked, and keys looked up in
 * our own set only, whatever else the header offers.
 */
export function createAccessTokens(deps: {
  keys: SigningKeys;
  clock: { now(): number };
  issuer: string;
  audience: string;
}): AccessTokens {
  const { keys, clock, issuer, audience } = deps;
  const proven = new LRUCache<string, Proven>({ max: CACHED });

  /** What a token said when it was proven; null once it has ended, or its key is ours no more. */
  async function provenBefore(token: string): Promise<Proven['said'] | null> {
    const known = proven.get(token);
    if (!known || known.endsAt <= clock.now()) return null;
    return (await keys.verifying(known.kid)) && known.said;
  }

  async function verified(token: string, at: Date): Promise<{ payload: JWTPayload; kid: string }> {
    if (token.length > TOKEN_MAX || !COMPACT.test(token)) throw new errors.JWTInvalid('no token of ours');
    const { payload, protectedHeader } = await jwtVerify(
      token,
      async ({ kid }) => {
        const key = typeof kid === 'string' ? await keys.verifying(kid) : null;
        if (!key) throw new errors.JWKSNoMatchingKey();
        return key;
      },
      {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer,
        audience,
        requiredClaims: ['exp', 'iat', 'nbf', 'jti'],
        clockTolerance: CLOCK_TOLERANCE_MS / 1000,
        currentDate: at,
      },
    );
    // Without one there was no key.
    return { payload, kid: protectedHeader.kid ?? '' };
  }

  return {
    async issue({ userId, organisationId, role, loginId }, expiresAt) {
      const { kid, key } = await keys.signing();
      const seconds = Math.floor(clock.now() / 1000);
      return new SignJWT({ org: organisationId, role, sid: loginId })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(userId)
        .setJti(randomUUID())
        .setIssuedAt(seconds)
        .setNotBefore(seconds)
        .setExpirationTime(Math.floor(expiresAt / 1000))
        .sign(key);
    },

    async verify(token) {
      const known = await provenBefore(token);
      if (known) return known;
      try {
        const { payload, kid } = await verified(token, new Date(clock.now()));
        const { sub, org, sid } = claims.parse(payload);
        const said = { userId: sub, organisationId: org, loginId: sid };
        proven.set(token, { said, kid, endsAt: (payload.exp ?? 0) * 1000 });
        return said;
      } catch (error) {
        if (error instanceof errors.JWTExpired) {
          throw new StatusError('TOKEN_EXPIRED', 'The access token has expired.');
        }
        if (error instanceof errors.JOSEError || error instanceof z.ZodError) throw invalid();
        throw error;
      }
    },

    async subjectOf(token) {
      try {
        const { iat } = decodeJwt(token);
        if (typeof iat !== 'number') return null;
        return claims.parse((await verified(token, new Date(iat * 1000))).payload).sub;
      } catch (error) {
        if (error instanceof errors.JOSEError || error instanceof z.ZodError) return null;
        throw error;
      }
    },
  };
}

/** The one answer to every token that proves nothing. */
export function invalid(): StatusError {
  return new StatusError('TOKEN_INVALID', 'The token is not valid.');
}
