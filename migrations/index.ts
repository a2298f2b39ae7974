import type { Migration } from '../src/storage/schema.js';
import { storage } from './0001_storage.js';
import { events } from './0002_events.js';
import { identity } from './0003_identity.js';
import { biometrics } from './0004_biometrics.js';
import { exams } from './0005_exams.js';
import { compliance } from './0006_compliance.js';
import { interaction } from './0008_interaction.js';
import { fusion } from './0009_fusion.js';
import { proctorexam } from './0010_proctorexam.js';
import { lms } from './0011_lms.js';
import { wallet } from './0012_wallet.js';
import { lmsLaunch } from './0013_lms_launch.js';
import { saml } from './0014_saml.js';
import { lmsSync } from './0015_lms_sync.js';
import { challenge } from './0016_challenge.js';
import { review } from './0017_review.js';
import { lmsOrder } from './0018_lms_order.js';
import { ssoBrowser } from './0019_sso_browser.js';

/** Every migration in order. Append only: a merged line never changes. */
export const migrations: readonly Migration[] = [
  storage,
  events,
  identity,
  biometrics,
  exams,
  compliance,
  interaction,
  fusion,
  proctorexam,
  lms,
  wallet,
  lmsLaunch,
  saml,
  lmsSync,
  challenge,
  review,
  lmsOrder,
  ssoBrowser,
];
