import {
  bytes,
  createTable,
  flag,
  id,
  jsonText,
  millis,
  version,
  type Migration,
  type Table,
} from '../src/storage/schema.js';

/** Exams, who sits them, how far each is identified, and what was seen of them. */
export const exams: Migration = {
  name: '0005_exams',
  async up(db) {
    await createTable(db, 'exam_numbers', (t) => {
      id(t, 'organisation_id').primary();
      t.integer('last').notNullable();
    });
    await createTable(db, 'exams', (t) => {
      id(t, 'id').primary();
      id(t, 'organisation_id');
      t.integer('number').notNullable();
      id(t, 'owner_id');
      t.string('display_name', 200).notNullable();
      t.string('type', 16).notNullable();
      t.string('state', 16).notNullable();
      millis(t, 'scheduled_at');
      t.integer('duration_minutes').notNullable();
      t.text('privacy_policy', 'mediumtext').notNullable();
      flag(t, 'additional_material');
      t.integer('frame_interval_ms').notNullable();
      t.string('liveness_policy', 16).notNullable();
      t.string('minimum_assurance', 24).notNullable();
      millis(t, 'created_at');
      millis(t, 'started_at').nullable();
      millis(t, 'ends_at').nullable();
      version(t);
      t.unique(['organisation_id', 'number'], { indexName: 'exams_by_number' });
      t.index(['organisation_id', 'scheduled_at', 'number'], 'exams_by_schedule');
      t.index(['owner_id', 'scheduled_at', 'number'], 'exams_by_owner');
      t.index(['state', 'ends_at'], 'exams_by_end');
    });
    await createTable(db, 'exam_students', (t) => {
      examId(t, 'exam_students_exam');
      id(t, 'user_id');
      t.string('email', 254).notNullable();
      millis(t, 'enrolled_at');
      t.primary(['exam_id', 'user_id']);
      t.index(['exam_id', 'email'], 'exam_students_by_email');
      t.index(['user_id'], 'exam_students_by_user');
    });
    await createTable(db, 'verifications', (t) => {
      examId(t, 'verifications_exam');
      id(t, 'user_id');
      t.string('state', 24).notNullable();
      t.string('method', 16).nullable();
      millis(t, 'verified_at').nullable();
      millis(t, 'expires_at').nullable();
      id(t, 'session_id').nullable();
      id(t, 'approved_by').nullable();
      t.string('approval_request', 64).notNullable();
      t.double('score').nullable();
      t.double('threshold').nullable();
      t.string('model_id', 64).nullable();
      version(t);
      t.primary(['exam_id', 'user_id']);
      t.index(['user_id'], 'verifications_by_user');
      t.index(['approved_by'], 'verifications_by_staff');
    });
    await createTable(db, 'checks', (t) => {
      id(t, 'id').primary();
      id(t, 'organisation_id');
      t.string('kind', 32).notNullable();
      id(t, 'user_id');
      id(t, 'target_id');
      t.integer('ordinal').notNullable();
      t.string('state', 16).notNullable();
      jsonText(t, 'required');
      jsonText(t, 'passed');
      t.integer('failures').notNullable();
      t.integer('inconclusive').notNullable();
      t.integer('max_failures').notNullable();
      t.integer('max_inconclusive').notNullable();
      millis(t, 'opened_at');
      millis(t, 'expires_at');
      version(t);
      t.unique(['user_id', 'kind', 'target_id', 'ordinal'], { indexName: 'checks_by_subject' });
      t.index(['expires_at'], 'checks_by_end');
    });
    await createTable(db, 'check_attempts', (t) => {
      t.bigIncrements('id');
      id(t, 'check_id').references('id').inTable('checks').withKeyName('check_attempts_check');
      t.string('step', 32).notNullable();
      t.string('outcome', 16).notNullable();
      t.double('score').nullable();
      t.double('threshold').nullable();
      t.string('model_id', 64).nullable();
      millis(t, 'at');
      t.index(['check_id'], 'check_attempts_by_check');
    });
    await createTable(db, 'exam_claims', (t) => {
      t.bigIncrements('id');
      examId(t, 'exam_claims_exam');
      id(t, 'user_id');
      t.string('subject', 64).notNullable();
      t.text('value').notNullable();
      millis(t, 'at');
      t.index(['user_id'], 'exam_claims_by_user');
      t.index(['at'], 'exam_claims_by_time');
    });
    await createTable(db, 'proctoring_sessions', (t) => {
      id(t, 'id').primary();
      id(t, 'organisation_id');
      examId(t, 'proctoring_sessions_exam');
      id(t, 'user_id');
      // `<exam>/<user>` while the session is open and NULL afterwards: at most one is open.
      t.string('open_key', 73).nullable();
      millis(t, 'joined_at');
      millis(t, 'left_at').nullable();
      id(t, 'container_id').nullable();
      t.integer('frame_count').notNullable();
      t.integer('last_frame').notNullable();
      t.integer('next_frame').notNullable();
      t.integer('last_event').notNullable();
      // Whether frames are expected: a student whom staff approved without biometrics owes none.
      flag(t, 'monitored');
      id(t, 'stream_id').nullable();
      millis(t, 'last_frame_at').nullable();
      millis(t, 'last_heartbeat_at').nullable();
      millis(t, 'camera_lost_at').nullable();
      flag(t, 'interrupted');
      jsonText(t, 'watch');
      version(t);
      t.unique(['open_key'], { indexName: 'proctoring_sessions_open' });
      t.index(['exam_id', 'joined_at', 'id'], 'proctoring_sessions_by_exam');
      t.index(['user_id'], 'proctoring_sessions_by_user');
      t.index(['left_at'], 'proctoring_sessions_by_end');
    });
    await createTable(db, 'observations', (t) => {
      sessionId(t, 'observations_session');
      t.integer('frame').notNullable();
      id(t, 'exam_id');
      millis(t, 'received_at');
      t.string('sha256', 64).notNullable();
      bytes(t, 'fingerprint').nullable();
      t.string('outcome', 16).notNullable();
      t.double('score').nullable();
      jsonText(t, 'finding');
      t.primary(['session_id', 'frame']);
      t.index(['exam_id', 'sha256'], 'observations_by_bytes');
    });
    await createTable(db, 'session_events', (t) => {
      sessionId(t, 'session_events_session');
      t.integer('number').notNullable();
      t.string('kind', 16).notNullable();
      t.integer('frame').nullable();
      jsonText(t, 'payload').nullable();
      millis(t, 'at');
      t.primary(['session_id', 'number']);
    });
    await createTable(db, 'client_events', (t) => {
      t.bigIncrements('id');
      sessionId(t, 'client_events_session');
      t.string('type', 24).notNullable();
      millis(t, 'client_time').nullable();
      millis(t, 'at');
      t.index(['session_id'], 'client_events_by_session');
    });
    await createTable(db, 'alerts', (t) => {
      id(t, 'id').primary();
      id(t, 'organisation_id');
      examId(t, 'alerts_exam');
      id(t, 'session_id').nullable();
      id(t, 'user_id');
      t.string('type', 32).notNullable();
      t.string('reason', 500).notNullable();
      t.double('score').nullable();
      t.double('threshold').nullable();
      t.string('model_id', 64).nullable();
      millis(t, 'began_at');
      millis(t, 'last_at');
      millis(t, 'ended_at').nullable();
      t.integer('occurrences').notNullable();
      id(t, 'evidence_id').nullable();
      millis(t, 'evidence_expires_at').nullable();
      t.string('decision', 16).nullable();
      t.text('decision_note').notNullable();
      id(t, 'decided_by').nullable();
      millis(t, 'decided_at').nullable();
      version(t);
      t.index(['exam_id', 'began_at', 'id'], 'alerts_by_exam');
      t.index(['user_id', 'exam_id', 'began_at'], 'alerts_by_user');
      t.index(['session_id', 'ended_at'], 'alerts_by_session');
      t.index(['evidence_expires_at'], 'alerts_by_evidence');
      t.index(['decided_by'], 'alerts_by_staff');
    });
  },
};

function examId(t: Table, key: string): void {
  id(t, 'exam_id').references('id').inTable('exams').withKeyName(key);
}

function sessionId(t: Table, key: string): void {
  id(t, 'session_id').references('id').inTable('proctoring_sessions').withKeyName(key);
}
