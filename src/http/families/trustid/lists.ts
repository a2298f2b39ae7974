import type { CallOptions, Core } from '../../../grpc/index.js';
import type { Exam, ExamStudent } from '../../../grpc/gen/probity/exams/v1/exam_service.js';
import { enrolledStudent, examOfList } from './answers.js';

/** Pages of the core; the document's lists have none, so that all of them are read. */
const EXAMS_A_PAGE = 1000;
const STUDENTS_A_PAGE = 5000;

/** Every exam the caller may see, the latest scheduled first. */
export async function allExams(core: Core, call: CallOptions): Promise<Exam[]> {
  const exams: Exam[] = [];
  for (let pageToken = ''; ;) {
    const page = await core.exams.listExams({ pageSize: EXAMS_A_PAGE, pageToken }, call);
    exams.push(...page.exams);
    if (!page.nextPageToken) return exams;
    pageToken = page.nextPageToken;
  }
}

/** The exams with their students, as the instructor's list shows them. */
export async function allStudents(exams: readonly Exam[], core: Core, call: CallOptions) {
  const list = [];
  for (const exam of exams) {
    const students = await studentsOf(exam.name, core, call);
    list.push({ enrolled_students: students.map(enrolledStudent), ...examOfList(exam) });
  }
  return list;
}

async function studentsOf(exam: string, core: Core, call: CallOptions): Promise<ExamStudent[]> {
  const students: ExamStudent[] = [];
  for (let pageToken = ''; ;) {
    const page = await core.exams.listExamStudents({ exam, pageSize: STUDENTS_A_PAGE, pageToken }, call);
    students.push(...page.students);
    if (!page.nextPageToken) return students;
    pageToken = page.nextPageToken;
  }
}
