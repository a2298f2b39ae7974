import { formatName } from '../../call/index.js';
import {
  Provisioning as ProvisioningMessage,
  type IdentityProvider as ProviderMessage,
} from '../../grpc/gen/probity/identity/v1/identity_provider_service.js';
import { TO_PROTO } from '../presenter.js';
import { urlsOf, type IdentityProvider, type Provisioning } from './provider.js';

const PROVISIONING: Record<Provisioning, ProvisioningMessage> = {
  OFF: ProvisioningMessage.PROVISIONING_OFF,
  STUDENTS: ProvisioningMessage.PROVISIONING_STUDENTS,
  ALL: ProvisioningMessage.PROVISIONING_ALL,
};

export function providerName({ id }: Pick<IdentityProvider, 'id'>): string {
  return formatName('identityProviders/{provider}', { provider: id });
}

export function presentProvider(provider: IdentityProvider, publicUrl: string): ProviderMessage {
  const { metadata } = provider;
  return {
    name: providerName(provider),
    displayName: provider.displayName,
    entityId: metadata.entityId,
    metadataUrl: provider.metadataUrl ?? '',
    refreshTime: new Date(provider.refreshedAt),
    refreshProblem: provider.refreshProblem ?? '',
    certificates: metadata.certificates.map(({ fingerprint, endsAt }) => ({
      ...{ fingerprint, expireTime: new Date(endsAt) },
    })),
    singleLogout: metadata.logout !== null,
    attributes: provider.attributes,
    roles: provider.roles.map(({ affiliation, role }) => ({ affiliation, role: TO_PROTO[role] })),
    provisioning: PROVISIONING[provider.provisioning],
    serviceProvider: urlsOf(publicUrl, provider).metadata,
    createTime: new Date(provider.createdAt),
  };
}
