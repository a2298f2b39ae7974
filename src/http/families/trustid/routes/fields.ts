/** `exam_id` → resource name. */
export const examName = (id: number): string => `exams/${id}`;

/** The field that names the exam, in the core and here. */
export const EXAM_FIELD = { exam: 'exam_id', name: 'exam_id' };

/** The field of running processes. */
export const PROCESSES_FIELD = { processes: 'running_processes', 'processes.names': 'running_processes' };
