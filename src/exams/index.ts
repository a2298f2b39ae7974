/** Exams, identification before them, and watching during them. */
export { createExams, type Exams, type ExamsDependencies, type ExamsOptions } from './exams.js';
export { createSittingGuard } from './sitting.js';
