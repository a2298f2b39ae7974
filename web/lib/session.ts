import { Api, passes, Refused, request, type Credentials } from './api.js';
import { store, stored } from './stored.js';

const STORED = 'probity.session';

export interface Person {
  name: string;
  email: string;
  givenName: string;
  familyName: string;
}

interface Tokens {
  accessToken: string;
  /** Null where a cookie that no script sees holds it. */
  refreshToken: string | null;
}

/** What a quiz asks for, as its launch says. */
export interface Policy {
  challenge: boolean;
  monitor: boolean;
}

/** What a launch from an LMS is exchanged for. */
interface Launched extends Tokens {
  user: Person;
  exam: string;
  role: string;
  language: string;
  /** Origin of the LMS that opened this window. */
  opener: string;
  policy: Policy;
}

/** Who is signed in here, and where from. */
interface Login extends Tokens {
  user: Person;
  launch: Omit<Launched, 'user' | keyof Tokens> | null;
}

/**
 * A login of this window. One that came by a launch is kept in the window's own storage, which a reload survives and
 * other windows do not share; one by the sign-in page is a cookie.
 */
export class Session implements Credentials {
  private renewing: Promise<string> | null = null;

  private constructor(private login: Login) {}

  /**
   * The login that this window has: by the launch in its address, by the one before its last reload, or by cookie;
   * null where there is none.
   * @throws Refused (the launch is not valid, or used), Unreachable
   */
  static async open(): Promise<Session | null> {
    const launch = takeLaunch();
    const kept = stored(STORED);
    if (launch !== null) {
      try {
        return await Session.launched(launch);
      } catch (failure) {
        // A frame that is loaded again brings the launch of before.
        if (!(failure instanceof Refused) || failure.reason !== 'LAUNCH_USED' || kept === null) throw failure;
      }
    }
    return kept === null ? Session.byCookie() : new Session(JSON.parse(kept) as Login);
  }

  /**
   * The login that this window has, if the server renews it now: one that has ended is none, and is forgotten.
   * @throws Refused (for the moment), Unreachable
   */
  static async proven(): Promise<Session | null> {
    const kept = stored(STORED);
    if (kept === null) return Session.byCookie();
    const session = new Session(JSON.parse(kept) as Login);
    return (await unlessRefused(session.renewed(session.accessToken()))) === null
      ? Session.byCookie()
      : session;
  }

  private static async byCookie(): Promise<Session | null> {
    const tokens = await unlessRefused(renewedByCookie());
    return tokens && new Session({ ...tokens, refreshToken: null, launch: null });
  }

  /** Exchanges a launch. @throws Refused, Unreachable */
  static async launched(token: string): Promise<Session> {
    const { accessToken, refreshToken, user, ...launch } = await request<Launched>('launches', {
      method: 'POST',
      body: { token },
    });
    const session = new Session({ accessToken, refreshToken, user, launch });
    session.keep();
    return session;
  }

  get user(): Person {
    return this.login.user;
  }

  /** What the LMS said when it opened this window; null after a login by hand. */
  get launch(): Login['launch'] {
    return this.login.launch;
  }

  /** Goes on with the login of another launch of the same person and exam. */
  takeOver({ login }: Session): void {
    this.login = login;
    this.keep();
  }

  /** Forgets the login that this window keeps: somebody else may be the next to sit here. */
  static forget(): void {
    store(STORED, null);
  }

  /**
   * Ends this login, and one by cookie beside it.
   * @returns where to sign out of everything else; null where nowhere
   * @throws Refused, Unreachable
   */
  async end(): Promise<string | null> {
    // One that has ended already is as good.
    if (this.login.refreshToken !== null) await unlessRefused(new Api(this).post('logout'));
    Session.forget();
    const { logoutUrl } = await request<{ logoutUrl: string | null }>('browser-session', {
      method: 'DELETE',
    });
    return logoutUrl;
  }

  /** As it is: when it ends is for the server to say, as this machine's clock may be wrong. */
  accessToken(): string {
    return this.login.accessToken;
  }

  /** A refresh token is good for one use: however many calls need it, it is used once. */
  renewed(stale: string): Promise<string> {
    if (this.login.accessToken !== stale) return Promise.resolve(this.login.accessToken);
    this.renewing ??= this.renew().finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  private async renew(): Promise<string> {
    const { refreshToken, user } = this.login;
    try {
      const tokens =
        refreshToken === null
          ? await renewedByCookie(user)
          : await request<Tokens>('refresh', { method: 'POST', body: { refreshToken } });
      // A launch may have come in the meantime: what it brought is newer.
      if (this.login.refreshToken === refreshToken) {
        this.login = { ...this.login, ...tokens };
        this.keep();
      }
    } catch (failure) {
      if (this.login.refreshToken === refreshToken && !passes(failure)) Session.forget();
      throw failure;
    }
    return this.login.accessToken;
  }

  private keep(): void {
    if (this.login.refreshToken !== null) store(STORED, JSON.stringify(this.login));
  }
}

/**
 * Renews the login of the cookie. One window at a time: what the cookie holds is good for one use, and two windows that
 * use it at once are taken for two people.
 * @param expected who was signed in: where it is somebody else by now, the page begins anew, as theirs
 */
async function renewedByCookie(expected?: Person): Promise<{ accessToken: string; user: Person }> {
  const renewed = await navigator.locks.request('probity.session', async () =>
    request<{ accessToken: string; user: Person }>('browser-session/refresh', { method: 'POST' }),
  );
  if (expected === undefined || renewed.user.name === expected.name) return renewed;
  location.reload();
  throw new Refused(401, '', 'Somebody else has signed in.', null, null);
}

/** An answer; null where it was refused for good. */
async function unlessRefused<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (failure) {
    if (failure instanceof Refused && !failure.passing) return null;
    throw failure;
  }
}

/** The launch in the address, which it then leaves: it is good for one use, and no history needs it. */
export function takeLaunch(): string | null {
  const launch = new URLSearchParams(location.hash.slice(1)).get('launch');
  if (launch !== null) history.replaceState(null, '', location.pathname + location.search);
  return launch;
}
