import {
  createTable,
  id,
  jsonText,
  millis,
  version,
  type Migration,
  type Table,
} from '../src/storage/schema.js';

/** What the LMS said when it was last asked, how and when it is asked, and what changed. */
export const lmsSync: Migration = {
  name: '0015_lms_sync',
  async up(db) {
    await createTable(db, 'lms_sync_settings', (t) => {
      connectionId(t, 'lms_sync_settings_connection');
      t.primary(['connection_id']);
      id(t, 'organisation_id');
      // Cron, UTC; empty for never by itself.
      t.string('schedule', 100).notNullable();
      t.string('watch', 16).notNullable();
      jsonText(t, 'courses');
      t.integer('grace_days').notNullable();
      // The clock of the LMS at the last answer of its change feed.
      t.bigInteger('changes_since').nullable();
      millis(t, 'full_at').nullable();
      // When it is asked by itself next.
      millis(t, 'next_at').nullable();
      version(t);
      t.index(['next_at'], 'lms_sync_settings_by_next');
    });
    await createTable(db, 'lms_mirror', (t) => {
      connectionId(t, 'lms_mirror_connection');
      t.string('kind', 16).notNullable();
      t.string('course_id', 64).notNullable();
      t.string('external_id', 64).notNullable();
      t.string('hash', 44).notNullable();
      jsonText(t, 'data');
      millis(t, 'added_at');
      millis(t, 'removed_at').nullable();
      t.primary(['connection_id', 'kind', 'course_id', 'external_id']);
      t.index(['connection_id', 'kind', 'external_id'], 'lms_mirror_by_id');
      t.index(['connection_id', 'removed_at'], 'lms_mirror_by_removal');
    });
    await createTable(db, 'lms_syncs', (t) => {
      id(t, 'id').primary();
      id(t, 'organisation_id');
      connectionId(t, 'lms_syncs_connection');
      // The connection while the run is unfinished and NULL afterwards: at most one is.
      id(t, 'open_key').nullable();
      t.string('mode', 16).notNullable();
      t.string('state', 16).notNullable();
      id(t, 'requested_by').nullable();
      millis(t, 'began_at');
      millis(t, 'updated_at');
      millis(t, 'retry_at').nullable();
      millis(t, 'ended_at').nullable();
      jsonText(t, 'progress');
      t.text('message').notNullable();
      t.unique(['open_key'], { indexName: 'lms_syncs_open' });
      t.index(['connection_id', 'began_at', 'id'], 'lms_syncs_by_connection');
      t.index(['requested_by'], 'lms_syncs_by_user');
      t.index(['ended_at'], 'lms_syncs_by_end');
    });
    await createTable(db, 'lms_sync_changes', (t) => {
      t.bigIncrements('id');
      id(t, 'sync_id')
        .references('id')
        .inTable('lms_syncs')
        .onDelete('CASCADE')
        .withKeyName('lms_changes_sync');
      id(t, 'connection_id');
      t.string('kind', 16).notNullable();
      t.string('action', 16).notNullable();
      t.string('why', 32).notNullable();
      t.string('course_id', 64).notNullable();
      t.string('external_id', 64).notNullable();
      t.integer('count').notNullable();
      t.string('detail', 500).notNullable();
      millis(t, 'at');
      t.index(['sync_id', 'id'], 'lms_changes_by_sync');
      t.index(['connection_id', 'kind', 'external_id'], 'lms_changes_by_id');
    });
    await createTable(db, 'lms_tombstones', (t) => {
      connectionId(t, 'lms_tombstones_connection');
      // Keyed digest of an account's id in the LMS: it says of somebody known whether they are meant, and nothing else.
      t.string('digest', 64).notNullable();
      millis(t, 'at');
      t.primary(['connection_id', 'digest']);
    });
  },
};

function connectionId(t: Table, key: string) {
  return id(t, 'connection_id')
    .references('id')
    .inTable('lms_connections')
    .onDelete('CASCADE')
    .withKeyName(key);
}
