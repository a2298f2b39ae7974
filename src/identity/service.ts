import {
  invalidFields,
  pageToken,
  principalOf,
  requireRole,
  StatusError,
  validate,
  type Context,
  type Principal,
} from '../call/index.js';
import type { Audit } from '../events/index.js';
import type { ApiKeyServiceService } from '../grpc/gen/probity/identity/v1/api_key_service.js';
import type { AuthenticationServiceService } from '../grpc/gen/probity/identity/v1/authentication_service.js';
import type { OrganisationServiceService } from '../grpc/gen/probity/identity/v1/organisation_service.js';
import type { UserServiceService } from '../grpc/gen/probity/identity/v1/user_service.js';
import type { Handlers } from '../grpc/index.js';
import type { Storage } from '../storage/index.js';
import type { Accounts } from './accounts.js';
import { apiKeyService } from './api-key-service.js';
import type { ApiKeys } from './api-keys.js';
import type { Authentication } from './authentication.js';
import { passwordFault } from './password.js';
import { FROM_PROTO, presentLogin, presentOrganisation, presentUser, refreshPolicy } from './presenter.js';
import * as requests from './requests.js';
import type { SigningKeys } from './signing-keys.js';
import * as store from './store.js';
import type { Registration, User } from './types.js';
import { userNotFound } from './user-not-found.js';

export interface IdentityHandlers {
  organisations: Handlers<typeof OrganisationServiceService>;
  users: Handlers<typeof UserServiceService>;
  authentication: Handlers<typeof AuthenticationServiceService>;
  apiKeys: Handlers<typeof ApiKeyServiceService>;
}

export function createHandlers(deps: {
  storage: Storage;
  audit: Audit;
  accounts: Accounts;
  authentication: Authentication;
  apiKeys: ApiKeys;
  keys: SigningKeys;
  registration: Registration;
}): IdentityHandlers {
  const { storage, audit, accounts, authentication, apiKeys, keys, registration } = deps;

  /** A user of the caller's organisation by id or `me`. */
  async function find(principal: Principal, id: string): Promise<User> {
    const { organisationId, userId } = principal;
    const user = await store.userById(storage.db, organisationId, id === 'me' ? userId : id);
    if (!user) throw userNotFound(`users/${id}`);
    return user;
  }

  /** Staff saw personal data of others. */
  async function recordRead(principal: Principal, subject: string | null, count: number): Promise<void> {
    const { organisationId, userId: actor } = principal;
    const entry = { organisationId, actor, subject, action: 'personal_data.read', target: 'user' };
    await audit.record(storage.db, { ...entry, details: { users: count } });
  }

  const organisations: IdentityHandlers['organisations'] = {
    async listOrganisations() {
      return { organisations: (await store.organisations(storage.db)).map(presentOrganisation) };
    },
  };

  const users: IdentityHandlers['users'] = {
    async registerUser(request) {
      const { organisation, role: asked, ...fields } = validate(requests.registerUser, request);
      const role = FROM_PROTO[asked];
      requireOpen(registration, role);
      const organisationId = organisation.organisation;
      if (!(await store.organisationExists(storage.db, organisationId))) {
        throw new StatusError('ORGANISATION_NOT_FOUND', 'There is no such organisation.', {
          resource: { type: 'organisation', name: request.organisation },
        });
      }
      return presentUser(await accounts.create({ ...fields, organisationId, role }, null));
    },

    async createUser(request, ctx) {
      const { organisationId, userId } = requireRole(ctx, 'ADMIN');
      const { role, password, ...fields } = validate(requests.createUser, request);
      const user = { ...fields, organisationId, role: FROM_PROTO[role], password: password || null };
      return presentUser(await accounts.create(user, userId));
    },

    async getUser(request, ctx) {
      const principal = principalOf(ctx);
      const id = validate(requests.getUser, request).name.user;
      const self = isSelf(principal, id);
      if (!self && principal.role === 'STUDENT') throw userNotFound(`users/${id}`);
      const user = await find(principal, id);
      if (!self) await recordRead(principal, user.id, 1);
      return presentUser(user);
    },

    async listUsers(request, ctx) {
      const principal = requireRole(ctx, 'ADMIN');
      const { pageSize, pageToken: cursor } = validate(requests.listUsers, request);
      const after = cursor === null ? null : String(cursor[0]);
      const found = await store.listUsers(storage.db, principal.organisationId, after, pageSize + 1);
      const page = found.slice(0, pageSize);
      const last = found.length > pageSize ? page.at(-1) : undefined;
      await recordRead(principal, null, page.length);
      return { users: page.map(presentUser), nextPageToken: last ? pageToken([last.email]) : '' };
    },

    async setPassword(request, ctx) {
      const principal = principalOf(ctx);
      const { name, currentPassword, newPassword } = validate(requests.setPassword, request);
      const self = isSelf(principal, name.user);
      if (!self) requireRole(ctx, 'ADMIN');
      const user = await find(principal, name.user);
      const fault = passwordFault(newPassword, user.email);
      if (fault !== null) {
        throw invalidFields([{ field: 'new_password', problem: 'bad_format', description: fault }]);
      }
      if (self) {
        const { organisationId, email } = user;
        await authentication.provePassword({ organisationId, email, password: currentPassword }, ctx);
      }
      await accounts.setPassword(user, newPassword, principal);
      return {};
    },
  };

  const authenticationHandlers: IdentityHandlers['authentication'] = {
    async logIn(request, ctx: Context) {
      const asked = validate(requests.logIn, request);
      const credentials = {
        organisationId: asked.organisation.organisation,
        email: asked.email,
        password: asked.password,
      };
      const tokens = await authentication.logIn(credentials, refreshPolicy(asked.refreshPolicy), ctx);
      return presentLogin(tokens);
    },

    async refreshToken(request) {
      const asked = validate(requests.refreshToken, request);
      const tokens = await authentication.refresh(asked.refreshToken, asked.accessToken);
      return {
        accessToken: tokens.accessToken,
        refreshToken: tokens.refreshToken ?? '',
        expireTime: new Date(tokens.expiresAt),
      };
    },

    async logOut(_request, ctx) {
      await authentication.logOut(principalOf(ctx));
      return {};
    },

    async getKeySet() {
      return { jwksJson: JSON.stringify({ keys: await keys.publicKeys() }) };
    },
  };

  return {
    ...{ organisations, users, authentication: authenticationHandlers },
    apiKeys: apiKeyService({ storage, apiKeys }),
  };
}

function isSelf(principal: Principal, id: string): boolean {
  return id === 'me' || id === principal.userId;
}

/** Throws REGISTRATION_CLOSED; names the role where another one would be let in. */
function requireOpen(registration: Registration, role: 'STUDENT' | 'INSTRUCTOR'): void {
  if (registration === 'closed') {
    throw new StatusError('REGISTRATION_CLOSED', 'Accounts are made by the administration here.');
  }
  if (registration === 'students' && role !== 'STUDENT') {
    const description = 'only students may register themselves';
    throw new StatusError('REGISTRATION_CLOSED', 'Only students may register themselves here.', {
      fields: [{ field: 'role', problem: 'bad_format', description }],
    });
  }
}
