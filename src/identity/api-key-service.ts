import { invalidFields, numberAt, pageToken, requireRole, validate } from '../call/index.js';
import type { ApiKeyServiceService } from '../grpc/gen/probity/identity/v1/api_key_service.js';
import type { Handlers } from '../grpc/index.js';
import type { Storage } from '../storage/index.js';
import { listApiKeys } from './api-key-store.js';
import type { ApiKeys } from './api-keys.js';
import { presentApiKey } from './presenter.js';
import * as requests from './requests.js';
import { userById } from './store.js';
import { userNotFound } from './user-not-found.js';

/** ApiKeyService: keys of other systems, and the exchange of what they signed. */
export function apiKeyService({
  storage,
  apiKeys,
}: {
  storage: Storage;
  apiKeys: ApiKeys;
}): Handlers<typeof ApiKeyServiceService> {
  return {
    async createApiKey(request, ctx) {
      const principal = requireRole(ctx, 'ADMIN');
      const { user: name, displayName } = validate(requests.createApiKey, request);
      const id = name.user === 'me' ? principal.userId : name.user;
      const user = await userById(storage.db, principal.organisationId, id);
      if (!user) throw userNotFound(request.user);
      if (user.role === 'STUDENT') {
        const description = 'must be an INSTRUCTOR or an ADMIN';
        throw invalidFields([{ field: 'user', problem: 'bad_format', description }]);
      }
      const { key, token, secret } = await apiKeys.create(user, displayName, principal);
      return { apiKey: presentApiKey(key), token, secret };
    },

    async listApiKeys(request, ctx) {
      const { organisationId } = requireRole(ctx, 'ADMIN');
      const { pageSize, pageToken: cursor } = validate(requests.listApiKeys, request);
      const after = cursor && { createdAt: numberAt(cursor, 0), id: String(cursor[1]) };
      const found = await listApiKeys(storage.db, organisationId, after, pageSize + 1);
      const page = found.slice(0, pageSize);
      const last = found.length > pageSize ? page.at(-1) : undefined;
      return {
        apiKeys: page.map(presentApiKey),
        nextPageToken: last ? pageToken([last.createdAt, last.id]) : '',
      };
    },

    async revokeApiKey(request, ctx) {
      const principal = requireRole(ctx, 'ADMIN');
      const { name } = validate(requests.revokeApiKey, request);
      return presentApiKey(await apiKeys.revoke(name.key, principal));
    },

    async exchangeSignature(request) {
      const { accessToken, expiresAt } = await apiKeys.exchange(
        validate(requests.exchangeSignature, request),
      );
      return { accessToken, expireTime: new Date(expiresAt) };
    },
  };
}
