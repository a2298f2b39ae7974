import { addIndex, type Migration } from '../src/storage/schema.js';

/** Whether a browser has begun to sign in: asked of every answer of a provider, and anybody may begin. */
export const ssoBrowser: Migration = {
  name: '0019_sso_browser',
  up: (db) => addIndex(db, 'sso_requests', ['browser_hash'], 'sso_requests_by_browser'),
};
