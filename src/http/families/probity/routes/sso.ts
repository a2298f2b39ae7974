import { StatusError } from '../../../../call/index.js';
import type { BeginSignInRequest } from '../../../../grpc/gen/probity/identity/v1/sso_service.js';
import { requireMediaType, type Decoder } from '../../../body.js';
import { operation, type Call, type Operation } from '../../../family.js';
import { formBody } from '../../../form.js';
import { loginAnswer } from '../answers.js';
import { SESSION, sessionCookie } from './browser-session.js';
import * as schemas from '../schemas.js';
import * as ssoSchemas from '../sso-schemas.js';

const TAG = 'Single sign-on';
const PAGE = '/sign-in/';
const LOCATION = { Location: 'Where the browser goes' };

/** Says that it is the browser that began: whoever is made to post somebody else's response does not hold it. */
const BROWSER = '__Host-probity-sso';
const BROWSER_SECONDS = 600;

/** 64 kB of XML in base64, every character of it escaped. */
const FORM_BYTES = 280 * 1024;

/** A form as a browser posts it from one site to another, no larger than a message may be. */
const samlForm: Decoder = {
  mediaTypes: ['application/x-www-form-urlencoded'],
  decode(request, limits) {
    requireMediaType(request, this.mediaTypes);
    return formBody.decode(request, { ...limits, maxBodyBytes: FORM_BYTES });
  },
};

/** People meet these rows in a browser on its way to and from the university. */
const ON_THE_WAY = {
  tag: TAG,
  auth: 'public',
  params: ssoSchemas.ProviderPath,
  fields: { provider: 'provider', return_path: 'return', loopback: 'redirectUri' },
  refusedTo: (reason: string) => `${PAGE}?problem=${reason}`,
} as const;

export const SSO: readonly Operation[] = [
  operation({
    id: 'listSignInProviders',
    method: 'GET',
    path: '/sso/providers',
    summary: 'Ways to sign in to an organisation other than by password',
    tag: TAG,
    auth: 'public',
    query: ssoSchemas.SignInQuery,
    status: 200,
    success: 'By name; none for an organisation that does not exist',
    answer: ssoSchemas.SignInProviders,
    errors: [400, 405, 500],
    async run({ query }, { core, options }) {
      const organisation = `organisations/${query.organisation}`;
      const found = await core.sso.listSignInOptions({ organisation }, options);
      return {
        providers: found.options.map(({ provider, displayName }) => ({
          ...{ id: provider.slice('identityProviders/'.length), displayName },
        })),
      };
    },
  }),
  operation({
    ...ON_THE_WAY,
    id: 'beginSignIn',
    method: 'GET',
    path: '/sso/providers/:provider/login',
    summary: 'Sends a browser to the university to sign in, for itself or for a desktop client',
    query: ssoSchemas.BeginQuery,
    cookies: { [BROWSER]: 'Binds the answer to this browser' },
    headers: LOCATION,
    status: 303,
    success: 'To the identity provider',
    errors: [400, 404, 405, 500],
    async run({ params, query }, { core, options, cookie, setCookie, header }) {
      const begun = await core.sso.beginSignIn(
        { provider: nameOf(params), client: clientOf(query), browser: cookie(BROWSER) },
        options,
      );
      setCookie({ name: BROWSER, value: begun.browser, sameSite: 'none', maxAge: BROWSER_SECONDS });
      header('Location', begun.redirectUrl);
      return undefined;
    },
  }),
  operation({
    ...ON_THE_WAY,
    id: 'acceptSamlResponse',
    method: 'POST',
    path: '/sso/providers/:provider/acs',
    summary: 'Takes the answer of the university: the assertion consumer service',
    body: ssoSchemas.SamlResponse,
    decoder: samlForm,
    cookies: { [BROWSER]: 'Binds the answer to this browser', [SESSION]: 'The refresh token of the login' },
    headers: LOCATION,
    status: 303,
    success: 'To the page that was asked for, or to the desktop client',
    errors: [400, 401, 403, 404, 405, 409, 413, 415, 500],
    async run({ params, body }, { core, options, cookie, setCookie, header }) {
      const { outcome } = await core.sso.acceptSamlResponse(
        { provider: nameOf(params), samlResponse: body.SAMLResponse, browser: cookie(BROWSER) },
        options,
      );
      if (outcome?.$case === 'loopbackUrl') {
        header('Location', outcome.value);
        return undefined;
      }
      if (!outcome?.value.login) throw new Error('the core answered a sign-in without its login');
      setCookie(sessionCookie(outcome.value.login.refreshToken));
      header('Location', outcome.value.returnPath);
      return undefined;
    },
  }),
  operation({
    id: 'exchangeSignInCode',
    method: 'POST',
    path: '/sso/tokens',
    summary: 'Exchanges the code that a desktop client was sent for its tokens',
    tag: TAG,
    auth: 'public',
    body: ssoSchemas.SignInCode,
    status: 200,
    success: 'As after a login by password',
    answer: schemas.Tokens,
    errors: [400, 401, 405, 415, 500],
    async run({ body }, { core, options }) {
      return loginAnswer(await core.sso.exchangeSignInCode(body, options));
    },
  }),
  operation({
    ...ON_THE_WAY,
    id: 'acceptSamlLogoutByQuery',
    method: 'GET',
    path: '/sso/providers/:provider/slo',
    summary: 'Takes what the university says of signing out, by HTTP-Redirect: the single logout service',
    headers: LOCATION,
    status: 303,
    success: 'Back to the university with our answer, or to the sign-in page',
    errors: [401, 404, 405, 500],
    run: ({ params }, call) => signedOut(nameOf(params), { $case: 'query', value: call.query }, call),
  }),
  operation({
    ...ON_THE_WAY,
    id: 'acceptSamlLogoutByForm',
    method: 'POST',
    path: '/sso/providers/:provider/slo',
    summary: 'The same by HTTP-POST',
    body: ssoSchemas.SamlLogout,
    decoder: samlForm,
    headers: LOCATION,
    status: 303,
    success: 'Back to the university with our answer, or to the sign-in page',
    errors: [400, 401, 404, 405, 413, 415, 500],
    run({ params, body }, call) {
      const value = {
        samlRequest: body.SAMLRequest ?? '',
        samlResponse: body.SAMLResponse ?? '',
        relayState: body.RelayState ?? '',
      };
      return signedOut(nameOf(params), { $case: 'form', value }, call);
    },
  }),
  operation({
    id: 'getServiceProviderMetadata',
    method: 'GET',
    path: '/sso/providers/:provider/metadata',
    summary: 'What the university registers about us: our metadata, at the address that is our entityID',
    tag: TAG,
    auth: 'public',
    params: ssoSchemas.ProviderPath,
    fields: ON_THE_WAY.fields,
    status: 200,
    success: 'SAML 2.0 metadata',
    binary: 'application/samlmetadata+xml',
    cacheSeconds: 300,
    errors: [400, 404, 405, 500],
    async run({ params }, { core, options }) {
      const request = { provider: nameOf(params) };
      const { metadataXml } = await core.sso.getServiceProviderMetadata(request, options);
      return { bytes: Buffer.from(metadataXml), contentType: 'application/samlmetadata+xml' };
    },
  }),
];

function nameOf({ provider }: { provider: string }): string {
  return `identityProviders/${provider}`;
}

/** A desktop client says where it listens; everybody else is a browser. */
function clientOf(query: {
  return?: string | undefined;
  redirectUri?: string | undefined;
  codeChallenge?: string | undefined;
  state?: string | undefined;
}): NonNullable<BeginSignInRequest['client']> {
  const { redirectUri, codeChallenge = '', state = '' } = query;
  if (redirectUri === undefined) return { $case: 'returnPath', value: query.return ?? PAGE };
  if (query.return !== undefined) {
    throw new StatusError('INVALID_FIELDS', 'Either return or redirectUri.', {
      fields: [{ field: 'return', problem: 'bad_format', description: 'must be absent beside redirectUri' }],
    });
  }
  return { $case: 'loopback', value: { redirectUri, codeChallenge, state } };
}

async function signedOut(
  provider: string,
  message: NonNullable<Parameters<Call['core']['sso']['acceptSamlLogout']>[0]['message']>,
  { core, options, header }: Call,
): Promise<undefined> {
  const { redirectUrl } = await core.sso.acceptSamlLogout({ provider, message }, options);
  header('Location', redirectUrl || `${PAGE}?signed-out`);
}
