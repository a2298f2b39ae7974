/** Exams, identification before them, and watching during them. */
export { createExamsAhead } from './ahead.js';
export { type Draw } from './identifying/challenge.js';
export { createExams, type Exams, type ExamsDependencies, type ExamsOptions } from './exams.js';
export { createSittingGuard } from './watching/sitting.js';
