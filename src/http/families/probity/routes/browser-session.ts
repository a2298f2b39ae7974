import { StatusError } from '../../../../call/index.js';
import { RefreshPolicy } from '../../../../grpc/gen/probity/identity/v1/authentication_service.js';
import type { NewCookie } from '../../../cookies.js';
import { operation, type Call, type Operation } from '../../../family.js';
import { loginAnswer, time, userAnswer } from '../answers.js';
import * as schemas from '../schemas.js';
import * as ssoSchemas from '../sso-schemas.js';

/** Holds the rotating refresh token of a browser: no script ever sees it. */
export const SESSION = '__Host-probity';
const COOKIES = { [SESSION]: 'The refresh token of the login; every use replaces it' };

export function sessionCookie(refreshToken: string): NewCookie {
  return { name: SESSION, value: refreshToken, sameSite: 'strict' };
}

/** What a page gets of a login: all but the refresh token, which goes in the cookie. */
async function renewed(call: Call): Promise<ReturnType<typeof loginAnswer>> {
  const { core, options } = call;
  const refreshToken = call.cookie(SESSION);
  if (refreshToken === '') throw new StatusError('TOKEN_INVALID', 'Nobody is signed in in this browser.');
  const tokens = await core.authentication.refreshToken({ refreshToken, accessToken: '' }, options);
  call.setCookie(sessionCookie(tokens.refreshToken));
  const { accessToken } = tokens;
  const user = await core.users.getUser({ name: 'users/me' }, { ...options, token: accessToken });
  return { ...tokens, expireTime: time(tokens.expireTime), user: userAnswer(user) };
}

/** A login that lives in a browser's cookie, for our own pages. */
export const BROWSER_SESSION: readonly Operation[] = [
  operation({
    id: 'beginBrowserSession',
    method: 'POST',
    path: '/browser-session',
    summary: 'Signs a browser in by e-mail and password',
    tag: 'Signing in',
    auth: 'public',
    ownPagesOnly: true,
    cookies: COOKIES,
    body: schemas.Login,
    status: 200,
    success: 'An access token of 15 minutes; what renews it is in the cookie',
    answer: ssoSchemas.BrowserSession,
    errors: [400, 401, 403, 405, 415, 500],
    async run({ body }, { core, options, setCookie }) {
      const login = await core.authentication.logIn(
        {
          ...{
            organisation: `organisations/${body.organisation}`,
            email: body.email,
            password: body.password,
          },
          refreshPolicy: RefreshPolicy.REFRESH_POLICY_ROTATING,
        },
        options,
      );
      setCookie(sessionCookie(login.refreshToken));
      return loginAnswer(login);
    },
  }),
  operation({
    id: 'refreshBrowserSession',
    method: 'POST',
    path: '/browser-session/refresh',
    summary:
      'Answers a new access token to a browser that is signed in; one at a time, all its pages together',
    tag: 'Signing in',
    auth: 'public',
    ownPagesOnly: true,
    cookies: COOKIES,
    status: 200,
    success: 'The new access token; the cookie is replaced',
    answer: ssoSchemas.BrowserSession,
    errors: [401, 403, 405, 500],
    run: (_input, call) => renewed(call),
  }),
  operation({
    id: 'endBrowserSession',
    method: 'DELETE',
    path: '/browser-session',
    summary: 'Signs a browser out',
    tag: 'Signing in',
    auth: 'public',
    ownPagesOnly: true,
    cookies: COOKIES,
    status: 200,
    success: 'The login has ended, and the cookie is gone',
    answer: ssoSchemas.SignedOut,
    errors: [403, 405, 500],
    async run(_input, { core, options, cookie, setCookie }) {
      const refreshToken = cookie(SESSION);
      setCookie(sessionCookie(''));
      if (refreshToken === '') return { logoutUrl: null };
      const { logoutUrl } = await core.sso.signOut({ refreshToken }, options);
      return { logoutUrl: logoutUrl || null };
    },
  }),
];
