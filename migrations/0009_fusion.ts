import { addColumns, createTable, id, jsonText, millis, type Migration } from '../src/storage/schema.js';

/** What each modality said, and samples of other modalities than the face. */
export const fusion: Migration = {
  name: '0009_fusion',
  async up(db) {
    await addColumns(db, 'alerts', {
      contributions: (t) => jsonText(t, 'contributions').nullable(),
    });
    await addColumns(db, 'proctoring_sessions', {
      sample_count: (t) => t.integer('sample_count').notNullable().defaultTo(0),
      last_sample: (t) => t.integer('last_sample').notNullable().defaultTo(0),
      next_sample: (t) => t.integer('next_sample').notNullable().defaultTo(1),
    });
    await addColumns(db, 'session_events', {
      sample: (t) => t.integer('sample').nullable(),
    });
    await createTable(db, 'sample_observations', (t) => {
      id(t, 'session_id')
        .references('id')
        .inTable('proctoring_sessions')
        .withKeyName('sample_observations_session');
      t.integer('number').notNullable();
      id(t, 'exam_id');
      t.string('modality', 16).notNullable();
      millis(t, 'received_at');
      t.string('sha256', 64).notNullable();
      t.string('outcome', 16).notNullable();
      t.double('score').nullable();
      jsonText(t, 'finding');
      t.primary(['session_id', 'number']);
      t.index(['exam_id', 'sha256'], 'sample_observations_by_bytes');
    });
  },
};
