import { formatName, type Role } from '../call/index.js';
import type { ApiKey as ProtoApiKey } from '../grpc/gen/probity/identity/v1/api_key_service.js';
import {
  RefreshPolicy as ProtoRefreshPolicy,
  type LogInResponse,
} from '../grpc/gen/probity/identity/v1/authentication_service.js';
import type { Organisation as ProtoOrganisation } from '../grpc/gen/probity/identity/v1/organisation_service.js';
import { Role as ProtoRole, type User as ProtoUser } from '../grpc/gen/probity/identity/v1/user_service.js';
import type { ApiKey } from './api-key.js';
import type { Tokens } from './authentication.js';
import type { RefreshPolicy } from './login.js';
import type { Organisation, User } from './types.js';

export const TO_PROTO = {
  STUDENT: ProtoRole.ROLE_STUDENT,
  INSTRUCTOR: ProtoRole.ROLE_INSTRUCTOR,
  ADMIN: ProtoRole.ROLE_ADMIN,
} as const satisfies Record<Role, ProtoRole>;

/** Roles a request may name. */
export const FROM_PROTO = {
  [ProtoRole.ROLE_STUDENT]: 'STUDENT',
  [ProtoRole.ROLE_INSTRUCTOR]: 'INSTRUCTOR',
  [ProtoRole.ROLE_ADMIN]: 'ADMIN',
} as const satisfies Partial<Record<ProtoRole, Role>>;

export function refreshPolicy(policy: ProtoRefreshPolicy): RefreshPolicy {
  return policy === ProtoRefreshPolicy.REFRESH_POLICY_FIXED ? 'FIXED' : 'ROTATING';
}

export function presentOrganisation(organisation: Organisation): ProtoOrganisation {
  return {
    name: formatName('organisations/{organisation}', { organisation: organisation.id }),
    displayName: organisation.displayName,
  };
}

export function presentUser(user: User): ProtoUser {
  return {
    name: formatName('users/{user}', { user: user.id }),
    organisation: formatName('organisations/{organisation}', { organisation: user.organisationId }),
    email: user.email,
    givenName: user.givenName,
    familyName: user.familyName,
    role: TO_PROTO[user.role],
    createTime: new Date(user.createdAt),
  };
}

export function presentLogin(tokens: Tokens & { user: User }): LogInResponse {
  return {
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken ?? '',
    expireTime: new Date(tokens.expiresAt),
    user: presentUser(tokens.user),
  };
}

export function presentApiKey(key: ApiKey): ProtoApiKey {
  return {
    name: formatName('apiKeys/{key}', { key: key.id }),
    user: formatName('users/{user}', { user: key.userId }),
    displayName: key.displayName,
    createTime: new Date(key.createdAt),
    expireTime: new Date(key.expiresAt),
    revokeTime: key.revokedAt === null ? undefined : new Date(key.revokedAt),
  };
}
