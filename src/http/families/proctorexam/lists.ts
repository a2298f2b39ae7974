import type { z } from 'zod';
import type { Call } from '../../family.js';
import { examOf, studentOf } from './answers.js';
import {
  conditionsOf,
  EXAM_FIELDS,
  examStatusIs,
  orderOf,
  STUDENT_FIELDS,
  studentStatusIs,
} from './filters.js';
import { pageOf, tellPage } from './paging.js';
import type * as schemas from './schemas.js';

export async function listExams(query: z.output<typeof schemas.ExamsQuery>, call: Call) {
  const page = pageOf(query);
  const ofStatus = query.status === undefined ? null : examStatusIs(query.status);
  const conditions = conditionsOf(query.filter, EXAM_FIELDS, examStatusIs);
  const { exams, totalSize } = await call.core.exams.searchExams(
    {
      conditions: ofStatus ? [ofStatus, ...conditions] : conditions,
      order: orderOf(query.sort, EXAM_FIELDS),
      pageSize: page.limit,
      skip: page.skip,
    },
    call.options,
  );
  tellPage(call, page, totalSize);
  return { exams: exams.map(examOf) };
}

/** @param exam resource name; empty for all that the key sees */
export async function listStudents(
  exam: string,
  query: z.output<typeof schemas.StudentSessionsQuery>,
  call: Call,
) {
  const page = pageOf(query);
  const { enrolments, totalSize } = await call.core.enrolments.searchEnrolments(
    {
      exam,
      conditions: conditionsOf(query.filter, STUDENT_FIELDS, studentStatusIs),
      order: orderOf(query.sort, STUDENT_FIELDS),
      pageSize: page.limit,
      skip: page.skip,
    },
    call.options,
  );
  tellPage(call, page, totalSize);
  return { students: enrolments.map(studentOf) };
}
