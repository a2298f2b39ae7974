import { addIndex, type Migration } from '../src/storage/schema.js';

/** Finds the latest references of an organisation and a modality, which a user's typing is told from. */
export const interaction: Migration = {
  name: '0008_interaction',
  async up(db) {
    const columns = ['organisation_id', 'modality', 'model_id', 'enrolled_at'];
    await addIndex(db, 'biometric_references', columns, 'references_by_organisation');
  },
};
