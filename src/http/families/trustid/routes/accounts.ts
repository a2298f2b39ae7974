import { RefreshPolicy } from '../../../../grpc/gen/probity/identity/v1/authentication_service.js';
import { operation, type Operation } from '../../../family.js';
import * as schemas from '../schemas.js';
import { RESOURCE, ROLE } from '../words.js';

export const login = (organisations: readonly string[]): Operation =>
  operation({
    id: 'loginCreate',
    method: 'POST',
    path: '/login',
    summary: 'Creates a JSON Web Token if the provided credentials are correct',
    tag: 'Login',
    auth: 'public',
    body: schemas.loginSchema(organisations),
    fields: { organisation: 'organization' },
    status: 201,
    success: 'JSON Web Token has been created successfully. The value is returned in resource_obj.',
    answer: schemas.Response201,
    errors: [400, 401, 404, 405, 415, 500],
    async run({ body }, { core, options: call }) {
      const login = await core.authentication.logIn(
        {
          organisation: `organisations/${body.organization}`,
          email: body.email,
          password: body.password,
          // The document's /refresh_token answers no new refresh token.
          refreshPolicy: RefreshPolicy.REFRESH_POLICY_FIXED,
        },
        call,
      );
      return {
        message: 'JSON Web Token has been created successfully.',
        resource_name: 'token',
        resource_obj: { access: login.accessToken, refresh: login.refreshToken },
      };
    },
  });

export const refreshToken = operation({
  id: 'refreshTokenCreate',
  method: 'POST',
  path: '/refresh_token',
  summary: 'Uses the longer-lived refresh token to obtain another access token',
  tag: 'RefreshToken',
  auth: 'public',
  body: schemas.RefreshToken,
  fields: { refresh_token: 'refresh', access_token: 'access' },
  status: 201,
  success: 'JSON Web Token has been created successfully. The value is returned in resource_str.',
  answer: schemas.Response404,
  errors: [400, 401, 405, 415, 500],
  async run({ body }, { core, options: call }) {
    const { accessToken } = await core.authentication.refreshToken(
      { refreshToken: body.refresh, accessToken: body.access ?? '' },
      call,
    );
    return {
      message: 'JSON Web Token has been created successfully.',
      resource_name: 'token',
      resource_str: accessToken,
    };
  },
});

export const registerUser = (organisations: readonly string[]): Operation =>
  operation({
    id: 'registerUserCreate',
    method: 'POST',
    path: '/register_user',
    summary: 'Creates a new Trustid user instance',
    tag: 'RegisterUser',
    auth: 'public',
    body: schemas.registerUserSchema(organisations),
    fields: { organisation: 'organization', given_name: 'name', family_name: 'surname' },
    status: 200,
    success: 'Success',
    answer: schemas.Response200_1,
    errors: [400, 405, 415, 500],
    async run({ body }, { core, options: call }) {
      await core.users.registerUser(
        {
          organisation: `organisations/${body.organization}`,
          email: body.email,
          givenName: body.name,
          familyName: body.surname,
          password: body.password,
          role: ROLE[body.role],
        },
        call,
      );
      return { message: 'The user was registered.', resource_name: RESOURCE.user };
    },
  });
