import { addIndex, createTable, id, millis, type Migration } from '../src/storage/schema.js';

/** What those who watch an exam are told of, in the order of commit, and who decided what. */
export const review: Migration = {
  name: '0017_review',
  async up(db) {
    await createTable(db, 'exam_event_numbers', (t) => {
      id(t, 'exam_id').primary();
      t.integer('last').notNullable();
    });
    await createTable(db, 'exam_events', (t) => {
      id(t, 'exam_id').references('id').inTable('exams').withKeyName('exam_events_exam');
      t.integer('number').notNullable();
      t.string('kind', 24).notNullable();
      // NULL: the exam itself, or many of its students at a time.
      id(t, 'user_id').nullable();
      id(t, 'alert_id').nullable();
      id(t, 'actor_id').nullable();
      t.string('decision', 16).nullable();
      t.text('note').notNullable();
      millis(t, 'at');
      t.primary(['exam_id', 'number']);
      t.index(['user_id', 'exam_id', 'at', 'number'], 'exam_events_by_user');
      t.index(['actor_id'], 'exam_events_by_staff');
      t.index(['at'], 'exam_events_by_age');
    });
    await addIndex(db, 'alerts', ['exam_id', 'decision'], 'alerts_by_decision');
    await addIndex(db, 'verifications', ['exam_id', 'state'], 'verifications_by_state');
    await addIndex(db, 'observations', ['session_id', 'outcome', 'received_at'], 'observations_by_outcome');
  },
};
