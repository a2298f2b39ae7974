import { CreateExamRequest, UpdateExamRequest } from '../../../../grpc/gen/probity/exams/v1/exam_service.js';
import { operation } from '../../../family.js';
import { moodleCourse } from '../answers.js';
import { allExams, allStudents } from '../lists.js';
import * as schemas from '../schemas.js';
import { EXAM_TYPE, RESOURCE } from '../words.js';
import { EXAM_FIELD, examName } from './fields.js';

/** The core's fields of an exam, under TRUSTID's names. */
const EXAM_FIELDS = {
  exam: 'exam_id',
  'exam.name': 'exam_id',
  'exam.display_name': 'name',
  'exam.type': 'exam_type',
  'exam.schedule_time': 'scheduled_date',
  'exam.duration': 'duration',
  'exam.privacy_policy': 'privacy_policy',
  'exam.additional_material': 'additional_material',
};

export const addExam = operation({
  id: 'instructorAddExamCreate',
  method: 'POST',
  path: '/instructor/add_exam',
  summary: 'Adds an examination',
  tag: 'Instructor',
  auth: 'token',
  body: schemas.AddExam,
  fields: EXAM_FIELDS,
  status: 200,
  success: 'Success',
  answer: schemas.Response200_1,
  errors: [400, 401, 403, 404, 405, 415, 500],
  async run({ body }, { core, options: call }) {
    const exam = { ...examDetails(body), displayName: body.name };
    await core.exams.createExam(CreateExamRequest.fromPartial({ exam }), call);
    return { message: 'The examination was added.', resource_name: RESOURCE.examination };
  },
});

export const listExamsOfInstructor = operation({
  id: 'instructorListExamList',
  method: 'GET',
  path: '/instructor/list_exam',
  summary: 'Returns the details of examinations created by the instructor',
  tag: 'Instructor',
  auth: 'token',
  status: 200,
  success: 'Success',
  answer: schemas.InlineResponse200_2,
  errors: [400, 401, 404, 405, 415, 500],
  async run(_input, { core, options: call }) {
    const exams = await allExams(core, call);
    return {
      message: 'The examinations of the instructor.',
      resource_name: RESOURCE.examination,
      resource_array: await allStudents(exams, core, call),
    };
  },
});

export const approveStudent = operation({
  id: 'instructorManualApproveStudentCreate',
  method: 'POST',
  path: '/instructor/manual_approve_student',
  summary: 'Allows instructors to manually approve students',
  tag: 'Instructor',
  auth: 'token',
  body: schemas.InstructorManualApproveStudent,
  fields: EXAM_FIELD,
  status: 200,
  success: 'Success',
  answer: schemas.Response200_6,
  errors: [400, 401, 403, 404, 405, 415, 500],
  async run({ body }, { core, options: call }) {
    await core.identification.approveStudent({ exam: examName(body.exam_id), email: body.email }, call);
    return { message: 'The student was approved.', resource_name: RESOURCE.user };
  },
});

export const moodleInformation = operation({
  id: 'instructorMoodleInformationList',
  method: 'GET',
  path: '/instructor/moodle_information',
  summary: 'Returns the Moodle courses of the instructor and their students',
  tag: 'Instructor',
  auth: 'token',
  status: 200,
  success: 'Success',
  answer: schemas.InlineResponse200_3,
  errors: [400, 401, 403, 404, 405, 415, 500],
  async run(_input, { core, options: call }) {
    const { courses, problems } = await core.lms.listCourses({}, call);
    return {
      // What could not be asked stands beside what could.
      message: ['The courses of the instructor.', ...problems.map((problem) => problem.message)].join(' '),
      resource_name: 'moodle',
      resource_array: courses.map(moodleCourse),
    };
  },
});

export const syncCoursesExams = operation({
  id: 'instructorSyncCoursesExamsCreate',
  method: 'POST',
  path: '/instructor/sync_courses_exams',
  summary: 'Synchronizes courses with examinations',
  tag: 'Instructor',
  auth: 'token',
  body: schemas.InstructorSyncCoursesExams,
  fields: { exam: 'details.exam_id', students: 'details.students' },
  status: 200,
  success: 'Success',
  answer: schemas.Response200_6,
  errors: [400, 401, 403, 404, 405, 415, 500],
  async run({ body: { details } }, { core, options: call }) {
    const students = details.students.map(({ email, name, surname }) => ({
      email,
      givenName: name ?? '',
      familyName: surname ?? '',
    }));
    const done = await core.exams.batchEnrolStudents({ exam: examName(details.exam_id), students }, call);
    return {
      message: `${done.enrolledCount} students were enrolled, ${done.createdUserCount} of them new.`,
      resource_name: RESOURCE.examination,
    };
  },
});

export const updateExamDetails = operation({
  id: 'instructorUpdateExamDetailsCreate',
  method: 'POST',
  path: '/instructor/update_exam_details',
  summary: 'Updates the details of an examination',
  tag: 'Instructor',
  auth: 'token',
  body: schemas.UpdateExam,
  fields: EXAM_FIELDS,
  status: 200,
  success: 'Success',
  answer: schemas.Response200_6,
  errors: [400, 401, 403, 404, 405, 415, 500],
  async run({ body }, { core, options: call }) {
    const exam = { ...examDetails(body), name: examName(body.exam_id) };
    const updateMask = ['type', 'schedule_time', 'duration', 'privacy_policy'];
    if (body.additional_material !== undefined) updateMask.push('additional_material');
    await core.exams.updateExam(UpdateExamRequest.fromPartial({ exam, updateMask }), call);
    return { message: 'The examination was updated.', resource_name: RESOURCE.examination };
  },
});

/** What `AddExam` and `UpdateExam` share, as the core has it. */
function examDetails(body: {
  exam_type: keyof typeof EXAM_TYPE;
  scheduled_date: Date;
  duration: number;
  privacy_policy: string;
  additional_material?: boolean | undefined;
}) {
  return {
    type: EXAM_TYPE[body.exam_type],
    scheduleTime: body.scheduled_date,
    duration: { seconds: BigInt(body.duration) * 60n, nanos: 0 },
    privacyPolicy: body.privacy_policy,
    additionalMaterial: body.additional_material ?? false,
  };
}
