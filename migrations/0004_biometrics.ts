import { bytes, createTable, id, millis, version, type Migration } from '../src/storage/schema.js';

/** What the biometrics room keeps: references, their sealed templates, and staff's leave to replace them. */
export const biometrics: Migration = {
  name: '0004_biometrics',
  async up(db) {
    await createTable(db, 'biometric_references', (t) => {
      id(t, 'id').primary();
      id(t, 'organisation_id');
      id(t, 'user_id');
      t.string('modality', 16).notNullable();
      id(t, 'container_id');
      t.string('model_id', 64).notNullable();
      t.string('assurance', 24).notNullable();
      millis(t, 'enrolled_at');
      millis(t, 'expires_at');
      millis(t, 'matched_at').nullable();
      version(t);
      t.unique(['user_id', 'modality'], { indexName: 'references_one_a_modality' });
      t.index(['expires_at'], 'references_by_expiry');
    });
    await createTable(db, 'biometric_templates', (t) => {
      id(t, 'reference_id');
      t.integer('position').notNullable();
      bytes(t, 'sealed');
      millis(t, 'created_at');
      t.primary(['reference_id', 'position']);
    });
    await createTable(db, 'replacement_allowances', (t) => {
      id(t, 'id').primary();
      id(t, 'organisation_id');
      id(t, 'user_id');
      t.string('modality', 16).notNullable();
      // NULL once that member of staff was erased.
      t.string('allowed_by', 36).nullable();
      t.text('reason').notNullable();
      millis(t, 'allowed_at');
      millis(t, 'expires_at');
      t.index(['user_id', 'modality'], 'allowances_by_user');
      t.index(['allowed_by'], 'allowances_by_staff');
      t.index(['expires_at'], 'allowances_by_expiry');
    });
  },
};
