import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import {
  hashed,
  newSecret,
  StatusError,
  type LoginMethod,
  type Principal,
  type Role,
} from '../call/index.js';
import type { Attempt, Throttle, ThrottlePolicy } from '../checks/index.js';
import type { Audit } from '../events/index.js';
import type { Db, Storage } from '../storage/index.js';
import { invalid, type AccessTokens } from './access-token.js';
import { apiKeyWithRole } from './api-key-store.js';
import * as logins from './login-store.js';
import {
  accessExpiry,
  judgeRefresh,
  LOGIN_MS,
  refreshExpiry,
  type Login,
  type RefreshPolicy,
} from './login.js';
import { isOutdated, type Passwords } from './password.js';
import * as users from './store.js';
import type { Authenticate, User } from './types.js';

/**
 * Five wrong passwords in a row, then 30 s, doubling to 15 min. No hard stop: anybody who knows an e-mail could keep
 * its owner out for good.
 */
const LOGIN_THROTTLE: ThrottlePolicy = {
  freeFailures: 5,
  firstDelayMs: 30_000,
  maxDelayMs: 15 * 60_000,
  hardStop: null,
  forgetAfterMs: 24 * 3_600_000,
};

/**
 * The throttle's key of an account, whether it exists or not: a lockout must not tell which e-mails have one. A hash,
 * so that mistyped e-mails are not kept.
 */
export function loginKey(organisationId: string, email: string): string {
  return `login:${hashed(`${organisationId}\n${email}`)}`;
}

export interface Credentials {
  organisationId: string;
  /** Normalised. */
  email: string;
  password: string;
}

export interface Tokens {
  accessToken: string;
  /** Null where the one presented stays valid. */
  refreshToken: string | null;
  /** When the access token ends, UTC milliseconds. */
  expiresAt: number;
}

/** A login that has begun, and whose tokens are still to be made. */
export interface BegunLogin {
  login: Login;
  user: User;
  refreshToken: string;
}

export interface Authentication {
  /** Throws CREDENTIALS_WRONG, TOO_MANY_ATTEMPTS. */
  logIn(
    credentials: Credentials,
    policy: RefreshPolicy,
    from: { log: Logger; peer: string },
  ): Promise<Tokens & { user: User }>;
  /** Begins a login of somebody who has proven elsewhere who they are, in the caller's transaction. */
  begin(tx: Db, user: User, method: LoginMethod): Promise<BegunLogin>;
  /** The tokens of a login that has begun. Outside of any transaction: it may make a signing key. */
  issue(begun: BegunLogin): Promise<Tokens & { user: User }>;
  /** Throws TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REUSED. */
  refresh(refreshToken: string, accessToken: string): Promise<Tokens>;
  /** Ends the login of the caller. */
  logOut(principal: Principal): Promise<void>;
  /** Ends the login that a refresh token belongs to, also one that was replaced. Null where none was left to end. */
  endLogin(refreshToken: string): Promise<Login | null>;
  /** Ends a login for a reason that nobody here gave. */
  revoke(tx: Db, loginId: string, reason: string): Promise<void>;
  /** Proves a password of a user by the same rules as a login. Throws CREDENTIALS_WRONG, TOO_MANY_ATTEMPTS. */
  provePassword: (
    credentials: Credentials,
    from: { log: Logger; peer: string },
  ) => Promise<users.UserWithPassword>;
  authenticate: Authenticate;
}

export function createAuthentication(deps: {
  storage: Storage;
  audit: Audit;
  throttle: Throttle;
  passwords: Passwords;
  tokens: AccessTokens;
  clock: { now(): number };
}): Authentication {
  const { storage, audit, throttle, passwords, tokens, clock } = deps;
  const { db } = storage;

  async function tokensFor(login: Login, role: Role, refreshToken: string | null): Promise<Tokens> {
    const { organisationId, userId, id: loginId } = login;
    const expiresAt = accessExpiry(login, clock.now());
    const accessToken = await tokens.issue({ userId, organisationId, role, loginId }, expiresAt);
    return { accessToken, refreshToken, expiresAt };
  }

  async function issue({ login, user, refreshToken }: BegunLogin): Promise<Tokens & { user: User }> {
    return { ...(await tokensFor(login, user.role, refreshToken)), user };
  }

  async function recordRefusal(credentials: Credentials, user: User | null, attempt: Attempt): Promise<void> {
    const { organisationId } = credentials;
    if (!(await users.organisationExists(db, organisationId))) return; // Nobody's trail to write in.
    const about = { organisationId, actor: null, subject: user?.id ?? null, target: null };
    await storage.transaction(async (tx) => {
      const { failures, delayMs } = attempt;
      await audit.record(tx, { ...about, action: 'login.refused', details: { failures } });
      if (delayMs > 0) {
        await audit.record(tx, { ...about, action: 'login.locked', details: { failures, delayMs } });
      }
    });
  }

  const provePassword: Authentication['provePassword'] = async (credentials, { log, peer }) => {
    const { organisationId, email, password } = credentials;
    const attempt = await throttle.attempt(loginKey(organisationId, email), LOGIN_THROTTLE);
    const found = await users.userToSignIn(db, organisationId, email);
    const right = await passwords
      .verify(found?.passwordHash ?? null, password)
      .catch(async (error: unknown) => {
        await attempt.withdrawn();
        throw error;
      });
    if (!found || !right) {
      log.info({ peer, failures: attempt.failures }, 'sign-in refused');
      await recordRefusal(credentials, found?.user ?? null, attempt);
      throw wrong();
    }
    await attempt.succeeded();
    return found;
  };

  function newLogin(user: User, refreshPolicy: RefreshPolicy, method: LoginMethod): Login {
    const beganAt = clock.now();
    return {
      ...{ id: randomUUID(), organisationId: user.organisationId, userId: user.id, method },
      ...{ refreshPolicy, beganAt, endsAt: beganAt + LOGIN_MS, revokedAt: null },
    };
  }

  async function open(tx: Db, login: Login): Promise<string> {
    await logins.insertLogin(tx, login);
    const refreshToken = await addRefreshToken(tx, login);
    await audit.record(tx, {
      ...{ organisationId: login.organisationId, actor: login.userId, subject: login.userId },
      action: 'login.succeeded',
      target: `login/${login.id}`,
      details: { refreshPolicy: login.refreshPolicy, method: login.method },
    });
    return refreshToken;
  }

  async function openByPassword(
    tx: Db,
    login: Login,
    stored: string | null,
    rehashed: string | null,
  ): Promise<string | null> {
    // A password set since it was proven has ended all logins: this one must not slip in behind.
    if ((await users.lockPasswordHash(tx, login.userId)) !== stored) return null;
    if (rehashed !== null) await users.setPasswordHash(tx, login.userId, rehashed);
    return open(tx, login);
  }

  async function addRefreshToken(tx: Db, login: Login): Promise<string> {
    const token = newSecret();
    await logins.insertRefreshToken(tx, {
      hash: hashed(token),
      loginId: login.id,
      expiresAt: refreshExpiry(login, clock.now()),
    });
    return token;
  }

  /** What a token came of: a login or, more rarely, an API key. */
  async function originOf(id: string) {
    const login = await logins.loginWithRole(db, id);
    if (login) return login;
    const key = await apiKeyWithRole(db, id);
    return key && { ...key, endsAt: key.expiresAt, method: undefined };
  }

  /** False where it had ended. */
  async function revoke(tx: Db, login: Login, actor: string | null, reason: string): Promise<boolean> {
    if (!(await logins.revokeLogin(tx, login.id, clock.now()))) return false;
    await audit.record(tx, {
      ...{ organisationId: login.organisationId, actor, subject: login.userId },
      action: 'login.revoked',
      target: `login/${login.id}`,
      details: { reason },
    });
    return true;
  }

  /** Exchanges a refresh token. Returns what became of it; throwing would roll the revocation back. */
  async function exchange(tx: Db, presented: string, namedSubject: string | null) {
    const hash = hashed(presented);
    const token = await logins.refreshToken(tx, hash);
    if (!token) return 'UNKNOWN' as const;
    const { login } = token;
    const verdict = judgeRefresh(token, clock.now());
    if (verdict === 'REUSED') await revoke(tx, login, null, 'refresh token reused');
    if (verdict !== 'GOOD') return verdict;
    if (namedSubject !== null && namedSubject !== login.userId) return 'UNKNOWN' as const;
    if (login.refreshPolicy === 'FIXED') return { ...token, next: null };
    if (!(await logins.useRefreshToken(tx, hash, clock.now()))) {
      await revoke(tx, login, null, 'refresh token reused');
      return 'REUSED' as const;
    }
    return { ...token, next: await addRefreshToken(tx, login) };
  }

  return {
    provePassword,

    async logIn(credentials, refreshPolicy, from) {
      const { user, passwordHash } = await provePassword(credentials, from);
      const rehashed =
        passwordHash !== null && isOutdated(passwordHash) ? await passwords.hash(credentials.password) : null;
      const login = newLogin(user, refreshPolicy, 'PASSWORD');
      const refreshToken = await storage.transaction((tx) =>
        openByPassword(tx, login, passwordHash, rehashed),
      );
      if (refreshToken === null) throw wrong();
      return issue({ login, user, refreshToken });
    },

    async begin(tx, user, method) {
      const login = newLogin(user, 'ROTATING', method);
      return { login, user, refreshToken: await open(tx, login) };
    },

    issue,

    async refresh(refreshToken, accessToken) {
      const namedSubject = accessToken === '' ? null : await tokens.subjectOf(accessToken);
      const outcome = await storage.transaction((tx) => exchange(tx, refreshToken, namedSubject));
      switch (outcome) {
        case 'UNKNOWN':
        case 'REVOKED':
          throw invalid();
        case 'EXPIRED':
          throw new StatusError('TOKEN_EXPIRED', 'The refresh token has expired.');
        case 'REUSED':
          throw new StatusError('TOKEN_REUSED', 'The refresh token was used before; sign in again.');
        default:
          return tokensFor(outcome.login, outcome.role, outcome.next);
      }
    },

    async logOut({ loginId, userId }) {
      await storage.transaction(async (tx) => {
        const login = await logins.loginWithRole(tx, loginId);
        if (login) await revoke(tx, login, userId, 'logged out');
      });
    },

    async endLogin(refreshToken) {
      return storage.transaction(async (tx) => {
        const login = (await logins.refreshToken(tx, hashed(refreshToken)))?.login;
        return login && (await revoke(tx, login, login.userId, 'logged out')) ? login : null;
      });
    },

    async revoke(tx, loginId, reason) {
      const login = await logins.loginWithRole(tx, loginId);
      if (login) await revoke(tx, login, null, reason);
    },

    async authenticate(token) {
      const said = await tokens.verify(token);
      const origin = await originOf(said.loginId);
      if (!origin || origin.revokedAt !== null) throw invalid();
      if (origin.userId !== said.userId || origin.organisationId !== said.organisationId) throw invalid();
      if (origin.endsAt <= clock.now()) throw new StatusError('TOKEN_EXPIRED', 'The login has ended.');
      return { ...said, role: origin.role, method: origin.method };
    },
  };
}

/** Unknown organisation, unknown user, no password, wrong password: all the same. */
function wrong(): StatusError {
  return new StatusError('CREDENTIALS_WRONG', 'The e-mail or the password is wrong.');
}
