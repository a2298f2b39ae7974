import { StatusError } from '../../call/index.js';
import type { Job } from '../../jobs/index.js';
import type { Db } from '../../storage/index.js';
import { providerById, providersToRefresh } from './provider-store.js';
import type { Providers } from './providers.js';

const LEASE_MS = 60_000;

/**
 * Fetches the metadata of every provider that has an address for them, every hour: a key that is about to be changed
 * is there before it signs. What was read last counts until something else can be read.
 */
export function metadataJob(deps: { db: Db; providers: Pick<Providers, 'refresh'> }): Job {
  const { db, providers } = deps;
  return {
    name: 'saml-metadata',
    cron: '41 * * * *',
    leaseMs: LEASE_MS,
    async run({ signal, log }) {
      for (const id of await providersToRefresh(db)) {
        if (signal.aborted) return;
        const provider = await providerById(db, id);
        if (!provider) continue;
        try {
          await providers.refresh(provider, signal);
        } catch (error) {
          if (!(error instanceof StatusError)) throw error;
          log.warn({ err: error, provider: id }, 'metadata not refreshed');
        }
      }
    },
  };
}
