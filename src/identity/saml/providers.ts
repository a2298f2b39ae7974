import { randomUUID } from 'node:crypto';
import { invalidFields, StatusError, type FieldProblem } from '../../call/index.js';
import type { Audit } from '../../events/index.js';
import { OutboundError, type Outbound } from '../../outbound/index.js';
import { again, type Db, type Storage } from '../../storage/index.js';
import { lockUser } from '../store.js';
import { userNotFound } from '../user-not-found.js';
import { accountsOfUser, endLoginsThrough, hasAccounts, userOfAccount } from './account-store.js';
import { linkAccount } from './linking.js';
import { METADATA_MAX_BYTES, MetadataError, readMetadata, type IdpMetadata } from './metadata.js';
import { canonicalId } from './person.js';
import { keyPurpose, type IdentityProvider, type ProviderSettings } from './provider.js';
import * as store from './provider-store.js';
import { newSigningKey } from './signing-key.js';

/** Where metadata come from. */
export type MetadataSource = { xml: string } | { url: string };

/** The identity providers of organisations, as their ADMINs keep them. */
export interface Providers {
  /** @throws StatusError PROVIDER_NOT_FOUND, for one of another organisation as well */
  find(organisationId: string, id: string): Promise<IdentityProvider>;
  of(organisationId: string): Promise<IdentityProvider[]>;
  /** @throws StatusError INVALID_FIELDS, PROVIDER_UNAVAILABLE */
  create(
    by: { organisationId: string; actor: string },
    settings: ProviderSettings,
    source: MetadataSource,
    entityId: string | null,
  ): Promise<IdentityProvider>;
  /** @throws StatusError INVALID_FIELDS, PROVIDER_UNAVAILABLE, VERSION_CONFLICT */
  update(
    provider: IdentityProvider,
    actor: string,
    settings: ProviderSettings,
    source: MetadataSource | null,
  ): Promise<IdentityProvider>;
  /** Fetches the metadata again. @throws StatusError INVALID_FIELDS, PROVIDER_UNAVAILABLE, VERSION_CONFLICT */
  refresh(provider: IdentityProvider, signal: AbortSignal): Promise<IdentityProvider>;
  delete(provider: IdentityProvider, actor: string): Promise<void>;
  /** @throws StatusError INVALID_FIELDS, USER_NOT_FOUND */
  link(provider: IdentityProvider, actor: string, externalId: string, userId: string): Promise<void>;
}

export function createProviders(deps: {
  storage: Storage;
  audit: Audit;
  outbound: Pick<Outbound, 'request'>;
  clock: { now(): number };
}): Providers {
  const { storage, audit, outbound, clock } = deps;
  const { db, containers } = storage;

  async function load(source: MetadataSource, entityId: string | null, signal?: AbortSignal) {
    const xml = 'url' in source ? await fetched(outbound, source.url, signal) : source.xml;
    try {
      return readMetadata(xml, entityId, clock.now());
    } catch (error) {
      if (!(error instanceof MetadataError)) throw error;
      throw problem(fieldOf(source), 'bad_format', error.message);
    }
  }

  async function record(
    tx: Db,
    { id, organisationId, metadata }: IdentityProvider,
    actor: string | null,
    action: string,
    details: Record<string, unknown> = {},
  ): Promise<void> {
    const target = `identity-provider/${id}`;
    const { entityId } = metadata;
    await audit.record(tx, {
      ...{ organisationId, actor, subject: null, action, target, details: { entityId, ...details } },
    });
  }

  async function written(before: IdentityProvider, changes: Partial<IdentityProvider>, actor: string | null) {
    const provider = { ...before, ...changes };
    await storage.transaction(async (tx) => {
      await store.updateProvider(tx, provider);
      const renamed = provider.attributes.externalId !== before.attributes.externalId;
      // The ids that it is known by would be those of other people.
      if (renamed && (await hasAccounts(tx, provider.id))) {
        throw problem('attributes.external_id', 'bad_format', 'must stay while accounts are linked by it');
      }
      const certificates = provider.metadata.certificates.map(({ fingerprint }) => fingerprint);
      await record(tx, provider, actor, 'sso.provider_changed', { certificates });
    });
    return { ...provider, version: before.version + 1 };
  }

  return {
    async find(organisationId, id) {
      const provider = await store.providerById(db, id);
      if (provider?.organisationId !== organisationId) throw providerNotFound(id);
      return provider;
    },

    of: (organisationId) => store.providersOf(db, organisationId),

    async create({ organisationId, actor }, settings, source, entityId) {
      const metadata = await load(source, entityId);
      const key = await newSigningKey(clock.now());
      const id = randomUUID();
      return storage.transaction(async (tx) => {
        const containerId = await containers.create(tx, { organisationId, kind: 'saml', ownerId: id });
        const signingKey = await containers.seal(
          tx,
          containerId,
          keyPurpose({ id }),
          Buffer.from(key.privateKey),
        );
        const now = clock.now();
        const provider: IdentityProvider = {
          ...{ ...settings, id, organisationId, metadata, metadataUrl: 'url' in source ? source.url : null },
          ...{ refreshedAt: now, refreshProblem: null, containerId, signingKey },
          ...{ certificate: key.certificate, createdAt: now, version: 1 },
        };
        if (!(await store.insertProvider(tx, provider))) {
          throw problem(fieldOf(source), 'already_exists', 'are of a provider that is known already');
        }
        await record(tx, provider, actor, 'sso.provider_created');
        return provider;
      });
    },

    async update(before, actor, settings, source) {
      if (!source) return written(before, settings, actor);
      const changes = {
        metadata: await load(source, before.metadata.entityId),
        metadataUrl: 'url' in source ? source.url : null,
        ...{ refreshedAt: clock.now(), refreshProblem: null },
      };
      return written(before, { ...settings, ...changes }, actor);
    },

    async refresh(before, signal) {
      const { metadataUrl: url } = before;
      if (url === null)
        throw problem('name', 'bad_format', 'has metadata that are not fetched from anywhere');
      try {
        const metadata = await load({ url }, before.metadata.entityId, signal);
        const said = { refreshedAt: clock.now(), refreshProblem: null };
        if (!same(metadata, before.metadata)) return await written(before, { metadata, ...said }, null);
        await store.updateProvider(db, { ...before, ...said });
        return { ...before, ...said, version: before.version + 1 };
      } catch (error) {
        if (error instanceof StatusError && error.reason !== 'VERSION_CONFLICT') {
          const refreshProblem = error.message.slice(0, 500);
          await store.updateProvider(db, { ...before, refreshProblem });
        }
        throw error;
      }
    },

    async delete(provider, actor) {
      const { id, organisationId, containerId } = provider;
      await storage.transaction(async (tx) => {
        const logins = await endLoginsThrough(tx, id, clock.now());
        await store.deleteProvider(tx, id);
        await containers.destroy(tx, containerId);
        await containers.forget(tx, organisationId, id);
        await record(tx, provider, actor, 'sso.provider_deleted', { logins });
      });
    },

    async link(provider, actor, written, userId) {
      const { id: providerId, organisationId, attributes } = provider;
      const externalId = canonicalId(attributes.externalId, written);
      // Again: of two at once, one finds the other's.
      await again(() =>
        storage.transaction(async (tx) => {
          if (!(await lockUser(tx, organisationId, userId))) throw userNotFound(`users/${userId}`);
          const linked = await userOfAccount(tx, { providerId, externalId });
          if (linked === userId) return;
          if (linked !== null || (await isKnown(tx, providerId, userId))) {
            throw problem('external_id', 'already_exists', 'is linked otherwise already');
          }
          await linkAccount(tx, { audit, clock }, provider, { externalId, userId, actor });
        }),
      );
    },
  };
}

/** Whether the provider knows a user by some id: a second one would be a second person. */
async function isKnown(tx: Db, providerId: string, userId: string): Promise<boolean> {
  return (await accountsOfUser(tx, userId)).some((account) => account.providerId === providerId);
}

async function fetched(
  outbound: Pick<Outbound, 'request'>,
  url: string,
  signal?: AbortSignal,
): Promise<string> {
  try {
    const { status, body } = await outbound.request({
      ...{ url, method: 'GET', maxBytes: METADATA_MAX_BYTES, repeatable: true },
      ...{ headers: { accept: 'application/samlmetadata+xml, application/xml, text/xml' } },
      ...(signal && { signal }),
    });
    if (status === 200) return body.toString('utf8');
    throw unavailable(`${new URL(url).host} answers ${status} where its metadata should be.`);
  } catch (error) {
    throw error instanceof OutboundError ? unavailable(error.message, error) : error;
  }
}

function unavailable(message: string, cause?: unknown): StatusError {
  return new StatusError('PROVIDER_UNAVAILABLE', message, {}, { cause });
}

function same(a: IdpMetadata, b: IdpMetadata): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function fieldOf(source: MetadataSource): string {
  return 'url' in source ? 'metadata_url' : 'metadata_xml';
}

function problem(field: string, kind: FieldProblem, description: string): StatusError {
  return invalidFields([{ field, problem: kind, description }]);
}

export function providerNotFound(id: string): StatusError {
  return new StatusError('PROVIDER_NOT_FOUND', 'There is no such identity provider.', {
    resource: { type: 'identity_provider', name: `identityProviders/${id}` },
  });
}
