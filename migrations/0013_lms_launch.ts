import {
  addColumns,
  addIndex,
  createTable,
  flag,
  id,
  millis,
  type Migration,
  type Table,
} from '../src/storage/schema.js';

/** How an LMS launches people into Probity, what it is told of them, and what exams know of that. */
export const lmsLaunch: Migration = {
  name: '0013_lms_launch',
  async up(db) {
    // Who made the account where no person did: LMS or SSO.
    await addColumns(db, 'users', { origin: (t) => t.string('origin', 8).nullable() });
    await addColumns(db, 'lms_connections', {
      // Sealed in the connection's container.
      site_key: (t) => t.specificType('site_key', 'longblob').nullable(),
      site_key_at: (t) => millis(t, 'site_key_at').nullable(),
    });
    await addColumns(db, 'exams', {
      // Starts and completes by itself, as its times say.
      automatic: (t) => flag(t, 'automatic').defaultTo(0),
      challenge: (t) => flag(t, 'challenge').defaultTo(0),
      monitor: (t) => flag(t, 'monitor').defaultTo(0),
      grace_ms: (t) => t.integer('grace_ms').notNullable().defaultTo(60_000),
    });
    await addIndex(db, 'exams', ['automatic', 'state', 'scheduled_at'], 'exams_by_start');
    await addColumns(db, 'enrolments', {
      close_at: (t) => millis(t, 'close_at').nullable(),
      limit_ms: (t) => millis(t, 'limit_ms').nullable(),
    });
    await addColumns(db, 'verifications', {
      request_note: (t) => t.text('request_note').nullable(),
      decision_note: (t) => t.text('decision_note').nullable(),
    });
    await createTable(db, 'exam_staff', (t) => {
      examId(t, 'exam_staff_exam');
      id(t, 'user_id');
      millis(t, 'since');
      t.primary(['exam_id', 'user_id']);
      t.index(['user_id'], 'exam_staff_by_user');
    });
    await createTable(db, 'exam_attempts', (t) => {
      examId(t, 'exam_attempts_exam');
      id(t, 'user_id');
      // Its id in the LMS.
      t.string('attempt', 64).notNullable();
      millis(t, 'started_at');
      // NULL while it is on.
      millis(t, 'ended_at').nullable();
      t.primary(['exam_id', 'user_id', 'attempt']);
      t.index(['user_id'], 'exam_attempts_by_user');
    });
    await createTable(db, 'admissions', (t) => {
      examId(t, 'admissions_exam');
      id(t, 'user_id');
      flag(t, 'admitted');
      t.string('state', 16).notNullable();
      t.string('reason', 16).notNullable();
      // Counts every change: what is older is out of date.
      t.bigInteger('revision').notNullable();
      millis(t, 'changed_at');
      // When time alone may change it; NULL for never.
      millis(t, 'due_at').nullable();
      t.primary(['exam_id', 'user_id']);
      t.index(['user_id'], 'admissions_by_user');
      t.index(['due_at'], 'admissions_by_due');
    });
    await createTable(db, 'lms_accounts', (t) => {
      id(t, 'connection_id');
      t.string('external_id', 64).notNullable();
      id(t, 'organisation_id');
      id(t, 'user_id');
      millis(t, 'created_at');
      t.primary(['connection_id', 'external_id']);
      t.unique(['user_id', 'connection_id'], { indexName: 'lms_accounts_by_user' });
    });
    await createTable(db, 'lms_exams', (t) => {
      id(t, 'connection_id');
      // `quiz:12`.
      t.string('activity_id', 64).notNullable();
      id(t, 'organisation_id');
      id(t, 'exam_id');
      t.string('course_id', 64).notNullable();
      // What the LMS says for everybody; 0 is no time, NULL is not known yet.
      millis(t, 'opens_at').nullable();
      millis(t, 'closes_at').nullable();
      millis(t, 'created_at');
      t.primary(['connection_id', 'activity_id']);
      t.unique(['exam_id'], { indexName: 'lms_exams_by_exam' });
    });
    await createTable(db, 'lms_tokens', (t) => {
      id(t, 'connection_id');
      t.string('jti', 64).notNullable();
      millis(t, 'expires_at');
      t.primary(['connection_id', 'jti']);
      t.index(['expires_at'], 'lms_tokens_by_end');
    });
    await createTable(db, 'lms_pushes', (t) => {
      id(t, 'connection_id');
      id(t, 'exam_id');
      id(t, 'user_id');
      flag(t, 'admitted');
      t.string('state', 16).notNullable();
      t.string('reason', 16).notNullable();
      t.bigInteger('revision').notNullable();
      t.integer('attempts').notNullable();
      millis(t, 'due_at');
      t.primary(['exam_id', 'user_id']);
      t.index(['due_at'], 'lms_pushes_by_due');
      t.index(['user_id'], 'lms_pushes_by_user');
      t.index(['connection_id'], 'lms_pushes_by_connection');
    });
  },
};

function examId(t: Table, key: string): void {
  id(t, 'exam_id').references('id').inTable('exams').withKeyName(key);
}
