import type { Context, Principal, Role, Site } from './context.js';
import { StatusError } from './status.js';

/** The caller. Throws CREDENTIALS_MISSING when the call carried no token. */
export function principalOf(ctx: Context): Principal {
  if (!ctx.principal) throw new StatusError('CREDENTIALS_MISSING', 'An access token is required.');
  return ctx.principal;
}

/** The site that calls for itself. Throws CREDENTIALS_MISSING for everybody else. */
export function siteOf(ctx: Context): Site {
  if (!ctx.site)
    throw new StatusError('CREDENTIALS_MISSING', 'A token signed by a connected site is required.');
  return ctx.site;
}

/** The caller, who must have one of these roles. Throws ROLE_REQUIRED. */
export function requireRole(ctx: Context, ...roles: Role[]): Principal {
  const principal = principalOf(ctx);
  if (!roles.includes(principal.role)) {
    throw new StatusError('ROLE_REQUIRED', `This needs the role ${roles.join(' or ')}.`, {
      metadata: { roles: roles.join(',') },
    });
  }
  return principal;
}
