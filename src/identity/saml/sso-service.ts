import { StatusError, validate } from '../../call/index.js';
import type { Audit } from '../../events/index.js';
import type { SsoServiceService } from '../../grpc/gen/probity/identity/v1/sso_service.js';
import type { Handlers } from '../../grpc/index.js';
import type { Db } from '../../storage/index.js';
import { presentLogin } from '../presenter.js';
import { providerName } from './presenter.js';
import type { IdentityProvider } from './provider.js';
import { refused, SamlRefusal } from './refusal.js';
import * as requests from './requests.js';
import type { Destination } from './sign-in.js';
import type { SingleLogout } from './single-logout.js';
import type { Sso } from './sso.js';

/** SsoService: browsers on their way to an identity provider and back. */
export function ssoService(deps: {
  db: Db;
  audit: Audit;
  sso: Sso;
  singleLogout: SingleLogout;
}): Handlers<typeof SsoServiceService> {
  const { db, audit, sso, singleLogout } = deps;

  /** A refusal is told alike whatever it was, and remembered with what it was. */
  async function judging<T>(provider: IdentityProvider | null, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SamlRefusal)) throw error;
      if (provider) {
        await audit.record(db, {
          ...{ organisationId: provider.organisationId, actor: null, subject: null, action: 'sso.refused' },
          ...{ target: `identity-provider/${provider.id}`, details: { problem: error.problem } },
        });
      }
      throw refused(error);
    }
  }

  return {
    async listSignInOptions(request) {
      const { organisation } = validate(requests.listSignInOptions, request).organisation;
      const options = (await sso.options(organisation)).map((provider) => ({
        ...{ provider: providerName(provider), displayName: provider.displayName },
      }));
      return { options };
    },

    async beginSignIn(request) {
      const asked = validate(requests.beginSignIn, request);
      const provider = await sso.provider(asked.provider);
      const destination: Destination =
        asked.client.$case === 'returnPath'
          ? { kind: 'PAGE', path: asked.client.value }
          : { kind: 'LOOPBACK', ...asked.client.value };
      try {
        return await sso.begin(provider, destination, asked.browser);
      } catch (cause) {
        if (!(cause instanceof SamlRefusal)) throw cause;
        throw new StatusError(
          'PROVIDER_UNAVAILABLE',
          'This way to sign in does not work at the moment.',
          {},
          { cause },
        );
      }
    },

    async acceptSamlResponse(request) {
      const asked = validate(requests.acceptSamlResponse, request);
      const provider = await sso.provider(asked.provider);
      const outcome = await judging(provider, () => sso.accept(provider, asked.samlResponse, asked.browser));
      if ('loopbackUrl' in outcome) {
        return { outcome: { $case: 'loopbackUrl', value: outcome.loopbackUrl } };
      }
      const value = { returnPath: outcome.path, login: presentLogin(outcome.signedIn) };
      return { outcome: { $case: 'browserLogin', value } };
    },

    async exchangeSignInCode(request) {
      const { code, ...proof } = validate(requests.exchangeSignInCode, request);
      return presentLogin(await judging(null, () => sso.exchange(code, proof)));
    },

    async signOut(request, ctx) {
      const { refreshToken } = validate(requests.signOut, request);
      // The login has ended by then; that the provider cannot be told must not look as if it had not.
      const url = await sso.signOut(refreshToken).catch((error: unknown) => {
        if (!(error instanceof SamlRefusal)) throw error;
        ctx.log.warn({ err: error }, 'no single log-out');
        return null;
      });
      return { logoutUrl: url ?? '' };
    },

    async acceptSamlLogout(request) {
      const asked = validate(requests.acceptSamlLogout, request);
      const provider = await sso.provider(asked.provider);
      const { message } = asked;
      const url = await judging(provider, () =>
        singleLogout.accept(provider, message.$case === 'query' ? { query: message.value } : message.value),
      );
      return { redirectUrl: url ?? '' };
    },

    async getServiceProviderMetadata(request) {
      const { provider } = validate(requests.getServiceProviderMetadata, request);
      return { metadataXml: sso.metadata(await sso.provider(provider)) };
    },
  };
}
