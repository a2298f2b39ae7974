import { operation, type Operation } from '../../../family.js';
import { apiKeyAnswer } from '../answers.js';
import { paging } from '../paging.js';
import * as schemas from '../schemas.js';
import { READ, WRITE } from './rows.js';

export const API_KEYS: readonly Operation[] = [
  operation({
    id: 'createApiKey',
    method: 'POST',
    path: '/api-keys',
    summary: 'Makes a key for another system, which acts as a member of staff (ADMIN)',
    tag: 'API keys',
    auth: 'token',
    body: schemas.CreateApiKey,
    status: 201,
    success: 'The key, with its token and its secret. Neither is ever told again',
    answer: schemas.CreatedApiKey,
    errors: WRITE,
    async run({ body }, { core, options }) {
      const { apiKey, token, secret } = await core.apiKeys.createApiKey(body, options);
      if (!apiKey) throw new Error('the core answered no key');
      return { apiKey: apiKeyAnswer(apiKey), token, secret };
    },
  }),
  operation({
    id: 'listApiKeys',
    method: 'GET',
    path: '/api-keys',
    summary: 'Keys of the organisation, the newest first (ADMIN)',
    tag: 'API keys',
    auth: 'token',
    query: schemas.Page,
    status: 200,
    success: 'A page of keys, those that have ended too',
    answer: schemas.ApiKeys,
    errors: READ,
    async run({ query }, { core, options }) {
      const page = await core.apiKeys.listApiKeys(paging(query), options);
      return { apiKeys: page.apiKeys.map(apiKeyAnswer), nextPageToken: page.nextPageToken };
    },
  }),
  operation({
    id: 'revokeApiKey',
    method: 'DELETE',
    path: '/api-keys/:key',
    summary: 'Revokes a key: it and everything that came of it end at once (ADMIN)',
    tag: 'API keys',
    auth: 'token',
    params: schemas.ApiKeyPath,
    fields: { name: 'key' },
    status: 200,
    success: 'The key',
    answer: schemas.ApiKey,
    errors: READ,
    async run({ params }, { core, options }) {
      return apiKeyAnswer(await core.apiKeys.revokeApiKey({ name: `apiKeys/${params.key}` }, options));
    },
  }),
];
