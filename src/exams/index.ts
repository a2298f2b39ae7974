/** Exams, identification before them, and watching during them. */
export { createExams, type Exams, type ExamsDependencies, type ExamsOptions } from './exams.js';
export { createSittingGuard } from './sitting.js';
export { WATCH_POLICY, type WatchPolicy } from './watch.js';
export {
  accumulate,
  IMPOSTOR_POLICY,
  isImpostor,
  NO_EVIDENCE,
  type Calibration,
  type ImpostorPolicy,
  type ImpostorState,
  type ScoreObservation,
} from './impostor.js';
