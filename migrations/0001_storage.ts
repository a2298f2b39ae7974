import { bytes, createTable, id, millis, type Migration } from '../src/storage/schema.js';

/** What the storage and jobs rooms keep: the key ring, data keys, sealed blobs, leases. */
export const storage: Migration = {
  name: '0001_storage',
  async up(db) {
    await createTable(db, 'keyring', (t) => {
      t.string('name', 32).primary();
      t.string('kms_key_id', 128).notNullable();
      bytes(t, 'wrapped');
      millis(t, 'created_at');
    });
    await createTable(db, 'containers', (t) => {
      id(t, 'id').primary();
      id(t, 'organisation_id');
      t.string('kind', 32).notNullable();
      t.string('owner_id', 64).notNullable();
      bytes(t, 'wrapped_key').nullable();
      t.string('kms_key_id', 128).notNullable();
      millis(t, 'created_at');
      millis(t, 'destroyed_at').nullable();
      t.index(['organisation_id', 'owner_id'], 'containers_owner');
    });
    await createTable(db, 'blobs', (t) => {
      id(t, 'id').primary();
      id(t, 'container_id').references('id').inTable('containers').withKeyName('blobs_container');
      t.string('content_type', 127).notNullable();
      bytes(t, 'sealed');
      t.integer('size').notNullable();
      millis(t, 'created_at');
      millis(t, 'expires_at').nullable();
      t.index(['container_id'], 'blobs_by_container');
      t.index(['expires_at'], 'blobs_by_expiry');
    });
    await createTable(db, 'leases', (t) => {
      t.string('name', 64).primary();
      t.string('holder', 128).notNullable();
      t.bigInteger('ticket').notNullable();
      millis(t, 'slot');
      millis(t, 'expires_at');
    });
  },
};
