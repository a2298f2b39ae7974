import { createTable, id, jsonText, millis, version, type Migration } from '../src/storage/schema.js';

/** Active challenges before an identification. */
export const challenge: Migration = {
  name: '0016_challenge',
  async up(db) {
    await createTable(db, 'challenges', (t) => {
      // Its steps, attempts and life-time are the check's.
      id(t, 'check_id').primary();
      id(t, 'exam_id');
      id(t, 'user_id');
      jsonText(t, 'progress');
      millis(t, 'expires_at');
      millis(t, 'passed_at').nullable();
      // When an identification rested on it. NULL: none did.
      millis(t, 'used_at').nullable();
      version(t);
      t.index(['user_id', 'exam_id', 'expires_at'], 'challenges_by_subject');
      t.index(['exam_id'], 'challenges_by_exam');
      t.index(['expires_at'], 'challenges_by_end');
    });
  },
};
