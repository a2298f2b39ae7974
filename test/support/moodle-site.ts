import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { send, type Answer } from '../http/support/facade.js';
import type { RunningApp } from './app.js';

/** What a plugin says of somebody who comes to a quiz. */
export interface LaunchClaims {
  sub: string;
  email: string;
  givenName: string;
  familyName: string;
  lang: string;
  role: 'student' | 'teacher';
  /** Times in epoch seconds, `limit` in seconds; 0 for none. */
  activity: {
    id: string;
    name: string;
    course: { id: string; name: string };
    opens: number;
    closes: number;
    limit: number;
  };
  policy: { challenge: boolean; interval: number; grace: number; monitor: boolean };
  attempt: string;
}

export const STUDENT: LaunchClaims = {
  ...{
    sub: '5',
    email: 'ada@moodle.test',
    givenName: 'Ada',
    familyName: 'Byron',
    lang: 'en',
    role: 'student',
  },
  activity: {
    ...{ id: 'quiz:12', name: 'Mid-term', course: { id: '2', name: 'Algebra 101' } },
    ...{ opens: 0, closes: 0, limit: 0 },
  },
  policy: { challenge: false, interval: 2, grace: 60, monitor: true },
  attempt: '',
};
export const TEACHER: LaunchClaims = {
  ...STUDENT,
  ...{ sub: '3', email: 'tutor@moodle.test', givenName: 'Tess', familyName: 'Tutor', role: 'teacher' },
};

/** A site key as its administrator pastes it. */
export interface Signer {
  connection: string;
  secret: Uint8Array;
  /** `wwwroot` of the site. */
  address: string;
  /** UTC milliseconds. */
  now(): number;
}

export function signerOf(siteKey: string, address: string, now: () => number = Date.now): Signer {
  const [, connection = '', secret = ''] = /^probity_([0-9a-f-]{36})_([\w-]{43})$/.exec(siteKey) ?? [];
  return { connection, secret: Buffer.from(secret, 'base64url'), address, now };
}

/** What a plugin signs. `change` replaces claims and parts of the header; undefined leaves one out. */
export async function sign(
  kind: 'launch' | 'site',
  signer: Signer,
  claims: object,
  change: { claims?: Record<string, unknown>; header?: Record<string, unknown>; secret?: Uint8Array } = {},
): Promise<string> {
  const iat = Math.floor(signer.now() / 1000);
  const payload = {
    ...{ iss: signer.address, aud: 'probity', iat, exp: iat + (kind === 'launch' ? 300 : 60) },
    ...{ jti: randomBytes(16).toString('base64url'), ...claims, ...change.claims },
  };
  const header = { alg: 'HS256', typ: `probity-${kind}+jwt`, kid: signer.connection, ...change.header };
  return new SignJWT(payload).setProtectedHeader(header).sign(change.secret ?? signer.secret);
}

/** Somebody who has come in. */
export interface Launched {
  accessToken: string;
  refreshToken: string;
  expireTime: string;
  user: { name: string; email: string; role: string };
  exam: string;
  role: 'STUDENT' | 'TEACHER';
  language: string;
  opener: string;
  policy: LaunchClaims['policy'];
}

/** A Moodle with our plugin, as far as it speaks to a running service: it has a site key, signs and calls. */
export interface MoodleSite extends Signer {
  /** A token to launch with. */
  launchToken(person?: Partial<LaunchClaims>): Promise<string>;
  /** Launches somebody, the student unless said otherwise. Fails unless they come in. */
  launch(person?: Partial<LaunchClaims>): Promise<Launched>;
  /** Calls the service in the site's own name: `site/…` below `/probity/v1/`. */
  call(method: string, path: string, body?: unknown): Promise<Answer>;
}

/** Connects a site to the organisation UCY and makes its key, as the administrator does. */
export async function connectSite(
  { httpPort, admin }: Pick<RunningApp, 'httpPort' | 'admin'>,
  {
    address = 'https://moodle.test',
    token,
    now,
  }: { address?: string; token?: string; now?: () => number } = {},
): Promise<MoodleSite> {
  const base = `http://127.0.0.1:${httpPort}/probity/v1`;
  const ask = async <A>(path: string, sent: Parameters<typeof send>[2]): Promise<A> => {
    const answer = await send(`${base}/${path}`, 'POST', sent);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.body as A;
  };
  const { accessToken } = await ask<{ accessToken: string }>('login', {
    body: { organisation: 'UCY', email: admin.email, password: admin.password },
  });
  const { name } = await ask<{ name: string }>('lms-connections', {
    token: accessToken,
    body: { kind: 'MOODLE', displayName: 'Moodle', address, ...(token !== undefined && { token }) },
  });
  const connection = name.replace('lmsConnections/', '');
  const { siteKey } = await ask<{ siteKey: string }>(`lms-connections/${connection}/site-key`, {
    token: accessToken,
  });
  const signer = signerOf(siteKey, address, now);
  const launchToken: MoodleSite['launchToken'] = (person = {}) =>
    sign('launch', signer, { ...STUDENT, ...person });
  return {
    ...signer,
    launchToken,
    launch: async (person) => ask<Launched>('launches', { body: { token: await launchToken(person) } }),
    call: async (method, path, body) =>
      send(`${base}/${path}`, method, {
        token: await sign('site', signer, {}),
        ...(body !== undefined && { body }),
      }),
  };
}
