import { StatusError } from '../../call/index.js';
import type { Audit } from '../../events/index.js';
import type { Db } from '../../storage/index.js';
import { insertAccount } from './account-store.js';
import type { IdentityProvider } from './provider.js';
import { providerById } from './provider-store.js';

/**
 * Says whom a provider means by an id. The caller holds the user's row: of two links of one person at once, one sees the
 * other.
 * @param actor the ADMIN who says so; null where it follows of the e-mail
 * @throws a unique violation where the id is somebody's by now, StatusError VERSION_CONFLICT where it is an id of another
 *   attribute by now: read again
 */
export async function linkAccount(
  tx: Db,
  { audit, clock }: { audit: Audit; clock: { now(): number } },
  provider: IdentityProvider,
  { externalId, userId, actor }: { externalId: string; userId: string; actor: string | null },
): Promise<void> {
  const { id: providerId, organisationId } = provider;
  await insertAccount(tx, { providerId, externalId, userId, createdAt: clock.now() });
  // The account's row holds the provider's: from here on, nobody changes it.
  const current = await providerById(tx, providerId);
  if (current?.attributes.externalId !== provider.attributes.externalId) {
    throw new StatusError('VERSION_CONFLICT', 'The identity provider has changed; try again.');
  }
  await audit.record(tx, {
    ...{ organisationId, actor, subject: userId, action: 'sso.account_linked' },
    ...{ target: `identity-provider/${providerId}`, details: {} },
  });
}
