import { formatName } from '../../call/index.js';
import {
  type Enrolment as EnrolmentMessage,
  EnrolmentState as EnrolmentStateMessage,
} from '../../grpc/gen/probity/exams/v1/enrolment_service.js';
import type { Enrolment, EnrolmentState } from '../enrolment.js';
import { EXAM_STATES } from './exam.js';
import { examName, userName } from './names.js';
import { time } from './time.js';

const ENROLMENT_STATES: Record<EnrolmentState, EnrolmentStateMessage> = {
  ENROLLED: EnrolmentStateMessage.ENROLMENT_STATE_ENROLLED,
  ENTERING: EnrolmentStateMessage.ENROLMENT_STATE_ENTERING,
  LAPSED: EnrolmentStateMessage.ENROLMENT_STATE_LAPSED,
  JOINED: EnrolmentStateMessage.ENROLMENT_STATE_JOINED,
  LEFT: EnrolmentStateMessage.ENROLMENT_STATE_LEFT,
};

export function presentEnrolment(enrolment: Enrolment): EnrolmentMessage {
  return {
    name: formatName('enrolments/{enrolment}', { enrolment: String(enrolment.number) }),
    exam: examName({ number: enrolment.examNumber }),
    user: userName(enrolment.userId),
    email: enrolment.email,
    displayName: enrolment.displayName,
    externalId: enrolment.externalId,
    individualInfo: enrolment.individualInfo,
    individualInfoHtml: enrolment.individualInfoHtml,
    skipRequirements: enrolment.skipRequirements,
    openTime: time(enrolment.openAt),
    state: ENROLMENT_STATES[enrolment.state],
    createTime: new Date(enrolment.createdAt),
    updateTime: new Date(enrolment.updatedAt),
    joinTime: time(enrolment.joinedAt),
    leaveTime: time(enrolment.leftAt),
    examState: EXAM_STATES[enrolment.examState],
  };
}
