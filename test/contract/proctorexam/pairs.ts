import { StatusError, type Reason, type StatusDetails } from '../../../src/call/index.js';
import {
  Enrolment,
  EnrolmentState,
  SearchEnrolmentsResponse,
} from '../../../src/grpc/gen/probity/exams/v1/enrolment_service.js';
import {
  Exam,
  ExamState,
  ExamType,
  SearchExamsResponse,
} from '../../../src/grpc/gen/probity/exams/v1/exam_service.js';
import { Comparison } from '../../../src/grpc/gen/probity/exams/v1/search.js';
import type { Script } from '../../http/support/scripted_core.js';

/** A request as a client sends it, what the core was asked and said, and the answer that must come of it. */
export interface Pair {
  operation: string;
  what: string;
  /** With the ids in it, below `/api/v3`. */
  path: string;
  /** Beside nonce, timestamp and signature: in the query of GET and DELETE, in the body otherwise. */
  send?: Record<string, unknown>;
  /** What the core is asked once the signature is exchanged: rpc and members that its request must have. */
  asks?: [rpc: string, request: object];
  core?: Script;
  answer: { status: number; body: unknown; headers?: Record<string, string> };
}

const TIME = new Date('2018-11-17T16:01:25.788Z');
const LATER = new Date('2018-11-17T16:13:30.427Z');

const fails = (rpc: string, reason: Reason, message: string, details: StatusDetails = {}): Script => ({
  [rpc]: () => {
    throw new StatusError(reason, message, details);
  },
});
const EXCHANGE = 'apiKeys.exchangeSignature';
const NOT_AUTHORIZED = {
  status: 403,
  body: { error: 'You are not authorized to access this page.' },
};
const noStudent = (rpc: string): Pick<Pair, 'core' | 'answer'> => ({
  core: fails(rpc, 'ENROLMENT_NOT_FOUND', 'There is no such enrolment.', {
    resource: { type: 'enrolment', name: 'enrolments/9' },
  }),
  answer: { status: 404, body: { error: "Couldn't find Student Session with 'id'=9" } },
});
const noExam = (rpc: string): Pick<Pair, 'core' | 'answer'> => ({
  core: fails(rpc, 'EXAM_NOT_FOUND', 'There is no such exam.', {
    resource: { type: 'exam', name: 'exams/9' },
  }),
  answer: { status: 404, body: { error: "Couldn't find Exam with 'id'=9" } },
});
const invalid = (body: Record<string, string[]>): Pair['answer'] => ({ status: 422, body });
const partly = (members: object): unknown => expect.objectContaining(members);

const ENROLMENT = Enrolment.fromPartial({
  ...{ name: 'enrolments/1', exam: 'exams/1', user: 'users/u1', email: 'student1@example.com' },
  ...{ displayName: 'Student 1', individualInfo: 'individual_info for user 1', individualInfoHtml: true },
  ...{ skipRequirements: true, openTime: new Date('2018-11-13T10:13:00.000Z') },
  ...{ state: EnrolmentState.ENROLMENT_STATE_LEFT, examState: ExamState.EXAM_STATE_COMPLETED },
  ...{ createTime: TIME, updateTime: LATER },
  ...{ joinTime: new Date('2018-11-17T16:09:39.373Z'), leaveTime: new Date('2018-11-17T16:10:19.477Z') },
});

/** The seed's example in UTC, but for what Probity does not have. */
export const STUDENT = {
  id: 1,
  session_id: null,
  student_id: null,
  external_id: null,
  proctor_id: null,
  time_slot: 1,
  created_at: '2018-11-17T16:01:25.788Z',
  updated_at: '2018-11-17T16:13:30.427Z',
  email: 'student1@example.com',
  operating_system: null,
  browser: null,
  browser_version: null,
  status: 'exam_finished',
  token: null,
  screenshare_check: 'not_started',
  microphone_check: 'not_started',
  speakers_check: 'not_started',
  webcam_check: 'not_started',
  mobile_check: 'not_started',
  dummy_exam_survey: null,
  skip_requirements: true,
  send_confirmation: false,
  name: 'Student 1',
  start_time: '2018-11-17T16:09:39.373Z',
  exam_id: 1,
  expires_at: null,
  end_time: '2018-11-17T16:10:19.477Z',
  entered_room: true,
  reservation_time: null,
  exam_document_content_type: null,
  exam_document_file_size: null,
  exam_document_updated_at: null,
  reviewed: '10',
  id_card_file_name: null,
  id_card_content_type: null,
  id_card_file_size: null,
  face_photo_file_name: null,
  face_photo_content_type: null,
  face_photo_file_size: null,
  bandwidth_check: 'not_started',
  bandwidth_speed: null,
  open_time: '2018-11-13T10:13:00.000Z',
  individual_info: 'individual_info for user 1',
  rtc_session_id: 0,
  in_setup: false,
  in_check_requirements: false,
  attempt: 0,
  archived: true,
  current_exam_mode: '01010000',
  rtc_session_ids: [],
  transcoding_status: 'not_sent_to_queue',
  is_individual_info_html: true,
  priority: '01',
  recording_started_at: null,
  recording_ended_at: null,
};

const EXAM = Exam.fromPartial({
  ...{ name: 'exams/1', displayName: 'Psychostasia', type: ExamType.EXAM_TYPE_WRITTEN, owner: 'users/u2' },
  ...{ state: ExamState.EXAM_STATE_UPCOMING, duration: { seconds: 5400n, nanos: 0 } },
  ...{ scheduleTime: new Date('2018-11-20T23:54:00.000Z'), createTime: TIME, updateTime: LATER },
});
export const EXAM_ANSWER = {
  id: 1,
  institute_id: 1,
  name: 'Psychostasia',
  terms: null,
  created_at: '2018-11-17T16:01:25.788Z',
  updated_at: '2018-11-17T16:13:30.427Z',
  duration_minutes: 90,
  clipboard: null,
  start_time: '2018-11-20T23:54:00.000Z',
  mode: '01110000',
  upload_answers: false,
  token: null,
  user_id: null,
  end_time: null,
  restrictions: "[[false,['']],[false,['']],[false,['']],[false,['']],[false,['']],[false,['']],[true,['']]]",
  published: false,
  status: 'open',
  for_reviewing: true,
  uploaded_exam_documents_file_name: null,
  uploaded_exam_documents_content_type: null,
  uploaded_exam_documents_file_size: null,
  uploaded_exam_documents_updated_at: null,
  timezone: 0,
  use_duration: true,
  global_proctoring: true,
  global_reviewing: true,
  exam_language: 'en-GB',
  web_cam: true,
  mobile_cam: false,
  screen_share: false,
  live_proctoring: false,
};

const page = (total: number, pages: number, at: number, limit: number): Record<string, string> => ({
  'x-pagination-item-count': String(total),
  'x-pagination-page-count': String(pages),
  'x-pagination-page': String(at),
  'x-pagination-limit': String(limit),
});

/** The documented example of `POST /exams`, with everything that it may send. */
const NEW_EXAM = {
  ...{ name: 'Psychostasia', type: 'record_review', institute_id: 1, use_duration: true },
  ...{ duration_minutes: 90, global_proctoring: true, global_reviewing: true },
  ...{ start_time: '2018-11-21T00:54:00.000+01:00', for_reviewing: true, upload_answers: false },
  ...{ mobile_cam: true, restrictions: 'Example of restrictions to be added.', allow_websites: true },
  ...{ allow_external_applications: true, allow_textbooks: true, allow_calculator: true },
  ...{ allow_pen_paper: true, allow_additional: true, allowed_websites: 'www.example.org' },
  ...{ allowed_external_applications: 'External application', allowed_textbooks: 'Reference book' },
  ...{ allowed_calculator_type: 'Basic', allowed_additional: 'Headphones' },
};
/** The documented example of `PATCH /student_sessions/:id`. */
const CHANGED = {
  ...{ name: 'Student 1', email: 'student1@example.com', individual_info: 'individual_info for user 1' },
  ...{ is_individual_info_html: true, skip_requirements: true },
};

const list = (operation: string, path: string, exam: string): Pair[] => [
  {
    ...{ operation, path },
    what: 'the first page of 300',
    asks: ['enrolments.searchEnrolments', { exam, conditions: [], order: [], pageSize: 300, skip: 0 }],
    core: {
      'enrolments.searchEnrolments': () =>
        SearchEnrolmentsResponse.fromPartial({ enrolments: [ENROLMENT], totalSize: 601 }),
    },
    answer: { status: 200, body: { students: [STUDENT] }, headers: page(601, 3, 1, 300) },
  },
  {
    ...{ operation, path },
    what: 'filtered, sorted and paged; no page is larger than 300',
    send: {
      ...{ page: 2, limit: 1000, sort: '[{"start_time":"desc"},{"name":"asc"}]' },
      filter: '{"start_time":{"gte":"2025-02-01","lt":1740787200},"external_id":"a","status":"exam_started"}',
    },
    asks: [
      'enrolments.searchEnrolments',
      {
        exam,
        conditions: [
          {
            ...{ field: 'join_time', value: '2025-02-01T00:00:00.000Z' },
            comparison: Comparison.COMPARISON_GREATER_OR_EQUAL,
          },
          { field: 'join_time', value: '2025-03-01T00:00:00.000Z', comparison: Comparison.COMPARISON_LESS },
          { field: 'external_id', value: 'a', comparison: Comparison.COMPARISON_EQUAL },
          { field: 'state', value: 'ENROLMENT_STATE_JOINED', comparison: Comparison.COMPARISON_EQUAL },
        ],
        order: [
          { field: 'join_time', descending: true },
          { field: 'display_name', descending: false },
        ],
        ...{ pageSize: 300, skip: 300 },
      },
    ],
    core: { 'enrolments.searchEnrolments': () => SearchEnrolmentsResponse.fromPartial({ totalSize: 0 }) },
    answer: { status: 200, body: { students: [] }, headers: page(0, 0, 2, 300) },
  },
  {
    ...{ operation, path },
    what: 'a status that nobody has here',
    send: { filter: '{"status":{"eq":"email_sent"}}' },
    asks: [
      'enrolments.searchEnrolments',
      { conditions: [{ field: 'number', value: '0', comparison: Comparison.COMPARISON_EQUAL }] },
    ],
    core: { 'enrolments.searchEnrolments': () => SearchEnrolmentsResponse.fromPartial({ totalSize: 0 }) },
    answer: { status: 200, body: { students: [] }, headers: page(0, 0, 1, 300) },
  },
  {
    ...{ operation, path },
    what: 'a filter that is no JSON',
    send: { filter: 'start_time>1' },
    answer: invalid({ filter: ['Must be JSON.'] }),
  },
  {
    ...{ operation, path },
    what: 'a filter of a field that there is not',
    send: { filter: '{"password":"x"}' },
    answer: {
      status: 422,
      body: { filter: [expect.stringMatching(/^Fields are id, exam_id, name/)] },
    },
  },
  {
    ...{ operation, path },
    what: 'a page that is none, a sort that is none',
    send: { page: 0, limit: 'all' },
    answer: invalid({ page: ['Must be a number.'], limit: ['Must be a number.'] }),
  },
  {
    ...{ operation, path },
    what: 'a key of somebody who may not',
    core: fails('enrolments.searchEnrolments', 'ROLE_REQUIRED', 'no'),
    answer: NOT_AUTHORIZED,
  },
];

const changeStudent = (operation: string): Pair[] => [
  {
    ...{ operation, path: '/student_sessions/1', send: CHANGED },
    what: 'the document’s example',
    asks: [
      'enrolments.updateEnrolment',
      {
        enrolment: partly({
          ...{ name: 'enrolments/1', displayName: 'Student 1', email: 'student1@example.com' },
          ...{
            individualInfo: 'individual_info for user 1',
            individualInfoHtml: true,
            skipRequirements: true,
          },
        }),
        updateMask: ['email', 'display_name', 'individual_info', 'individual_info_html', 'skip_requirements'],
      },
    ],
    core: { 'enrolments.updateEnrolment': () => ENROLMENT },
    answer: { status: 200, body: { student: STUDENT } },
  },
  {
    ...{ operation, path: '/student_sessions/1' },
    what: 'open_time in seconds, flags as 1 and "0"',
    send: { open_time: 1542103980, is_individual_info_html: 1, skip_requirements: '0', external_id: 'x' },
    asks: [
      'enrolments.updateEnrolment',
      {
        enrolment: partly({
          ...{ openTime: new Date('2018-11-13T10:13:00.000Z'), individualInfoHtml: true },
          ...{ skipRequirements: false, externalId: 'x' },
        }),
        updateMask: ['external_id', 'individual_info_html', 'skip_requirements', 'open_time'],
      },
    ],
    core: { 'enrolments.updateEnrolment': () => ENROLMENT },
    answer: { status: 200, body: { student: STUDENT } },
  },
  {
    ...{ operation, path: '/student_sessions/1' },
    what: 'open_time in milliseconds, as text',
    send: { open_time: '1542103980000' },
    asks: [
      'enrolments.updateEnrolment',
      { enrolment: partly({ openTime: new Date('2018-11-13T10:13:00.000Z') }), updateMask: ['open_time'] },
    ],
    core: { 'enrolments.updateEnrolment': () => ENROLMENT },
    answer: { status: 200, body: { student: STUDENT } },
  },
  {
    ...{ operation, path: '/student_sessions/1' },
    what: 'nothing to change',
    asks: ['enrolments.getEnrolment', { name: 'enrolments/1' }],
    core: { 'enrolments.getEnrolment': () => ENROLMENT },
    answer: { status: 200, body: { student: STUDENT } },
  },
  {
    ...{ operation, path: '/student_sessions/1', send: { email: 'taken@example.com' } },
    what: 'an e-mail that is taken',
    core: fails('enrolments.updateEnrolment', 'EMAIL_TAKEN', 'enrolled', {
      fields: [{ field: 'email', problem: 'already_exists', description: 'is enrolled already' }],
    }),
    answer: invalid({ email: ['has already been taken'] }),
  },
  {
    ...{ operation, path: '/student_sessions/1' },
    what: 'everything of a wrong type, at once',
    send: {
      ...{ name: 1, email: true, external_id: 2, individual_info: 3, is_individual_info_html: 'yes' },
      ...{ skip_requirements: 2, open_time: 'soon' },
    },
    answer: invalid({
      name: ['Must be a String.'],
      email: ['Must be a String.'],
      external_id: ['Must be a String.'],
      individual_info: ['Must be a String.'],
      is_individual_info_html: ['Must be one of: true, false, 1, 0.'],
      skip_requirements: ['Must be one of: true, false, 1, 0.'],
      open_time: ['Must be a number.'],
    }),
  },
  {
    ...{ operation, path: '/student_sessions/1', send: { name: '', email: 'nobody' } },
    what: 'what the core finds, under the names of the document',
    core: fails('enrolments.updateEnrolment', 'INVALID_FIELDS', 'bad', {
      fields: [
        { field: 'enrolment.display_name', problem: 'missing', description: 'is required' },
        { field: 'enrolment.email', problem: 'bad_format', description: 'must be an e-mail address' },
      ],
    }),
    answer: invalid({
      name: ["Param is missing or the value is empty: 'name'"],
      email: ['must be an e-mail address'],
    }),
  },
  {
    ...{ operation, path: '/student_sessions/1', send: { email: 'other@example.com' } },
    what: 'a state that does not allow it',
    core: fails('enrolments.updateEnrolment', 'EXAM_STATE', 'The student has joined the exam.'),
    answer: invalid({ base: ['The student has joined the exam.'] }),
  },
  {
    ...{ operation, path: '/student_sessions/9', send: CHANGED, what: 'nobody' },
    ...noStudent('enrolments.updateEnrolment'),
  },
  {
    ...{ operation, path: '/student_sessions/1', send: CHANGED, what: 'a forged signature' },
    core: fails(EXCHANGE, 'SIGNATURE_INVALID', 'no'),
    answer: NOT_AUTHORIZED,
  },
  {
    ...{ operation, path: '/student_sessions/1', send: CHANGED, what: 'a nonce used before' },
    core: fails(EXCHANGE, 'REQUEST_REPLAYED', 'no'),
    answer: NOT_AUTHORIZED,
  },
  {
    ...{ operation, path: '/student_sessions/1', send: CHANGED, what: 'a time of long ago' },
    core: fails(EXCHANGE, 'REQUEST_STALE', 'no'),
    answer: NOT_AUTHORIZED,
  },
  {
    ...{ operation, path: '/student_sessions/1', send: CHANGED, what: 'a key that was revoked' },
    core: fails(EXCHANGE, 'TOKEN_INVALID', 'no'),
    answer: { status: 401, body: { error: 'HTTP Token: Access denied.' } },
  },
  {
    ...{ operation, path: '/student_sessions/1', send: { email: 'a@x?name=Eve' } },
    what: 'a value that could be read in two ways',
    core: fails(EXCHANGE, 'INVALID_FIELDS', 'no', {
      fields: [{ field: 'email', problem: 'bad_format', description: 'Must not contain "?name=".' }],
    }),
    answer: invalid({ email: ['Must not contain "?name=".'] }),
  },
];

const changeExam = (operation: string): Pair[] => [
  {
    ...{ operation, path: '/exams/1', send: { ...NEW_EXAM, id: 1 } },
    what: 'the document’s example',
    asks: [
      'exams.updateExam',
      {
        exam: partly({ name: 'exams/1', displayName: 'Psychostasia' }),
        updateMask: ['display_name', 'schedule_time', 'duration'],
      },
    ],
    core: { 'exams.updateExam': () => EXAM },
    answer: { status: 200, body: { exam: EXAM_ANSWER } },
  },
  {
    ...{ operation, path: '/exams/1', send: { mobile_cam: true }, what: 'nothing that Probity knows' },
    asks: ['exams.getExam', { name: 'exams/1' }],
    core: { 'exams.getExam': () => EXAM },
    answer: { status: 200, body: { exam: EXAM_ANSWER } },
  },
  {
    ...{ operation, path: '/exams/1', send: { name: 'Late' }, what: 'an exam that has started' },
    core: fails('exams.updateExam', 'EXAM_STATE', 'The exam has started and can no longer be changed.'),
    answer: invalid({ base: ['The exam has started and can no longer be changed.'] }),
  },
  {
    ...{ operation, path: '/exams/9', send: { name: 'Late' }, what: 'none' },
    ...noExam('exams.updateExam'),
  },
  {
    ...{ operation, path: '/exams/1', send: { name: 'x' }, what: 'a forged signature' },
    core: fails(EXCHANGE, 'SIGNATURE_INVALID', 'no'),
    answer: NOT_AUTHORIZED,
  },
  {
    ...{ operation, path: '/exams/1', what: 'a time that is none, a length that is none' },
    send: { start_time: 'tomorrow', duration_minutes: 0 },
    answer: invalid({
      start_time: ['Must be a time, such as 2030-01-31T09:00:00Z.'],
      duration_minutes: ['Must be a whole number from 1 to 1440.'],
    }),
  },
];

export const PAIRS: readonly Pair[] = [
  {
    ...{ operation: 'listExams', path: '/exams', what: 'the exams of the key' },
    asks: ['exams.searchExams', { conditions: [], order: [], pageSize: 300, skip: 0 }],
    core: { 'exams.searchExams': () => SearchExamsResponse.fromPartial({ exams: [EXAM], totalSize: 1 }) },
    answer: { status: 200, body: { exams: [EXAM_ANSWER] }, headers: page(1, 1, 1, 300) },
  },
  {
    ...{ operation: 'listExams', path: '/exams', what: 'the open ones, by their beginning' },
    send: { status: 'open', sort: '[{"start_time":"desc"}]', limit: 20, page: 3 },
    asks: [
      'exams.searchExams',
      {
        conditions: [
          { field: 'state', value: 'EXAM_STATE_COMPLETED', comparison: Comparison.COMPARISON_NOT_EQUAL },
        ],
        order: [{ field: 'schedule_time', descending: true }],
        ...{ pageSize: 20, skip: 40 },
      },
    ],
    core: { 'exams.searchExams': () => SearchExamsResponse.fromPartial({ totalSize: 41 }) },
    answer: { status: 200, body: { exams: [] }, headers: page(41, 3, 3, 20) },
  },
  {
    ...{ operation: 'listExams', path: '/exams', what: 'a status that there is not' },
    send: { status: 'over' },
    answer: invalid({ status: ['Must be one of: draft, open, closed, deleted.'] }),
  },
  {
    ...{ operation: 'listExams', path: '/exams', what: 'a forged signature' },
    core: fails(EXCHANGE, 'SIGNATURE_INVALID', 'no'),
    answer: NOT_AUTHORIZED,
  },
  {
    ...{ operation: 'showExam', path: '/exams/1', what: 'an exam' },
    asks: ['exams.getExam', { name: 'exams/1' }],
    core: { 'exams.getExam': () => EXAM },
    answer: { status: 200, body: { exam: EXAM_ANSWER } },
  },
  { ...{ operation: 'showExam', path: '/exams/9', what: 'none' }, ...noExam('exams.getExam') },
  {
    ...{ operation: 'showExam', path: '/exams/1', what: 'a forged signature' },
    core: fails(EXCHANGE, 'SIGNATURE_INVALID', 'no'),
    answer: NOT_AUTHORIZED,
  },
  {
    ...{ operation: 'showExam', path: '/exams/one', what: 'an id that is no number' },
    answer: invalid({ id: ['Must be a number.'] }),
  },
  {
    ...{ operation: 'createExam', path: '/exams', send: NEW_EXAM, what: 'the document’s example' },
    asks: [
      'exams.createExam',
      {
        exam: partly({
          ...{ displayName: 'Psychostasia', type: ExamType.EXAM_TYPE_WRITTEN },
          ...{ scheduleTime: new Date('2018-11-20T23:54:00.000Z'), duration: { seconds: 5400n, nanos: 0 } },
        }),
      },
    ],
    core: { 'exams.createExam': () => EXAM },
    answer: { status: 201, body: { exam: EXAM_ANSWER } },
  },
  {
    ...{ operation: 'createExam', path: '/exams', what: 'an end instead of a length, in EPOCH' },
    send: { name: 'x', type: 'classic', start_time: 1542758040, end_time: 1542761640 },
    asks: ['exams.createExam', { exam: partly({ duration: { seconds: 3600n, nanos: 0 } }) }],
    core: { 'exams.createExam': () => EXAM },
    answer: { status: 201, body: { exam: EXAM_ANSWER } },
  },
  {
    ...{ operation: 'createExam', path: '/exams', send: {}, what: 'what is needed is missing' },
    answer: invalid({
      name: ["Param is missing or the value is empty: 'name'"],
      type: ["Param is missing or the value is empty: 'type'"],
      start_time: ["Param is missing or the value is empty: 'start_time'"],
    }),
  },
  {
    ...{ operation: 'createExam', path: '/exams', what: 'no length' },
    send: { name: 'x', type: 'classic', start_time: 1542758040 },
    answer: invalid({ duration_minutes: ["Param is missing or the value is empty: 'duration_minutes'"] }),
  },
  {
    ...{ operation: 'createExam', path: '/exams', what: 'an end before the beginning' },
    send: { name: 'x', type: 'classic', start_time: 1542758040, end_time: 1542758000 },
    answer: invalid({ end_time: ['Must be after start_time.'] }),
  },
  {
    ...{ operation: 'createExam', path: '/exams', send: NEW_EXAM, what: 'a key of somebody who may not' },
    core: fails('exams.createExam', 'ROLE_REQUIRED', 'no'),
    answer: NOT_AUTHORIZED,
  },
  ...changeExam('updateExam'),
  ...changeExam('replaceExam'),
  {
    ...{ operation: 'deleteExam', path: '/exams/1', what: 'an exam' },
    asks: ['exams.deleteExam', { name: 'exams/1' }],
    core: { 'exams.deleteExam': () => ({}) },
    answer: { status: 204, body: undefined },
  },
  {
    ...{ operation: 'deleteExam', path: '/exams/1', what: 'one that has started' },
    core: fails('exams.deleteExam', 'EXAM_STATE', 'The exam has started and can no longer be deleted.'),
    answer: invalid({ base: ['The exam has started and can no longer be deleted.'] }),
  },
  { ...{ operation: 'deleteExam', path: '/exams/9', what: 'none' }, ...noExam('exams.deleteExam') },
  {
    ...{ operation: 'deleteExam', path: '/exams/1', what: 'a forged signature' },
    core: fails(EXCHANGE, 'SIGNATURE_INVALID', 'no'),
    answer: NOT_AUTHORIZED,
  },
  ...list('listStudentSessions', '/exams/1/student_sessions', 'exams/1'),
  {
    ...{ operation: 'listStudentSessions', path: '/exams/9/student_sessions', what: 'of no exam' },
    ...noExam('enrolments.searchEnrolments'),
  },
  ...list('listAllStudentSessions', '/student_sessions', ''),
  {
    ...{ operation: 'showStudentSession', path: '/student_sessions/1', what: 'a student' },
    asks: ['enrolments.getEnrolment', { name: 'enrolments/1' }],
    core: { 'enrolments.getEnrolment': () => ENROLMENT },
    answer: { status: 200, body: { student: STUDENT } },
  },
  {
    ...{ operation: 'showStudentSession', path: '/student_sessions/1', what: 'one of whom little is known' },
    core: {
      'enrolments.getEnrolment': () =>
        Enrolment.fromPartial({
          ...{ name: 'enrolments/1', exam: 'exams/1', email: 'student1@example.com', displayName: 'S' },
          ...{ state: EnrolmentState.ENROLMENT_STATE_ENTERING, examState: ExamState.EXAM_STATE_STARTED },
          ...{ createTime: TIME, updateTime: TIME },
        }),
    },
    answer: {
      status: 200,
      body: {
        student: {
          ...STUDENT,
          ...{ name: 'S', updated_at: STUDENT.created_at, status: 'in_setup', in_setup: true },
          ...{ archived: false, entered_room: false, start_time: null, end_time: null, open_time: null },
          ...{ individual_info: null, is_individual_info_html: false, skip_requirements: false },
        },
      },
    },
  },
  {
    ...{ operation: 'showStudentSession', path: '/student_sessions/one', what: 'an id that is no number' },
    answer: invalid({ id: ['Must be a number.'] }),
  },
  {
    ...{ operation: 'showStudentSession', path: '/student_sessions/9', what: 'nobody' },
    ...noStudent('enrolments.getEnrolment'),
  },
  {
    ...{ operation: 'showStudentSession', path: '/student_sessions/1', what: 'a forged signature' },
    core: fails(EXCHANGE, 'SIGNATURE_INVALID', 'no'),
    answer: NOT_AUTHORIZED,
  },
  {
    ...{ operation: 'createStudentSession', path: '/exams/1/student_sessions', what: 'a student' },
    send: { ...CHANGED, external_id: 'lms-1', exam_id: 1 },
    asks: [
      'enrolments.createEnrolment',
      {
        enrolment: partly({
          ...{ exam: 'exams/1', email: 'student1@example.com', displayName: 'Student 1' },
          ...{ externalId: 'lms-1', openTime: undefined },
        }),
      },
    ],
    core: { 'enrolments.createEnrolment': () => ENROLMENT },
    answer: { status: 201, body: { student: STUDENT } },
  },
  {
    ...{ operation: 'createStudentSession', path: '/exams/1/student_sessions', what: 'nobody at all' },
    answer: invalid({
      name: ["Param is missing or the value is empty: 'name'"],
      email: ["Param is missing or the value is empty: 'email'"],
    }),
  },
  {
    ...{ operation: 'createStudentSession', path: '/exams/1/student_sessions', send: CHANGED },
    what: 'somebody who is in it already',
    core: fails('enrolments.createEnrolment', 'EMAIL_TAKEN', 'enrolled', {
      fields: [{ field: 'email', problem: 'already_exists', description: 'is enrolled already' }],
    }),
    answer: invalid({ email: ['has already been taken'] }),
  },
  {
    ...{ operation: 'createStudentSession', path: '/exams/9/student_sessions', send: CHANGED },
    what: 'in no exam',
    ...noExam('enrolments.createEnrolment'),
  },
  {
    ...{ operation: 'createStudentSession', path: '/exams/1/student_sessions', send: CHANGED },
    what: 'a forged signature',
    core: fails(EXCHANGE, 'SIGNATURE_INVALID', 'no'),
    answer: NOT_AUTHORIZED,
  },
  ...changeStudent('updateStudentSession'),
  ...changeStudent('replaceStudentSession'),
  {
    ...{ operation: 'deleteStudentSession', path: '/student_sessions/1', what: 'a student' },
    asks: ['enrolments.deleteEnrolment', { name: 'enrolments/1' }],
    core: { 'enrolments.deleteEnrolment': () => ({}) },
    answer: { status: 204, body: undefined },
  },
  {
    ...{ operation: 'deleteStudentSession', path: '/student_sessions/1', what: 'one who has joined' },
    core: fails('enrolments.deleteEnrolment', 'EXAM_STATE', 'The student has joined the exam.'),
    answer: invalid({ base: ['The student has joined the exam.'] }),
  },
  {
    ...{ operation: 'deleteStudentSession', path: '/student_sessions/9', what: 'nobody' },
    ...noStudent('enrolments.deleteEnrolment'),
  },
  {
    ...{ operation: 'deleteStudentSession', path: '/student_sessions/1', what: 'a forged signature' },
    core: fails(EXCHANGE, 'SIGNATURE_INVALID', 'no'),
    answer: NOT_AUTHORIZED,
  },
];
