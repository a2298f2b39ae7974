import { StatusError, validate, type Context } from '../../call/index.js';
import { countRefusal, type Throttle } from '../../checks/index.js';
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
  throttle: Pick<Throttle, 'attempt'>;
  sso: Sso;
  singleLogout: SingleLogout;
}): Handlers<typeof SsoServiceService> {
  const { db, audit, throttle, sso, singleLogout } = deps;

  /** A refusal is told alike whatever it was, and who brings many has to wait. */
  async function judging<T>(
    { peer, log }: Context,
    work: () => Promise<T>,
    remember?: (refusal: SamlRefusal) => Promise<void>,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SamlRefusal)) throw error;
      log.info({ peer, problem: error.problem }, 'sign-on refused');
      await countRefusal(throttle, 'sso', peer);
      await remember?.(error);
      throw refused(error);
    }
  }

  const recorded =
    ({ id, organisationId }: IdentityProvider) =>
    ({ problem }: SamlRefusal): Promise<void> =>
      audit.record(db, {
        ...{ organisationId, actor: null, subject: null, action: 'sso.refused' },
        ...{ target: `identity-provider/${id}`, details: { problem } },
      });

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

    async acceptSamlResponse(request, ctx) {
      const asked = validate(requests.acceptSamlResponse, request);
      const provider = await sso.provider(asked.provider);
      // Anybody may post anything: the audit trail has what became of somebody's own attempt.
      const begun = await sso.hasBegun(provider, asked.browser);
      const outcome = await judging(
        ctx,
        () => sso.accept(provider, asked.samlResponse, asked.browser),
        begun ? recorded(provider) : undefined,
      );
      if ('loopbackUrl' in outcome) {
        return { outcome: { $case: 'loopbackUrl', value: outcome.loopbackUrl } };
      }
      const value = { returnPath: outcome.path, login: presentLogin(outcome.signedIn) };
      return { outcome: { $case: 'browserLogin', value } };
    },

    async exchangeSignInCode(request, ctx) {
      const { code, ...proof } = validate(requests.exchangeSignInCode, request);
      return presentLogin(await judging(ctx, () => sso.exchange(code, proof)));
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

    async acceptSamlLogout(request, ctx) {
      const asked = validate(requests.acceptSamlLogout, request);
      const provider = await sso.provider(asked.provider);
      const { message } = asked;
      const url = await judging(ctx, () =>
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
