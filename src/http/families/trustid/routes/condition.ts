import { operation } from '../../../family.js';
import * as schemas from '../schemas.js';
import { RESOURCE } from '../words.js';
import { EXAM_FIELD, examName } from './fields.js';

export const updateExamCondition = operation({
  id: 'updateExamConditionCreate',
  method: 'POST',
  path: '/update_exam_condition',
  summary: 'Joins, leaves or starts an examination',
  tag: 'UpdateExamCondition',
  auth: 'token',
  body: schemas.ExamConditionUpdate,
  fields: EXAM_FIELD,
  status: 200,
  success: 'Success',
  answer: schemas.Response200_1,
  errors: [400, 401, 403, 404, 405, 415, 500],
  async run({ body }, { core, options: call }) {
    const exam = examName(body.exam_id);
    switch (body.condition) {
      case 'Start':
        await core.exams.startExam({ name: exam }, call);
        return { message: 'The examination was started.', resource_name: RESOURCE.examination };
      case 'Join':
        await core.proctoring.joinExam({ exam }, call);
        return { message: 'The student joined the examination.', resource_name: RESOURCE.examination };
      case 'Leave':
        await core.proctoring.leaveExam({ exam }, call);
        return { message: 'The student left the examination.', resource_name: RESOURCE.examination };
    }
  },
});
