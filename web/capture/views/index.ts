import type { Turn } from '../app.js';
import type { Step } from '../steps.js';
import { challenge } from './challenge.js';
import { consent } from './consent.js';
import { device } from './device.js';
import { approved, ended, identified } from './endings.js';
import { enrolment } from './enrolment.js';
import { identification } from './identification.js';
import { monitoring } from './monitoring.js';
import { waiting } from './waiting.js';

export { failed } from './failed.js';
export { monitorInWords } from './monitor-state.js';

/** Each resolves when its step is done. */
export const VIEWS: Record<Step, (turn: Turn) => Promise<void>> = {
  DEVICE: device,
  CONSENT: consent,
  ENROLMENT: enrolment,
  CHALLENGE: challenge,
  IDENTIFICATION: identification,
  MONITORING: monitoring,
  IDENTIFIED: identified,
  WAITING: waiting,
  APPROVED: approved,
  ENDED: ended,
};
