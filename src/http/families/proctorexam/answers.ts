import { EnrolmentState, type Enrolment } from '../../../grpc/gen/probity/exams/v1/enrolment_service.js';
import { ExamState, type Exam } from '../../../grpc/gen/probity/exams/v1/exam_service.js';
import type { ExamAnswer, StudentAnswer } from './schemas.js';
import { examStatus, studentStatus } from './words.js';

/** The number of a resource: `exams/12` → 12. */
function numberOf(name: string): number {
  return Number(name.slice(name.lastIndexOf('/') + 1));
}

const iso = (at: Date | undefined): string | null => at?.toISOString() ?? null;
const orNull = (value: string): string | null => (value === '' ? null : value);
const required = (at: Date | undefined): string => (at ?? new Date(0)).toISOString();

/**
 * `student`: each field of the document's example, and its source. What is constant is so because Probity has nothing it
 * could say there; null is what the original answers where there is nothing. Three are as in the example because nobody
 * outside knows what their bits mean.
 */
export function studentOf(enrolment: Enrolment): StudentAnswer {
  return {
    id: numberOf(enrolment.name),
    session_id: null, // The original's own.
    student_id: null, // The original's own.
    external_id: orNull(enrolment.externalId),
    proctor_id: null, // Alerts are looked at by whoever runs the exam.
    time_slot: 1, // As in the example: there are no slots to book.
    created_at: required(enrolment.createTime),
    updated_at: required(enrolment.updateTime),
    email: enrolment.email,
    operating_system: null, // A client's word is kept beside what it was said about, and told nobody as a fact.
    browser: null,
    browser_version: null,
    status: studentStatus(enrolment.state),
    token: null, // A secret does not leave.
    screenshare_check: 'not_started', // No requirements are checked before an exam.
    microphone_check: 'not_started',
    speakers_check: 'not_started',
    webcam_check: 'not_started',
    mobile_check: 'not_started',
    dummy_exam_survey: null, // No survey.
    skip_requirements: enrolment.skipRequirements,
    send_confirmation: false, // No mails.
    name: enrolment.displayName,
    start_time: iso(enrolment.joinTime),
    exam_id: numberOf(enrolment.exam),
    expires_at: null, // No mailed link that could expire.
    end_time: iso(enrolment.leaveTime),
    entered_room: enrolment.joinTime !== undefined,
    reservation_time: null, // No slots.
    exam_document_content_type: null, // No documents.
    exam_document_file_size: null,
    exam_document_updated_at: null,
    reviewed: '10', // Unrecovered: as in the example.
    id_card_file_name: null, // No identity card is taken.
    id_card_content_type: null,
    id_card_file_size: null,
    face_photo_file_name: null, // Pictures of an enrolment are not kept.
    face_photo_content_type: null,
    face_photo_file_size: null,
    bandwidth_check: 'not_started',
    bandwidth_speed: null,
    open_time: iso(enrolment.openTime),
    individual_info: orNull(enrolment.individualInfo),
    rtc_session_id: 0, // No video conference.
    in_setup: enrolment.state === EnrolmentState.ENROLMENT_STATE_ENTERING,
    in_check_requirements: false,
    attempt: 0, // One part in an exam, however often the student joins.
    archived: enrolment.examState === ExamState.EXAM_STATE_COMPLETED,
    current_exam_mode: '01010000', // Unrecovered: as in the example.
    rtc_session_ids: [],
    transcoding_status: 'not_sent_to_queue', // Nothing is recorded, so nothing is transcoded.
    is_individual_info_html: enrolment.individualInfoHtml,
    priority: '01', // Unrecovered: as in the example.
    recording_started_at: null, // Nothing is recorded: evidence frames are kept for alerts alone.
    recording_ended_at: null,
  };
}

/** `exam`: as above, by the examples of the document's pages on exams. */
export function examOf(exam: Exam): ExamAnswer {
  return {
    id: numberOf(exam.name),
    institute_id: 1, // A key sees one organisation.
    name: exam.displayName,
    terms: orNull(exam.privacyPolicy),
    created_at: required(exam.createTime),
    updated_at: required(exam.updateTime),
    duration_minutes: Number(exam.duration?.seconds ?? 0n) / 60,
    clipboard: null,
    start_time: iso(exam.scheduleTime),
    mode: '01110000', // Unrecovered: as in the example.
    upload_answers: false,
    token: null, // A secret does not leave.
    user_id: null, // People have no numbers here.
    end_time: iso(exam.endTime),
    // Unrecovered: as in the example.
    restrictions:
      "[[false,['']],[false,['']],[false,['']],[false,['']],[false,['']],[false,['']],[true,['']]]",
    published: false, // As in the example.
    status: examStatus(exam.state),
    for_reviewing: true, // Alerts are always there to be reviewed.
    uploaded_exam_documents_file_name: null, // No documents.
    uploaded_exam_documents_content_type: null,
    uploaded_exam_documents_file_size: null,
    uploaded_exam_documents_updated_at: null,
    timezone: 0, // Times are told in UTC.
    use_duration: true, // An exam ends its duration after its start.
    global_proctoring: true,
    global_reviewing: true,
    exam_language: 'en-GB',
    web_cam: true,
    mobile_cam: false,
    screen_share: false,
    live_proctoring: false,
  };
}
