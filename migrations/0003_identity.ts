import { bytes, createTable, id, jsonText, millis, version, type Migration } from '../src/storage/schema.js';

/** What the identity room keeps (organisations, users, logins, signing keys), and the attempt throttle. */
export const identity: Migration = {
  name: '0003_identity',
  async up(db) {
    await createTable(db, 'organisations', (t) => {
      id(t, 'id').primary();
      t.string('display_name', 200).notNullable();
      millis(t, 'created_at');
    });
    await createTable(db, 'users', (t) => {
      id(t, 'id').primary();
      id(t, 'organisation_id').references('id').inTable('organisations').withKeyName('users_organisation');
      t.string('email', 254).notNullable();
      t.string('given_name', 100).notNullable();
      t.string('family_name', 100).notNullable();
      t.string('role', 16).notNullable();
      t.string('password_hash', 255).nullable();
      millis(t, 'created_at');
      t.unique(['organisation_id', 'email'], { indexName: 'users_by_email' });
      t.index(['organisation_id', 'role'], 'users_by_role');
    });
    await createTable(db, 'logins', (t) => {
      id(t, 'id').primary();
      id(t, 'organisation_id');
      id(t, 'user_id').references('id').inTable('users').onDelete('CASCADE').withKeyName('logins_user');
      t.string('refresh_policy', 16).notNullable();
      millis(t, 'began_at');
      millis(t, 'ends_at');
      millis(t, 'revoked_at').nullable();
      t.index(['user_id'], 'logins_by_user');
      t.index(['ends_at'], 'logins_by_end');
    });
    await createTable(db, 'refresh_tokens', (t) => {
      t.string('hash', 64).primary();
      id(t, 'login_id').references('id').inTable('logins').onDelete('CASCADE').withKeyName('refresh_login');
      millis(t, 'expires_at');
      millis(t, 'used_at').nullable();
      t.index(['login_id'], 'refresh_by_login');
    });
    await createTable(db, 'signing_keys', (t) => {
      id(t, 'id').primary();
      t.bigInteger('period').notNullable();
      id(t, 'container_id');
      jsonText(t, 'public_jwk');
      bytes(t, 'sealed_private');
      millis(t, 'verifies_until');
      t.unique(['period'], { indexName: 'signing_keys_by_period' });
      t.index(['verifies_until'], 'signing_keys_by_end');
    });
    await createTable(db, 'throttles', (t) => {
      t.string('key', 128).primary();
      t.integer('failures').notNullable();
      millis(t, 'locked_until').nullable();
      millis(t, 'expires_at').nullable();
      version(t);
      t.index(['expires_at'], 'throttles_by_expiry');
    });
  },
};
