import type { z } from 'zod';
import { invalidFields } from '../../../call/index.js';
import { Enrolment } from '../../../grpc/gen/probity/exams/v1/enrolment_service.js';
import { Exam, ExamType } from '../../../grpc/gen/probity/exams/v1/exam_service.js';
import type { Call } from '../../family.js';
import { examOf, studentOf } from './answers.js';
import type * as schemas from './schemas.js';

const MINUTE_MS = 60_000;

export async function createExam(body: z.output<typeof schemas.CreateExam>, { core, options }: Call) {
  const given = examGiven(body);
  if (!given.duration) {
    throw invalidFields([{ field: 'duration_minutes', problem: 'missing', description: 'is required' }]);
  }
  // What this family does not say: its exams are written at the screen.
  const exam = Exam.fromPartial({ ...given, type: ExamType.EXAM_TYPE_WRITTEN });
  return { exam: examOf(await core.exams.createExam({ exam }, options)) };
}

/** PATCH and PUT alike: what is not given stays. */
export async function changeExam(
  id: string,
  body: z.output<typeof schemas.UpdateExam>,
  { core, options }: Call,
) {
  const given = examGiven(body);
  const name = `exams/${id}`;
  const updateMask = pathsOf(given);
  // An empty mask would mean everything.
  const exam =
    updateMask.length === 0
      ? await core.exams.getExam({ name }, options)
      : await core.exams.updateExam({ exam: Exam.fromPartial({ ...given, name }), updateMask }, options);
  return { exam: examOf(exam) };
}

export async function createStudent(
  exam: string,
  body: z.output<typeof schemas.CreateStudentSession>,
  { core, options }: Call,
) {
  const enrolment = Enrolment.fromPartial({ ...studentGiven(body), exam: `exams/${exam}` });
  return { student: studentOf(await core.enrolments.createEnrolment({ enrolment }, options)) };
}

/** PATCH and PUT alike: what is not given stays. */
export async function changeStudent(
  id: string,
  body: z.output<typeof schemas.UpdateStudentSession>,
  { core, options }: Call,
) {
  const given = studentGiven(body);
  const name = `enrolments/${id}`;
  const updateMask = pathsOf(given);
  const enrolment =
    updateMask.length === 0
      ? await core.enrolments.getEnrolment({ name }, options)
      : await core.enrolments.updateEnrolment(
          { enrolment: Enrolment.fromPartial({ ...given, name }), updateMask },
          options,
        );
  return { student: studentOf(enrolment) };
}

/** What a request says of an exam, by the core's names. */
function examGiven(body: z.output<typeof schemas.UpdateExam>) {
  const minutes = body.duration_minutes ?? minutesBetween(body.start_time, body.end_time);
  return given({
    displayName: body.name,
    scheduleTime: body.start_time,
    duration: minutes === undefined ? undefined : { seconds: BigInt(minutes) * 60n, nanos: 0 },
  });
}

/** For clients that give an end instead of a duration. @throws StatusError INVALID_FIELDS for an end without a start */
function minutesBetween(start: Date | undefined, end: Date | undefined): number | undefined {
  if (!end) return undefined;
  const minutes = start ? Math.ceil((end.getTime() - start.getTime()) / MINUTE_MS) : 0;
  if (minutes > 0) return minutes;
  throw invalidFields([
    { field: 'end_time', problem: 'bad_format', description: 'Must be after start_time.' },
  ]);
}

/** What a request says of a student, by the core's names. */
function studentGiven(body: z.output<typeof schemas.UpdateStudentSession>) {
  return given({
    email: body.email,
    displayName: body.name,
    externalId: body.external_id,
    individualInfo: body.individual_info,
    individualInfoHtml: body.is_individual_info_html,
    skipRequirements: body.skip_requirements,
    openTime: body.open_time,
  });
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function given<T extends object>(members: T): Given<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Given<T>;
}

/** `displayName` → `display_name`: the paths of an update mask. */
function pathsOf(members: object): string[] {
  return Object.keys(members).map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}
