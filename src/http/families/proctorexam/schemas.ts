import { z } from 'zod';
import { named } from '../../family.js';
import { epoch, flag, number, text, time } from './decode.js';
import { EXAM_STATUSES, STUDENT_STATUSES } from './words.js';

/*
 * Student sessions: what the document of `PATCH /student_sessions/:id` has, to the letter. Everything else: names from
 * the examples of https://docs.proctorexam.com/v3/apidoc.html and from public clients; which of them are needed, and what
 * they may be, is a guess.
 */

/** What every request carries. Their values are read by `exchange`, as they were written. */
const signing = {
  timestamp: number.meta({ description: 'Timestamp of the request in milliseconds.' }),
  nonce: number.meta({ description: 'Unique between the calls of a key in the previous 24 hours.' }),
  signature: text().meta({ description: 'HMAC-SHA256, hex: see docs/families/proctorexam.md.' }),
};

function signed<S extends z.ZodRawShape>(shape: S) {
  return z.object({ ...shape, ...signing });
}

/** An id of a path: a number. Whether there is such a thing, the core knows. */
const id = z.string().regex(/^\d{1,19}$/, 'Must be a number.');
export const IdPath = z.object({ id });
export const ExamPath = z.object({ exam_id: id });

export const Signed = signed({});

const page = {
  page: z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'Must be a number.')
    .transform(Number)
    .optional(),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'Must be a number.')
    .transform(Number)
    .optional()
    .meta({ description: 'Items a page; 300 by default and at most.' }),
  filter: z
    .string()
    .max(4096)
    .optional()
    .meta({ description: 'JSON: `{"start_time":{"gte":"2030-02-01"}}`. eq, not_eq, gt, gte, lt and lte.' }),
  sort: z.string().max(1024).optional().meta({ description: 'JSON: `[{"start_time":"desc"}]`.' }),
};
export const StudentSessionsQuery = signed(page);
export const ExamsQuery = signed({
  ...page,
  status: z.enum(EXAM_STATUSES, { error: `Must be one of: ${EXAM_STATUSES.join(', ')}.` }).optional(),
});

const student = {
  name: text(),
  email: text(),
  external_id: text().optional(),
  individual_info: text().optional(),
  is_individual_info_html: flag.optional(),
  skip_requirements: flag.optional(),
  open_time: epoch.optional(),
};
export const CreateStudentSession = named('CreateStudentSession', signed(student));
export const UpdateStudentSession = named(
  'UpdateStudentSession',
  signed({ ...student, name: text().optional(), email: text().optional() }),
);

/** Known to the document and without a meaning here: taken, and not kept. */
const ignored = {
  institute_id: number.optional(),
  global_proctoring: flag.optional(),
  global_reviewing: flag.optional(),
  for_reviewing: flag.optional(),
  upload_answers: flag.optional(),
  mobile_cam: flag.optional(),
  web_cam: flag.optional(),
  screen_share: flag.optional(),
  exam_language: text().optional(),
  restrictions: text().optional(),
  student_experience: flag.optional(),
  allow_websites: flag.optional(),
  allow_external_applications: flag.optional(),
  allow_textbooks: flag.optional(),
  allow_calculator: flag.optional(),
  allow_pen_paper: flag.optional(),
  allow_additional: flag.optional(),
  allowed_websites: text().optional(),
  allowed_external_applications: text().optional(),
  allowed_textbooks: text().optional(),
  allowed_calculator_type: text().optional(),
  allowed_additional: text().optional(),
};
/** A day at most: so long may an exam be here. */
const minutes = number.refine(
  (value) => Number.isInteger(value) && value >= 1 && value <= 1440,
  'Must be a whole number from 1 to 1440.',
);
const exam = {
  name: text(),
  type: text(),
  start_time: time,
  use_duration: flag.optional(),
  duration_minutes: minutes.optional(),
  end_time: time.optional(),
  ...ignored,
};
export const CreateExam = named('CreateExam', signed(exam));
export const UpdateExam = named(
  'UpdateExam',
  signed({ ...exam, name: text().optional(), type: text().optional(), start_time: time.optional() }),
);

const nullable = z.string().nullable();
const never = z.null();
const check = z.enum(['not_started', 'failed', 'not_completed', 'succeeded']);

/** `student` of the document's example, in its order. `answers.ts` says where each value comes from. */
const studentAnswer = z.object({
  id: z.int(),
  session_id: never,
  student_id: never,
  external_id: nullable,
  proctor_id: never,
  time_slot: z.int(),
  created_at: z.string(),
  updated_at: z.string(),
  email: z.string(),
  operating_system: never,
  browser: never,
  browser_version: never,
  status: z.enum(STUDENT_STATUSES),
  token: never,
  screenshare_check: check,
  microphone_check: check,
  speakers_check: check,
  webcam_check: check,
  mobile_check: check,
  dummy_exam_survey: never,
  skip_requirements: z.boolean(),
  send_confirmation: z.boolean(),
  name: z.string(),
  start_time: nullable,
  exam_id: z.int(),
  expires_at: never,
  end_time: nullable,
  entered_room: z.boolean(),
  reservation_time: never,
  exam_document_content_type: never,
  exam_document_file_size: never,
  exam_document_updated_at: never,
  reviewed: z.string(),
  id_card_file_name: never,
  id_card_content_type: never,
  id_card_file_size: never,
  face_photo_file_name: never,
  face_photo_content_type: never,
  face_photo_file_size: never,
  bandwidth_check: check,
  bandwidth_speed: never,
  open_time: nullable,
  individual_info: nullable,
  rtc_session_id: z.int(),
  in_setup: z.boolean(),
  in_check_requirements: z.boolean(),
  attempt: z.int(),
  archived: z.boolean(),
  current_exam_mode: z.string(),
  rtc_session_ids: z.array(z.never()),
  transcoding_status: z.string(),
  is_individual_info_html: z.boolean(),
  priority: z.string(),
  recording_started_at: never,
  recording_ended_at: never,
});
export type StudentAnswer = z.input<typeof studentAnswer>;
export const Student = named('Student', z.object({ student: studentAnswer }));
export const Students = named('Students', z.object({ students: z.array(studentAnswer) }));

/** `exam` of the document's examples, in their order. */
const examAnswer = z.object({
  id: z.int(),
  institute_id: z.int(),
  name: z.string(),
  terms: nullable,
  created_at: z.string(),
  updated_at: z.string(),
  duration_minutes: z.int(),
  clipboard: never,
  start_time: nullable,
  mode: z.string(),
  upload_answers: z.boolean(),
  token: never,
  user_id: never,
  end_time: nullable,
  restrictions: z.string(),
  published: z.boolean(),
  status: z.enum(EXAM_STATUSES),
  for_reviewing: z.boolean(),
  uploaded_exam_documents_file_name: never,
  uploaded_exam_documents_content_type: never,
  uploaded_exam_documents_file_size: never,
  uploaded_exam_documents_updated_at: never,
  timezone: z.int(),
  use_duration: z.boolean(),
  global_proctoring: z.boolean(),
  global_reviewing: z.boolean(),
  exam_language: z.string(),
  web_cam: z.boolean(),
  mobile_cam: z.boolean(),
  screen_share: z.boolean(),
  live_proctoring: z.boolean(),
});
export type ExamAnswer = z.input<typeof examAnswer>;
export const Exam = named('Exam', z.object({ exam: examAnswer }));
export const Exams = named('Exams', z.object({ exams: z.array(examAnswer) }));

/** 422: by parameter, what is wrong with it, as Rails says it; `base` where it is no parameter's fault. */
export const Invalid = named('Invalid', z.record(z.string(), z.array(z.string())));
/** Everything else. That the text is called `error` is a guess: the document gives the texts alone. */
export const Failure = named('Failure', z.object({ error: z.string() }));
