import { addColumns, millis, version, type Migration } from '../src/storage/schema.js';

/** In what order an LMS told of things, and which of two writers of an exam of its was first. */
export const lmsOrder: Migration = {
  name: '0018_lms_order',
  async up(db) {
    await addColumns(db, 'exam_attempts', {
      // By the clock of the LMS: when what is known of the attempt was so. NULL: anything told is newer.
      told_at: (t) => millis(t, 'told_at').nullable(),
    });
    await addColumns(db, 'lms_exams', { version: (t) => version(t) });
  },
};
