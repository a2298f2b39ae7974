import type { Operation } from '../../family.js';
import { ALERTS } from './routes/alerts.js';
import { API_KEYS } from './routes/api-keys.js';
import { BROWSER_SESSION } from './routes/browser-session.js';
import { CAPTURE } from './routes/capture.js';
import { CONSENTS } from './routes/consents.js';
import { IDENTITY_PROVIDERS } from './routes/identity-providers.js';
import { INSTALLATION } from './routes/installation.js';
import { LAUNCHES } from './routes/launches.js';
import { LMS_CONNECTIONS } from './routes/lms-connections.js';
import { LMS_SYNCS } from './routes/lms-syncs.js';
import { PROCESS_POLICIES } from './routes/process-policies.js';
import { REFERENCES } from './routes/references.js';
import { REVIEWS } from './routes/reviews.js';
import { SIGN_IN } from './routes/sign-in.js';
import { SITE } from './routes/site.js';
import { SSO } from './routes/sso.js';
import { SUBJECTS } from './routes/subjects.js';
import { USERS } from './routes/users.js';

/** The table of our own family. */
export const ROUTES: readonly Operation[] = [
  ...SIGN_IN,
  ...BROWSER_SESSION,
  ...SSO,
  ...IDENTITY_PROVIDERS,
  ...USERS,
  ...SUBJECTS,
  ...REFERENCES,
  ...CONSENTS,
  ...CAPTURE,
  ...ALERTS,
  ...REVIEWS,
  ...PROCESS_POLICIES,
  ...LAUNCHES,
  ...LMS_SYNCS,
  ...SITE,
  ...LMS_CONNECTIONS,
  ...API_KEYS,
  ...INSTALLATION,
];
