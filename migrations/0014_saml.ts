import {
  addColumns,
  bytes,
  createTable,
  id,
  jsonText,
  millis,
  version,
  type Migration,
} from '../src/storage/schema.js';

/** What a login began with; identity providers, and what is remembered of signing in through one. */
export const saml: Migration = {
  name: '0014_saml',
  async up(db) {
    await addColumns(db, 'logins', {
      method: (t) => t.string('method', 16).notNullable().defaultTo('PASSWORD'),
    });
    await createTable(db, 'identity_providers', (t) => {
      id(t, 'id').primary();
      id(t, 'organisation_id')
        .references('id')
        .inTable('organisations')
        .withKeyName('providers_organisation');
      t.string('display_name', 200).notNullable();
      t.string('entity_id', 500).notNullable();
      // NULL: the metadata were given as a file.
      t.string('metadata_url', 500).nullable();
      jsonText(t, 'metadata');
      millis(t, 'refreshed_at');
      // Why the last refresh brought nothing; NULL where it did.
      t.string('refresh_problem', 500).nullable();
      jsonText(t, 'attributes');
      jsonText(t, 'roles');
      t.string('provisioning', 16).notNullable();
      // Sealed in it: the private key that signs what we send to this provider.
      id(t, 'container_id');
      bytes(t, 'signing_key');
      t.text('certificate').notNullable();
      millis(t, 'created_at');
      version(t);
      t.unique(['organisation_id', 'entity_id'], { indexName: 'providers_by_entity' });
    });
    await createTable(db, 'sso_requests', (t) => {
      t.string('id', 64).primary();
      id(t, 'provider_id')
        .references('id')
        .inTable('identity_providers')
        .onDelete('CASCADE')
        .withKeyName('sso_requests_provider');
      // SHA-256 of what the browser that began it holds.
      t.string('browser_hash', 64).notNullable();
      jsonText(t, 'destination');
      millis(t, 'expires_at');
      t.index(['provider_id'], 'sso_requests_by_provider');
      t.index(['expires_at'], 'sso_requests_by_expiry');
    });
    await createTable(db, 'sso_spent', (t) => {
      id(t, 'provider_id')
        .references('id')
        .inTable('identity_providers')
        .onDelete('CASCADE')
        .withKeyName('sso_spent_provider');
      // SHA-256 of the ID of an assertion or a request to log out.
      t.string('id_hash', 64).notNullable();
      millis(t, 'expires_at');
      t.primary(['provider_id', 'id_hash']);
      t.index(['expires_at'], 'sso_spent_by_expiry');
    });
    await createTable(db, 'sso_accounts', (t) => {
      id(t, 'provider_id')
        .references('id')
        .inTable('identity_providers')
        .onDelete('CASCADE')
        .withKeyName('sso_accounts_provider');
      t.string('external_id', 256).notNullable();
      id(t, 'user_id').references('id').inTable('users').onDelete('CASCADE').withKeyName('sso_accounts_user');
      millis(t, 'created_at');
      t.primary(['provider_id', 'external_id']);
      t.index(['user_id'], 'sso_accounts_by_user');
    });
    await createTable(db, 'sso_codes', (t) => {
      // SHA-256.
      t.string('hash', 64).primary();
      id(t, 'provider_id')
        .references('id')
        .inTable('identity_providers')
        .onDelete('CASCADE')
        .withKeyName('sso_codes_provider');
      id(t, 'user_id').references('id').inTable('users').onDelete('CASCADE').withKeyName('sso_codes_user');
      jsonText(t, 'subject');
      t.string('redirect_uri', 500).notNullable();
      t.string('code_challenge', 43).notNullable();
      millis(t, 'expires_at');
      t.index(['provider_id'], 'sso_codes_by_provider');
      t.index(['user_id'], 'sso_codes_by_user');
      t.index(['expires_at'], 'sso_codes_by_expiry');
    });
    // Which login a provider means when it says that somebody has signed out.
    await createTable(db, 'sso_sessions', (t) => {
      id(t, 'login_id')
        .primary()
        .references('id')
        .inTable('logins')
        .onDelete('CASCADE')
        .withKeyName('sso_sessions_login');
      id(t, 'provider_id')
        .references('id')
        .inTable('identity_providers')
        .onDelete('CASCADE')
        .withKeyName('sso_sessions_provider');
      // SHA-256 of the NameID's text.
      t.string('name_hash', 64).notNullable();
      jsonText(t, 'subject');
      t.index(['provider_id', 'name_hash'], 'sso_sessions_by_name');
    });
  },
};
