import type { Logger } from 'pino';

export type Role = 'STUDENT' | 'INSTRUCTOR' | 'ADMIN';

/** What a login began with: a password, the university's identity provider, or a launch by an LMS. */
export type LoginMethod = 'PASSWORD' | 'SSO' | 'LMS';

/** Who calls, as proven by their access token. */
export interface Principal {
  userId: string;
  organisationId: string;
  role: Role;
  /** The login, or the API key, that the token came from; revoking it ends every token that did. */
  loginId: string;
  /** What the login began with; absent for an API key. */
  method?: LoginMethod;
}

/** A connected LMS that calls for itself, as proven by what it signed. */
export interface Site {
  connectionId: string;
  organisationId: string;
}

/** Everything a handler knows of its call beside the request. Nothing of Koa or grpc-js. */
export interface Context {
  requestId: string;
  /** Null only where the operation is public (login, registration, version), or the caller is a site. */
  principal: Principal | null;
  /** The caller that is no person; what asks for a principal refuses it. */
  site?: Site;
  /** UTC milliseconds after which nobody waits for the answer. */
  deadline: number;
  /** Aborts when the caller went away or the deadline passed. */
  signal: AbortSignal;
  log: Logger;
  /** The socket's peer, as the outermost server saw it. For audit and lockout, never for identity. */
  peer: string;
}
