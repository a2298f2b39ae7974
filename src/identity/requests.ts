import { z } from 'zod';
import { oneOf, paging, resourceName } from '../call/index.js';
import { RefreshPolicy } from '../grpc/gen/probity/identity/v1/authentication_service.js';
import { Role } from '../grpc/gen/probity/identity/v1/user_service.js';
import { passwordFault } from './password.js';
import { emailAddress, normaliseEmail, personName } from './person.js';

/** Longest thing accepted where a password is asked for: what it is compared with is 128 characters at most. */
const SECRET_MAX = 1_024;

const organisation = resourceName('organisations/{organisation}');
const user = resourceName('users/{user}');
const secret = z.string().max(SECRET_MAX, `must have at most ${SECRET_MAX} characters`);
const required = secret.min(1, 'is required');

const person = { email: emailAddress, givenName: personName, familyName: personName };

/**
 * Refuses a bad new password. zod skips an object's refinements where a field failed; this one runs then as well,
 * since a form's reader wants to see all problems at once. Hence the fields may be anything.
 */
function newPassword(whenEmpty: 'refuse' | 'accept') {
  return z.superRefine(
    ({ password, email }: { password: unknown; email: unknown }, ctx) => {
      if (typeof password !== 'string' || (password === '' && whenEmpty === 'accept')) return;
      const fault = passwordFault(password, typeof email === 'string' ? normaliseEmail(email) : '');
      if (fault !== null) ctx.addIssue({ code: 'custom', path: ['password'], message: fault });
    },
    { when: () => true },
  );
}

export const registerUser = z
  .object({
    organisation,
    ...person,
    password: z.string(),
    role: oneOf(Role.ROLE_STUDENT, Role.ROLE_INSTRUCTOR),
  })
  .check(newPassword('refuse'));

export const createUser = z
  .object({
    ...person,
    password: z.string(),
    role: oneOf(Role.ROLE_STUDENT, Role.ROLE_INSTRUCTOR, Role.ROLE_ADMIN),
  })
  .check(newPassword('accept'));

export const getUser = z.object({ name: user });

export const listUsers = z.object(paging({ standard: 100, most: 1000 }));

export const setPassword = z.object({ name: user, currentPassword: secret, newPassword: required });

export const logIn = z.object({
  organisation,
  email: emailAddress,
  password: required,
  refreshPolicy: z.enum([
    RefreshPolicy.REFRESH_POLICY_UNSPECIFIED,
    RefreshPolicy.REFRESH_POLICY_ROTATING,
    RefreshPolicy.REFRESH_POLICY_FIXED,
  ]),
});

export const refreshToken = z.object({ refreshToken: required, accessToken: z.string() });
