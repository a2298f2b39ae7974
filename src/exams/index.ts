/** Exams, identification before them, and watching during them. */
export { createExamsAhead } from './ahead.js';
export { type Draw } from './challenge.js';
export { createExams, type Exams, type ExamsDependencies, type ExamsOptions } from './exams.js';
export { createSittingGuard } from './sitting.js';
