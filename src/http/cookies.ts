import { parseCookie, stringifySetCookie } from 'cookie';

/** A cookie that a browser is to hold. */
export interface NewCookie {
  /** Begins with `__Host-`: of this very host, over TLS, and nobody's to set from a neighbouring one. */
  name: `__Host-${string}`;
  /** Empty takes the cookie away. */
  value: string;
  /** `none` only where it must come back with a form that another site posts. */
  sameSite: 'strict' | 'none';
  /** Seconds; absent: until the browser is closed. */
  maxAge?: number;
}

/** `Set-Cookie` of a cookie that no script can read. */
export function setCookie({ name, value, sameSite, maxAge }: NewCookie): string {
  const life = value === '' ? 0 : maxAge;
  return stringifySetCookie({
    ...{ name, value, sameSite, httpOnly: true, secure: true, path: '/' },
    ...(life !== undefined && { maxAge: life }),
  });
}

/** A cookie of a request; empty where there is none. */
export function cookieOf(header: string, name: string): string {
  return parseCookie(header)[name] ?? '';
}
