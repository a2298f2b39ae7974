import { Remark as Message } from '../grpc/gen/probity/biometrics/v1/finding.js';
import type { Advice, InconclusiveReason } from './face/index.js';

/** Why a picture says nothing, what became of it, or what its person can do: for clients with words of their own. */
export type Remark =
  | InconclusiveReason
  | Advice
  | 'LOOKS_LIKE_A_SCREEN'
  | 'LIVENESS_NOT_ASSESSED'
  | 'ANOTHER_PERSON'
  | 'ENROLLED_ALREADY'
  | 'REFERENCE_FULL'
  | 'SEEN_BEFORE'
  | 'TAKE_ANOTHER'
  | 'TURN_FURTHER'
  | 'OPEN_EYES_AGAIN';

const MESSAGES: Record<Remark, Message> = {
  NO_FACE: Message.REMARK_NO_FACE,
  SEVERAL_FACES: Message.REMARK_SEVERAL_FACES,
  QUALITY_TOO_LOW: Message.REMARK_QUALITY_TOO_LOW,
  SCORE_BETWEEN_THRESHOLDS: Message.REMARK_SCORE_BETWEEN_THRESHOLDS,
  LOOKS_LIKE_A_SCREEN: Message.REMARK_LOOKS_LIKE_A_SCREEN,
  LIVENESS_NOT_ASSESSED: Message.REMARK_LIVENESS_NOT_ASSESSED,
  ANOTHER_PERSON: Message.REMARK_ANOTHER_PERSON,
  ENROLLED_ALREADY: Message.REMARK_ENROLLED_ALREADY,
  REFERENCE_FULL: Message.REMARK_REFERENCE_FULL,
  SHOW_FACE: Message.REMARK_SHOW_FACE,
  BE_ALONE: Message.REMARK_BE_ALONE,
  HOLD_STILL: Message.REMARK_HOLD_STILL,
  LESS_NOISE: Message.REMARK_LESS_NOISE,
  MORE_LIGHT: Message.REMARK_MORE_LIGHT,
  LESS_LIGHT: Message.REMARK_LESS_LIGHT,
  EVEN_LIGHT: Message.REMARK_EVEN_LIGHT,
  CLEAN_LENS: Message.REMARK_CLEAN_LENS,
  SOFT_LIGHT: Message.REMARK_SOFT_LIGHT,
  MOVE_CLOSER: Message.REMARK_MOVE_CLOSER,
  MOVE_BACK: Message.REMARK_MOVE_BACK,
  MOVE_TO_THE_MIDDLE: Message.REMARK_MOVE_TO_THE_MIDDLE,
  SHOW_WHOLE_FACE: Message.REMARK_SHOW_WHOLE_FACE,
  LOOK_STRAIGHT: Message.REMARK_LOOK_STRAIGHT,
  LEVEL_HEAD: Message.REMARK_LEVEL_HEAD,
  HOLD_UPRIGHT: Message.REMARK_HOLD_UPRIGHT,
  OPEN_EYES: Message.REMARK_OPEN_EYES,
  LOOK_STRAIGHT_IN_GOOD_LIGHT: Message.REMARK_LOOK_STRAIGHT_IN_GOOD_LIGHT,
  TAKE_ANOTHER: Message.REMARK_TAKE_ANOTHER,
  SEEN_BEFORE: Message.REMARK_SEEN_BEFORE,
  TURN_FURTHER: Message.REMARK_TURN_FURTHER,
  OPEN_EYES_AGAIN: Message.REMARK_OPEN_EYES_AGAIN,
};

/** Remarks as messages, each once. */
export function presentRemarks(remarks: readonly Remark[]): Message[] {
  return [...new Set(remarks)].map((remark) => MESSAGES[remark]);
}
