import { formatName } from '../../call/index.js';
import {
  CheatMode as CheatModeMessage,
  type Feedback as FeedbackMessage,
} from '../../grpc/gen/probity/exams/v1/feedback_service.js';
import type { Exam } from '../exam.js';
import type { CheatMode, Feedback } from '../feedback-store.js';
import { userName } from './names.js';

const CHEAT_MODES: Record<CheatMode, CheatModeMessage> = {
  COMMUNICATION: CheatModeMessage.CHEAT_MODE_COMMUNICATION,
  IMPERSONATION: CheatModeMessage.CHEAT_MODE_IMPERSONATION,
};

export function presentFeedback(exam: Pick<Exam, 'number'>, feedback: Feedback): FeedbackMessage {
  return {
    name: formatName('exams/{exam}/feedback/{feedback}', {
      exam: String(exam.number),
      feedback: feedback.id,
    }),
    user: userName(feedback.userId),
    cheatMode: CHEAT_MODES[feedback.cheatMode],
    text: feedback.text,
    createTime: new Date(feedback.at),
  };
}
