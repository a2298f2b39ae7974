import { requireRole, validate } from '../../call/index.js';
import type { IdentityProviderServiceService } from '../../grpc/gen/probity/identity/v1/identity_provider_service.js';
import type { Handlers } from '../../grpc/index.js';
import { presentProvider } from './presenter.js';
import type { MetadataSource, Providers } from './providers.js';
import * as requests from './requests.js';

/** IdentityProviderService: what an ADMIN says of the providers of the organisation. */
export function identityProviderService(deps: {
  providers: Providers;
  publicUrl: string;
}): Handlers<typeof IdentityProviderServiceService> {
  const { providers, publicUrl } = deps;
  const present = (provider: Parameters<typeof presentProvider>[0]) => presentProvider(provider, publicUrl);

  return {
    async createIdentityProvider(request, ctx) {
      const { organisationId, userId: actor } = requireRole(ctx, 'ADMIN');
      const { metadata, entityId, ...settings } = validate(requests.createIdentityProvider, request);
      const by = { organisationId, actor };
      return present(await providers.create(by, settings, sourceOf(metadata), entityId || null));
    },

    async listIdentityProviders(_request, ctx) {
      const { organisationId } = requireRole(ctx, 'ADMIN');
      return { identityProviders: (await providers.of(organisationId)).map(present) };
    },

    async getIdentityProvider(request, ctx) {
      const { organisationId } = requireRole(ctx, 'ADMIN');
      const { name } = validate(requests.identityProvider, request);
      return present(await providers.find(organisationId, name));
    },

    async updateIdentityProvider(request, ctx) {
      const { organisationId, userId } = requireRole(ctx, 'ADMIN');
      const { name, metadata, ...settings } = validate(requests.updateIdentityProvider, request);
      const before = await providers.find(organisationId, name);
      return present(await providers.update(before, userId, settings, metadata ? sourceOf(metadata) : null));
    },

    async deleteIdentityProvider(request, ctx) {
      const { organisationId, userId } = requireRole(ctx, 'ADMIN');
      const { name } = validate(requests.identityProvider, request);
      await providers.delete(await providers.find(organisationId, name), userId);
      return {};
    },

    async refreshIdentityProvider(request, ctx) {
      const { organisationId } = requireRole(ctx, 'ADMIN');
      const { name } = validate(requests.identityProvider, request);
      return present(await providers.refresh(await providers.find(organisationId, name), ctx.signal));
    },

    async linkAccount(request, ctx) {
      const { organisationId, userId } = requireRole(ctx, 'ADMIN');
      const { name, externalId, user } = validate(requests.linkAccount, request);
      const provider = await providers.find(organisationId, name);
      await providers.link(provider, userId, externalId, user);
      return {};
    },
  };
}

type Given = { $case: 'metadataXml'; value: string } | { $case: 'metadataUrl'; value: string };

function sourceOf({ $case, value }: Given): MetadataSource {
  return $case === 'metadataUrl' ? { url: value } : { xml: value };
}
