import { bytes, createTable, id, jsonText, millis, type Migration } from '../src/storage/schema.js';

/** Learning management systems, which programs an exam forbids, and what students say of it afterwards. */
export const lms: Migration = {
  name: '0011_lms',
  async up(db) {
    await createTable(db, 'process_policies', (t) => {
      id(t, 'organisation_id');
      // Empty for the organisation's own.
      id(t, 'exam_id');
      jsonText(t, 'rules');
      t.primary(['organisation_id', 'exam_id']);
    });
    await createTable(db, 'exam_feedback', (t) => {
      id(t, 'id').primary();
      id(t, 'exam_id').references('id').inTable('exams').withKeyName('exam_feedback_exam');
      id(t, 'user_id');
      t.string('cheat_mode', 16).notNullable();
      t.text('feedback').notNullable();
      millis(t, 'at');
      t.index(['exam_id', 'at', 'id'], 'exam_feedback_by_exam');
      t.index(['user_id'], 'exam_feedback_by_user');
      t.index(['at'], 'exam_feedback_by_time');
    });
    await createTable(db, 'lms_connections', (t) => {
      id(t, 'id').primary();
      id(t, 'organisation_id');
      t.string('kind', 16).notNullable();
      t.string('display_name', 200).notNullable();
      t.string('address', 500).notNullable();
      id(t, 'container_id');
      // Sealed in the container.
      bytes(t, 'token');
      millis(t, 'created_at');
      t.unique(['organisation_id', 'address'], { indexName: 'lms_connections_by_address' });
    });
  },
};
