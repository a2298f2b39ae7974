import { createTable, id, jsonText, millis, type Migration } from '../src/storage/schema.js';

/** What the compliance room keeps: consents and attestations, and erasures on their way. */
export const compliance: Migration = {
  name: '0006_compliance',
  async up(db) {
    await createTable(db, 'consents', (t) => {
      id(t, 'id').primary();
      id(t, 'organisation_id');
      // NULL: an attestation for everybody of the organisation.
      t.string('user_id', 36).nullable();
      t.string('modality', 16).notNullable();
      t.string('purpose', 32).notNullable();
      t.string('policy_version', 32).notNullable();
      // NULL once the member of staff who attested it was erased.
      t.string('given_by', 36).nullable();
      // NULL: given in person.
      t.text('attestation').nullable();
      millis(t, 'granted_at');
      millis(t, 'revoked_at').nullable();
      // The person first: by the organisation first, SQLite reads everybody's for each of theirs or nobody's.
      t.index(['user_id', 'organisation_id', 'modality', 'purpose'], 'consents_by_user');
      t.index(['given_by'], 'consents_by_giver');
      t.index(['revoked_at'], 'consents_by_withdrawal');
    });
    await createTable(db, 'erasure_requests', (t) => {
      id(t, 'id').primary();
      id(t, 'organisation_id');
      // NULL once it is done: then only the pseudonym says whom it concerned.
      t.string('user_id', 36).nullable();
      t.string('pseudonym', 32).notNullable();
      t.string('requested_by', 32).notNullable();
      millis(t, 'requested_at');
      millis(t, 'finished_at').nullable();
      jsonText(t, 'erased');
      t.unique(['user_id'], { indexName: 'erasures_one_a_user' });
      t.index(['finished_at'], 'erasures_by_end');
    });
  },
};
