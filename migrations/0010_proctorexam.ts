import {
  addColumns,
  bytes,
  createTable,
  flag,
  id,
  millis,
  version,
  type Migration,
} from '../src/storage/schema.js';
import type { Db } from '../src/storage/db.js';

/** Rows a statement: knex writes an SQLite insert as a compound select, which SQLite limits to 500 terms. */
const BATCH = 400;

/** API keys of the identity room, and what the exams room keeps of each enrolment beside who it is. */
export const proctorexam: Migration = {
  name: '0010_proctorexam',
  async up(db) {
    await createTable(db, 'api_keys', (t) => {
      id(t, 'id').primary();
      id(t, 'organisation_id');
      id(t, 'user_id').references('id').inTable('users').onDelete('CASCADE').withKeyName('api_keys_user');
      t.string('display_name', 100).notNullable();
      t.string('token_hash', 64).notNullable();
      id(t, 'container_id');
      bytes(t, 'sealed_secret');
      millis(t, 'created_at');
      millis(t, 'expires_at');
      millis(t, 'revoked_at').nullable();
      t.unique(['token_hash'], { indexName: 'api_keys_by_token' });
      t.index(['organisation_id', 'created_at', 'id'], 'api_keys_by_age');
      t.index(['user_id'], 'api_keys_by_user');
      t.index(['expires_at'], 'api_keys_by_end');
    });
    await createTable(db, 'api_key_nonces', (t) => {
      id(t, 'key_id').references('id').inTable('api_keys').onDelete('CASCADE').withKeyName('nonces_key');
      t.string('nonce', 64).notNullable();
      millis(t, 'expires_at');
      t.primary(['key_id', 'nonce']);
      t.index(['expires_at'], 'api_key_nonces_by_end');
    });
    await createTable(db, 'enrolment_numbers', (t) => {
      id(t, 'organisation_id').primary();
      t.integer('last').notNullable();
    });
    await createTable(db, 'enrolments', (t) => {
      id(t, 'exam_id').references('id').inTable('exams').withKeyName('enrolments_exam');
      id(t, 'user_id');
      id(t, 'organisation_id');
      t.integer('number').notNullable();
      t.string('display_name', 200).notNullable();
      t.string('external_id', 255).notNullable();
      t.text('individual_info', 'mediumtext').notNullable();
      flag(t, 'individual_info_html');
      flag(t, 'skip_requirements');
      millis(t, 'open_at').nullable();
      millis(t, 'created_at');
      millis(t, 'updated_at');
      version(t);
      t.primary(['exam_id', 'user_id']);
      t.unique(['organisation_id', 'number'], { indexName: 'enrolments_by_number' });
      t.index(['user_id'], 'enrolments_by_user');
    });
    await addColumns(db, 'exams', { updated_at: (t) => millis(t, 'updated_at').nullable() });
    await numberTheEnrolled(db);
  },
};

interface Enrolled {
  exam_id: string;
  user_id: string;
  organisation_id: string;
  enrolled_at: number;
  given_name: string | null;
  family_name: string | null;
  email: string;
}

/** Who is enrolled already gets a number too, by age. Those whom a run before this one numbered are left alone. */
async function numberTheEnrolled(db: Db): Promise<void> {
  const rows: Enrolled[] = await db('exam_students as s')
    .join('exams as e', 'e.id', 's.exam_id')
    .leftJoin('users as u', 'u.id', 's.user_id')
    .leftJoin('enrolments as n', (on) => void on.on('n.exam_id', 's.exam_id').on('n.user_id', 's.user_id'))
    .whereNull('n.number')
    .orderBy(['e.organisation_id', 's.enrolled_at', 's.exam_id', 's.user_id'])
    .select('s.exam_id', 's.user_id', 's.email', 's.enrolled_at', 'e.organisation_id')
    .select('u.given_name', 'u.family_name');
  const highest: { organisation_id: string; last: number }[] = await db('enrolments')
    .groupBy('organisation_id')
    .select('organisation_id')
    .max({ last: 'number' });
  const last = new Map(highest.map((row) => [row.organisation_id, row.last]));
  const numbered = rows.map((row) => {
    const number = (last.get(row.organisation_id) ?? 0) + 1;
    last.set(row.organisation_id, number);
    const name = [row.given_name, row.family_name].filter((part) => part !== null).join(' ');
    return {
      ...{ exam_id: row.exam_id, user_id: row.user_id, organisation_id: row.organisation_id, number },
      ...{ display_name: name.slice(0, 200) || row.email.slice(0, 200), external_id: '' },
      ...{ individual_info: '', individual_info_html: 0, skip_requirements: 0, open_at: null },
      ...{ created_at: row.enrolled_at, updated_at: row.enrolled_at, version: 1 },
    };
  });
  for (let from = 0; from < numbered.length; from += BATCH) {
    await db('enrolments').insert(numbered.slice(from, from + BATCH));
  }
  for (const [organisation, number] of last) {
    await db('enrolment_numbers')
      .insert({ organisation_id: organisation, last: number })
      .onConflict('organisation_id')
      .merge();
  }
}
