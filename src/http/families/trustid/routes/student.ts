import { VerificationState } from '../../../../grpc/gen/probity/exams/v1/exam_service.js';
import { operation } from '../../../family.js';
import { examOfList, processesAnswer } from '../answers.js';
import { allExams } from '../lists.js';
import * as schemas from '../schemas.js';
import { CHEAT_MODE, RESOURCE, verificationStatus } from '../words.js';
import { EXAM_FIELD, examName, PROCESSES_FIELD } from './fields.js';

export const checkVerificationStatus = operation({
  id: 'studentCheckVerificationStatusCreate',
  method: 'POST',
  path: '/student/check_verification_status',
  summary: 'Allows students to poll for their verification status',
  tag: 'Student',
  auth: 'token',
  body: schemas.StudentCheckVerificationStatus,
  fields: EXAM_FIELD,
  status: 200,
  success: 'Success',
  answer: schemas.Response200_7,
  errors: [400, 401, 403, 404, 405, 415, 500],
  async run({ body }, { core, options: call }) {
    const { state } = await core.identification.getVerification({ exam: examName(body.exam_id) }, call);
    return {
      message: verificationStatus(state),
      resource_name: RESOURCE.user,
      resource_bool: state === VerificationState.VERIFICATION_STATE_VERIFIED,
    };
  },
});

export const checkupProcess = operation({
  id: 'studentCheckupProcessCreate',
  method: 'POST',
  path: '/student/checkup_process',
  summary: "Returns the list of processes that are not allowed to run in the student's device",
  tag: 'Student',
  auth: 'token',
  body: schemas.StudentCheckupProcess,
  fields: PROCESSES_FIELD,
  status: 200,
  success: 'Success',
  answer: schemas.Response200_1,
  errors: [400, 401, 404, 405, 415, 500],
  async run({ body }, { core, options: call }) {
    const request = { processes: body.running_processes, operatingSystem: '' };
    return processesAnswer((await core.processPolicies.checkProcesses(request, call)).forbidden);
  },
});

export const identification = operation({
  id: 'studentIdentificationCreate',
  method: 'POST',
  path: '/student/identification',
  summary: 'Returns the details of the student identified based on the image received',
  tag: 'Student',
  auth: 'token',
  body: schemas.StudentIdentification,
  fields: { ...EXAM_FIELD, value: 'identification_result' },
  status: 200,
  success: 'Success',
  answer: schemas.Response200_1,
  errors: [400, 401, 404, 405, 415, 500],
  async run({ body }, { core, options: call }) {
    const { state } = await core.identification.recordClaim(
      {
        exam: examName(body.exam_id),
        subject: 'identification_result',
        value: body.identification_result,
      },
      call,
    );
    return { message: verificationStatus(state), resource_name: RESOURCE.user };
  },
});

export const listExamsOfStudent = operation({
  id: 'studentListExamList',
  method: 'GET',
  path: '/student/list_exam',
  summary: 'Returns the details of the examinations in which the student has been enrolled',
  tag: 'Student',
  auth: 'token',
  status: 200,
  success: 'Success',
  answer: schemas.InlineResponse200_4,
  errors: [400, 401, 403, 404, 405, 415, 500],
  async run(_input, { core, options: call }) {
    const exams = await allExams(core, call);
    return {
      message: 'The examinations of the student.',
      resource_name: RESOURCE.examination,
      resource_array: exams.map(examOfList),
    };
  },
});

export const requestManualApproval = operation({
  id: 'studentRequestManualApprovalCreate',
  method: 'POST',
  path: '/student/request_manual_approval',
  summary: 'Allows the student to request from the instructor to manually approve their identity',
  tag: 'Student',
  auth: 'token',
  body: schemas.StudentRequestManualApproval,
  fields: { ...EXAM_FIELD, approval_type: 'manual_approval_type' },
  status: 200,
  success: 'Success',
  answer: schemas.Response200_6,
  errors: [400, 401, 404, 405, 415, 500],
  async run({ body }, { core, options: call }) {
    await core.identification.requestApproval(
      { exam: examName(body.exam_id), approvalType: body.manual_approval_type, note: '' },
      call,
    );
    return { message: 'The approval was requested.', resource_name: RESOURCE.examination };
  },
});

export const submitFeedback = operation({
  id: 'studentSubmitFeedbackCreate',
  method: 'POST',
  path: '/student/submit_feedback',
  summary: 'Takes what the student says of cheating in the examination',
  tag: 'Student',
  auth: 'token',
  body: schemas.StudentSubmitFeedback,
  fields: { ...EXAM_FIELD, text: 'feedback' },
  status: 200,
  success: 'Success',
  answer: schemas.Response200_6,
  errors: [400, 401, 404, 405, 415, 500],
  async run({ body }, { core, options: call }) {
    await core.feedback.submitFeedback(
      {
        exam: examName(body.exam_id),
        cheatMode: CHEAT_MODE[body.cheat_mode],
        text: body.feedback,
      },
      call,
    );
    return { message: 'The feedback was taken.', resource_name: RESOURCE.examination };
  },
});
