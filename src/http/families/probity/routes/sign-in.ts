import { RefreshPolicy } from '../../../../grpc/gen/probity/identity/v1/authentication_service.js';
import { operation, type Operation } from '../../../family.js';
import { loginAnswer, time } from '../answers.js';
import * as schemas from '../schemas.js';

export const SIGN_IN: readonly Operation[] = [
  operation({
    id: 'listOrganisations',
    method: 'GET',
    path: '/organisations',
    summary: 'Organisations of this installation',
    tag: 'Signing in',
    auth: 'public',
    status: 200,
    success: 'All organisations, by code',
    answer: schemas.Organisations,
    errors: [405, 500],
    async run(_input, { core, options }) {
      return core.organisations.listOrganisations({}, options);
    },
  }),
  operation({
    id: 'logIn',
    method: 'POST',
    path: '/login',
    summary: 'Signs in by e-mail and password',
    tag: 'Signing in',
    auth: 'public',
    body: schemas.Login,
    status: 200,
    success: 'An access token of 15 minutes, and a refresh token that every use replaces',
    answer: schemas.Tokens,
    errors: [400, 401, 405, 415, 500],
    async run({ body }, { core, options }) {
      const login = await core.authentication.logIn(
        {
          organisation: `organisations/${body.organisation}`,
          email: body.email,
          password: body.password,
          refreshPolicy: RefreshPolicy.REFRESH_POLICY_ROTATING,
        },
        options,
      );
      return loginAnswer(login);
    },
  }),
  operation({
    id: 'refreshToken',
    method: 'POST',
    path: '/refresh',
    summary: 'Answers a new access token for a refresh token, and replaces that',
    tag: 'Signing in',
    auth: 'public',
    body: schemas.Refresh,
    status: 200,
    success: 'The new tokens. Using the replaced refresh token again ends the login',
    answer: schemas.RefreshedTokens,
    errors: [400, 401, 405, 415, 500],
    async run({ body }, { core, options }) {
      const tokens = await core.authentication.refreshToken(
        { refreshToken: body.refreshToken, accessToken: '' },
        options,
      );
      return {
        accessToken: tokens.accessToken,
        refreshToken: tokens.refreshToken || null,
        expireTime: time(tokens.expireTime),
      };
    },
  }),
  operation({
    id: 'logOut',
    method: 'POST',
    path: '/logout',
    summary: 'Ends the login that the access token came from',
    tag: 'Signing in',
    auth: 'token',
    status: 204,
    success: 'The login has ended',
    errors: [401, 405, 500],
    async run(_input, { core, options }) {
      await core.authentication.logOut({}, options);
      return undefined;
    },
  }),
  operation({
    id: 'getKeySet',
    method: 'GET',
    path: '/.well-known/jwks.json',
    summary: 'Public keys that verify access tokens',
    tag: 'Signing in',
    auth: 'public',
    status: 200,
    success: 'A JSON Web Key Set',
    answer: schemas.KeySet,
    cacheSeconds: 300,
    errors: [405, 500],
    async run(_input, { core, options }) {
      const { jwksJson } = await core.authentication.getKeySet({}, options);
      return schemas.KeySet.parse(JSON.parse(jwksJson));
    },
  }),
];
