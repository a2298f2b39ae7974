import { z } from 'zod';
import { line, oneOf, paging, resourceName } from '../call/index.js';
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

export const createApiKey = z.object({ user, displayName: line(1, 100) });

export const listApiKeys = z.object(paging({ standard: 100, most: 1000 }));

export const revokeApiKey = z.object({ name: resourceName('apiKeys/{key}') });

/** Most parameters of one request; no operation has as many. */
const MOST_PARAMETERS = 100;
const parameterName = z.string().regex(/^[A-Za-z0-9_]{1,64}$/, 'must be a name');

/** Any JSON number, as it was written. */
const NUMBER = /^-?\d{1,32}(\.\d{1,32})?([eE][+-]?\d{1,3})?$/;
const NONCE_MAX = 64;

export const exchangeSignature = z
  .object({
    token: required,
    /** One of any other form is the signature of nothing. */
    signature: secret,
    parameters: z
      .array(z.object({ name: z.string().max(128), value: z.string(), inPath: z.boolean() }))
      .max(MOST_PARAMETERS),
    parameterNames: z.array(parameterName).max(MOST_PARAMETERS),
  })
  .transform((request, ctx) => {
    const number = (name: string): string => {
      const value = request.parameters.find((each) => each.name === name)?.value;
      if (value !== undefined && value.length <= NONCE_MAX && NUMBER.test(value)) return value;
      const problem = value === undefined ? 'missing' : 'bad_format';
      ctx.addIssue({ code: 'custom', path: [name], message: 'must be a number', params: { problem } });
      return '0';
    };
    return { ...request, nonce: number('nonce'), timestamp: Number(number('timestamp')) };
  });
