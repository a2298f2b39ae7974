import { bytes, createTable, id, millis, type Migration } from '../src/storage/schema.js';

/** Where the templates of a reference are, the students' phones, and the pushes whose receipts are not in yet. */
export const wallet: Migration = {
  name: '0012_wallet',
  async up(db) {
    // One column a statement: on MariaDB a crash may come between any two.
    if (!(await db.schema.hasColumn('biometric_references', 'custody')))
      await db.schema.alterTable('biometric_references', (t) => {
        t.string('custody', 16).notNullable().defaultTo('SERVER');
      });
    // Templates in the blob that the phone was sent. NULL: none was.
    if (!(await db.schema.hasColumn('biometric_references', 'packed_templates')))
      await db.schema.alterTable('biometric_references', (t) => {
        t.integer('packed_templates').nullable();
      });
    // Last, with its index: a column that is there was made whole.
    if (!(await db.schema.hasColumn('biometric_references', 'lent_until')))
      await db.schema.alterTable('biometric_references', (t) => {
        t.bigInteger('lent_until').nullable();
        t.index(['lent_until'], 'references_by_loan');
      });
    await createTable(db, 'wallet_phones', (t) => {
      id(t, 'user_id').primary();
      id(t, 'organisation_id');
      // Sealed in it: the push token. Destroyed with the phone's row.
      id(t, 'container_id');
      bytes(t, 'push_token');
      millis(t, 'registered_at');
      // 0: never.
      millis(t, 'pushed_at');
    });
    await createTable(db, 'wallet_pushes', (t) => {
      t.string('ticket', 64).primary();
      id(t, 'user_id');
      // The phone it went to: another one registered since is not judged by its receipt.
      id(t, 'container_id');
      millis(t, 'sent_at');
      t.index(['user_id'], 'pushes_by_user');
      t.index(['sent_at'], 'pushes_by_time');
    });
  },
};
