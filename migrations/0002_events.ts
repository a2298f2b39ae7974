import { createTable, id, jsonText, millis, type Migration } from '../src/storage/schema.js';

/** What the events room keeps: the outbox, the audit trail and its seals. */
export const events: Migration = {
  name: '0002_events',
  async up(db) {
    await createTable(db, 'outbox', (t) => {
      t.bigIncrements('id');
      id(t, 'organisation_id');
      t.string('topic', 64).notNullable();
      t.string('key', 64).notNullable();
      jsonText(t, 'payload');
      millis(t, 'created_at');
      t.index(['created_at'], 'outbox_by_age');
    });
    await createTable(db, 'audit_entries', (t) => {
      t.bigIncrements('id');
      id(t, 'organisation_id');
      millis(t, 'at');
      t.string('actor', 32).nullable();
      t.string('subject', 32).nullable();
      t.string('action', 64).notNullable();
      t.string('target', 128).nullable();
      jsonText(t, 'details');
      t.index(['organisation_id', 'subject'], 'audit_by_subject');
    });
    await createTable(db, 'audit_seals', (t) => {
      t.bigInteger('seq').primary();
      t.bigInteger('first_id').notNullable();
      t.bigInteger('last_id').notNullable();
      t.integer('entries').notNullable();
      t.string('hash', 64).notNullable();
      t.string('prev_hash', 64).notNullable();
      millis(t, 'sealed_at');
    });
  },
};
