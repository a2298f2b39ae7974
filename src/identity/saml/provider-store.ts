import { compareAndSet, fromJson, insertIgnore, toJson, type Db } from '../../storage/index.js';
import type { IdpMetadata } from './metadata.js';
import type { AttributeNames, IdentityProvider, Provisioning, RoleMapping } from './provider.js';

interface ProviderRow {
  id: string;
  organisation_id: string;
  display_name: string;
  entity_id: string;
  metadata_url: string | null;
  metadata: string;
  refreshed_at: number;
  refresh_problem: string | null;
  attributes: string;
  roles: string;
  provisioning: Provisioning;
  container_id: string;
  signing_key: Buffer;
  certificate: string;
  created_at: number;
  version: number;
}

function toProvider(row: ProviderRow): IdentityProvider {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    displayName: row.display_name,
    metadata: fromJson(row.metadata) as IdpMetadata,
    metadataUrl: row.metadata_url,
    refreshedAt: row.refreshed_at,
    refreshProblem: row.refresh_problem,
    attributes: fromJson(row.attributes) as AttributeNames,
    roles: fromJson(row.roles) as RoleMapping[],
    provisioning: row.provisioning,
    containerId: row.container_id,
    signingKey: row.signing_key,
    certificate: row.certificate,
    createdAt: row.created_at,
    version: row.version,
  };
}

/** What changes of a provider. */
function changeable(provider: IdentityProvider) {
  return {
    display_name: provider.displayName,
    metadata_url: provider.metadataUrl,
    metadata: toJson(provider.metadata),
    refreshed_at: provider.refreshedAt,
    refresh_problem: provider.refreshProblem,
    attributes: toJson(provider.attributes),
    roles: toJson(provider.roles),
    provisioning: provider.provisioning,
  };
}

/** False when the organisation knows that entity already. */
export async function insertProvider(tx: Db, provider: IdentityProvider): Promise<boolean> {
  return insertIgnore(tx, 'identity_providers', {
    ...changeable(provider),
    id: provider.id,
    organisation_id: provider.organisationId,
    entity_id: provider.metadata.entityId,
    container_id: provider.containerId,
    signing_key: provider.signingKey,
    certificate: provider.certificate,
    created_at: provider.createdAt,
  });
}

/** @throws StatusError VERSION_CONFLICT */
export async function updateProvider(tx: Db, provider: IdentityProvider): Promise<void> {
  const { id, version } = provider;
  await compareAndSet(tx, 'identity_providers', { id }, version, changeable(provider));
}

/** Of whichever organisation: people who sign in have none yet. */
export async function providerById(db: Db, id: string): Promise<IdentityProvider | null> {
  const row = await db<ProviderRow>('identity_providers').where({ id }).first();
  return row ? toProvider(row) : null;
}

/** Of an organisation, by name. */
export async function providersOf(db: Db, organisationId: string): Promise<IdentityProvider[]> {
  const rows = await db<ProviderRow>('identity_providers')
    .where('organisation_id', organisationId)
    .orderBy(['display_name', 'id']);
  return rows.map(toProvider);
}

/** Ids of the providers whose metadata are fetched. */
export async function providersToRefresh(db: Db): Promise<string[]> {
  return db('identity_providers').whereNotNull('metadata_url').orderBy('id').pluck<string[]>('id');
}

/** What is remembered of it goes with it: requests, codes, accounts, sessions. */
export async function deleteProvider(tx: Db, id: string): Promise<void> {
  await tx('identity_providers').where({ id }).delete();
}
