/** Exams, identification before them, and watching during them. */
export { createExamsAhead } from './ahead.js';
export { createExams, type Exams, type ExamsDependencies, type ExamsOptions } from './exams.js';
export {
  checkProcesses,
  operatingSystemOf,
  type OperatingSystem,
  type ProcessPolicy,
} from './process-policy.js';
export { createSittingGuard } from './sitting.js';
